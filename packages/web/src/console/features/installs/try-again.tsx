import { Button, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconRefresh } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { problemText } from '../../../shared/ui/problem.tsx'
import { type AppOfDevice, useTryAgain } from './queries.ts'

interface TryAgainProps {
  readonly app: AppOfDevice
  readonly appName: string
}

/** Tries again now, whatever the next moment of the installation. */
export function TryAgain({ app, appName }: TryAgainProps) {
  const { t, i18n } = useTranslation()
  const tryAgain = useTryAgain()
  const press = () =>
    tryAgain.mutate(app, {
      onSuccess: () => notifications.show({ message: t('installs.tried', { app: appName }) }),
    })
  return (
    <div>
      <Button
        size="xs"
        loading={tryAgain.isPending}
        leftSection={<IconRefresh size={14} aria-hidden="true" />}
        aria-label={t('installs.try_again_of', { app: appName })}
        onClick={press}
      >
        {t('installs.try_again')}
      </Button>
      {tryAgain.isError && (
        <Text size="xs" c="red" role="alert" maw="16rem" mt={4}>
          {problemText(tryAgain.error, t, i18n.language)}
        </Text>
      )}
    </div>
  )
}
