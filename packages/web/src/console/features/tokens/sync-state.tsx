import { Group, Progress, Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { SyncRun } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Badge, type Tone } from '../../../shared/ui/badge.tsx'
import { Live } from '../../../shared/ui/live.tsx'

const tones: Record<SyncRun['state'], Tone> = {
  waiting: 'neutral',
  running: 'info',
  done: 'good',
  failed: 'bad',
}
const phases = ['connect', 'assets', 'users', 'licenses', 'compare', 'titles'] as const

/** How a sync stands, in a word. */
export function SyncBadge({ sync }: { readonly sync: SyncRun }) {
  const { t } = useTranslation()
  return <Badge tone={tones[sync.state]}>{t(`tokens.sync.states.${sync.state}`)}</Badge>
}

/** S1: how far a running sync is: its phase, and the pages of that phase. */
export function SyncProgress({ sync }: { readonly sync: SyncRun }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const phase = sync.phase === null ? t('tokens.sync.waiting') : t(`tokens.sync.phases.${sync.phase}`)
  return (
    <Stack gap={6}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={550}>
          {phase}
        </Text>
        <Text size="sm" c="dimmed" className="numbers">
          {sync.pagesTotal !== null &&
            t('tokens.sync.pages', { done: number(sync.pagesDone), total: number(sync.pagesTotal) })}
        </Text>
      </Group>
      <Progress value={shareDone(sync)} animated size="md" aria-label={t('tokens.sync.progress')} />
      <Text size="xs" c="dimmed" className="numbers">
        {t('tokens.sync.seen', {
          assets: number(sync.assetsSeen),
          users: number(sync.usersSeen),
          licenses: number(sync.licensesSeen),
        })}
      </Text>
      <Live>{phase}</Live>
    </Stack>
  )
}

/** The part that is done, in percent: finished phases whole, the present one by its pages. */
function shareDone({ phase, pagesDone, pagesTotal }: SyncRun): number {
  if (phase === null) return 0
  const within = pagesTotal === null || pagesTotal === 0 ? 0 : Math.min(pagesDone / pagesTotal, 1)
  return ((phases.indexOf(phase) + within) / phases.length) * 100
}
