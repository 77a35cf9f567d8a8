import { Box, Container } from '@mantine/core'
import { IconMoodPuzzled } from '@tabler/icons-react'
import { useRouter } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Empty } from '../../../shared/ui/empty.tsx'
import { ButtonLink } from '../../../shared/ui/link.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'

/** Shown instead of a page that cannot be shown at all, for example while the server does not answer. */
export function PageFailure({ error }: { readonly error: unknown }) {
  const { t } = useTranslation()
  const router = useRouter()
  return (
    <Container size="xs" py="15dvh" component="main">
      <title>{`${t('problems.title')} · Apportion`}</title>
      <ProblemAlert error={error} onRetry={() => void router.invalidate()} />
    </Container>
  )
}

/** An address that leads nowhere. */
export function NotFoundPage() {
  const { t } = useTranslation()
  return (
    <Box component="main" py="10dvh">
      <title>{`${t('shell.not_found')} · Apportion`}</title>
      <Empty
        icon={<IconMoodPuzzled />}
        title={t('shell.not_found')}
        action={<ButtonLink to="/">{t('shell.to_overview')}</ButtonLink>}
      >
        {t('shell.not_found_hint')}
      </Empty>
    </Box>
  )
}
