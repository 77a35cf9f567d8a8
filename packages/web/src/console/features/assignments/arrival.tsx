import { CloseButton, Group, Paper, Progress, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Plan } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Live } from '../../../shared/ui/live.tsx'
import { assetQuery } from '../apps/queries.ts'
import { arrivalProgress, plannedFor } from './arrival-progress.ts'

interface ArrivalProps {
  readonly assetId: number
  readonly plan: Plan
  readonly onClose: () => void
}

const followEvery = 1_000

/** Follows the licenses of one asset after a plan was saved, until Apple has confirmed the last one. */
export function Arrival({ assetId, plan, onClose }: ArrivalProps) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const planned = plannedFor(plan, assetId)
  const asset = useQuery({
    ...assetQuery(assetId),
    refetchInterval: ({ state }) =>
      state.data !== undefined && arrivalProgress(planned, state.data.counts).finished ? false : followEvery,
  })
  if (asset.data === undefined) return null
  const { done, total, finished } = arrivalProgress(planned, asset.data.counts)
  const text = finished
    ? t('assignments.arrived', { count: total, shown: number(total) })
    : t('assignments.arriving', { done: number(done), total: number(total) })
  return (
    <Paper
      p="md"
      mb="lg"
      style={{ border: '1px solid var(--app-line)', background: 'var(--app-card)' }}
      data-arrival={finished ? 'finished' : 'running'}
    >
      <Group justify="space-between" mb={8}>
        <Text size="sm" fw={550}>
          {text}
        </Text>
        <CloseButton size="sm" aria-label={t('common.close')} onClick={onClose} />
      </Group>
      <Progress
        value={total === 0 ? 100 : (done / total) * 100}
        animated={!finished}
        color={finished ? 'teal' : 'ink'}
        aria-label={t('assignments.arrival')}
      />
      <Live>{finished ? text : ''}</Live>
    </Paper>
  )
}
