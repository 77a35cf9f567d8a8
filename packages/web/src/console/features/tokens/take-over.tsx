import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { useTranslation } from 'react-i18next'
import type { Token } from '../../../shared/api/shapes.ts'
import { Ask } from '../../../shared/ui/ask.tsx'
import { useTakeOver } from './queries.ts'
import { useHolderName } from './token-state.tsx'

/** T4: takes a location over that another service manages or has let go, after asking. */
export function TakeOver({ token }: { readonly token: Token }) {
  const { t } = useTranslation()
  const holder = useHolderName()
  const [asking, ask] = useDisclosure(false)
  const takeOver = useTakeOver(token.id)
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={ask.open}>
        {t('token_care.take_over.button')}
      </Button>
      {asking && (
        <Ask
          title={t('token_care.take_over.title', { name: token.name })}
          verb={t('token_care.take_over.button')}
          pending={takeOver.isPending}
          error={takeOver.error}
          onConfirm={() =>
            takeOver.mutate(undefined, {
              onSuccess: () => {
                notifications.show({ message: t('token_care.take_over.done', { name: token.name }) })
                ask.close()
              },
            })
          }
          onClose={ask.close}
        >
          {token.managedBy?.letGo === true
            ? t('token_care.take_over.free')
            : t('token_care.take_over.text', { holder: holder(token) })}
        </Ask>
      )}
    </>
  )
}
