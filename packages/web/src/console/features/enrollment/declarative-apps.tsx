import { Skeleton, Stack, Switch, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Card } from '../../../shared/ui/card.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { declarativeAppsQuery, useDeclarativeApps } from './queries.ts'

/** D6: whether apps come by declaration where a device can do that; it holds for what begins from then on. */
export function DeclarativeApps() {
  const { t } = useTranslation()
  const query = useQuery(declarativeAppsQuery)
  const save = useDeclarativeApps()
  const change = (enabled: boolean) =>
    save.mutate(enabled, {
      onSuccess: () =>
        notifications.show({
          message: t(enabled ? 'enrollment.declared.is_on' : 'enrollment.declared.is_off'),
        }),
    })
  return (
    <Card title={t('enrollment.declared.title')}>
      {query.isPending && <Skeleton height={140} />}
      {query.isError && <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />}
      {query.data !== undefined && (
        <Stack gap="md" maw="44rem">
          <Switch
            label={t('enrollment.declared.switch')}
            description={t('enrollment.declared.switch_hint')}
            checked={save.isPending ? save.variables : query.data.enabled}
            disabled={save.isPending}
            onChange={({ currentTarget }) => change(currentTarget.checked)}
          />
          {save.isError && <ProblemAlert error={save.error} />}
          <Text size="sm">{t('enrollment.declared.which')}</Text>
          <Text size="sm">{t('enrollment.declared.from_then')}</Text>
        </Stack>
      )}
    </Card>
  )
}
