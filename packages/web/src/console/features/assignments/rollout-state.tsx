import { Button, Group, Progress, Text } from '@mantine/core'
import { IconPlayerPauseFilled, IconPlayerPlayFilled } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Assignment } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Badge } from '../../../shared/ui/badge.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import styles from './assignments.module.css'
import { useChangeRollout } from './queries.ts'

/** A6: how far a saved staged rollout is, when it goes on, or why it stopped; nothing where there is none. */
export function RolloutState({ assignment }: { readonly assignment: Assignment }) {
  const { t } = useTranslation()
  const { percent: percentText } = useFormats()
  const change = useChangeRollout(assignment.id)
  const { rollout } = assignment
  if (rollout === null) return null
  const isStopped = rollout.stoppedAt !== null
  const share = t('rollout.in_force', { percent: percentText(rollout.percent / 100) })
  const Icon = isStopped ? IconPlayerPlayFilled : IconPlayerPauseFilled
  return (
    <div className={styles.rollout} data-rollout={isStopped ? 'stopped' : 'running'}>
      <Group gap="sm">
        <Progress
          value={rollout.percent}
          color={isStopped ? 'yellow' : 'teal'}
          w="8rem"
          aria-label={t('rollout.share_of', { group: assignment.group.name })}
        />
        <Text size="sm" span>
          {share}
        </Text>
        {isStopped && <Badge tone="warn">{t('rollout.stopped')}</Badge>}
        <Text size="sm" c="dimmed" span>
          <WhatComes rollout={rollout} />
        </Text>
        {(isStopped || rollout.nextAt !== null) && (
          <Button
            size="compact-sm"
            variant="default"
            loading={change.isPending}
            leftSection={<Icon size={12} aria-hidden="true" />}
            onClick={() => change.mutate(isStopped ? 'go_on' : 'stop')}
          >
            {t(isStopped ? 'rollout.go_on' : 'rollout.stop')}
          </Button>
        )}
      </Group>
      {change.isError && <ProblemAlert error={change.error} />}
    </div>
  )
}

/** The next wave, that none comes any more, or since when and why it is stopped. */
function WhatComes({ rollout }: { readonly rollout: NonNullable<Assignment['rollout']> }) {
  const { t } = useTranslation()
  const { percent, dateTime } = useFormats()
  const stopText = useStopText()
  const { nextAt, stoppedAt, stoppedCode } = rollout
  if (stoppedAt !== null) {
    return t('rollout.stopped_why', { at: dateTime(stoppedAt), why: stopText(stoppedCode) })
  }
  if (nextAt === null) return t('rollout.last')
  const next = rollout.waves.find(({ at }) => at === nextAt)
  return t('rollout.next', { percent: percent((next?.percent ?? 100) / 100), at: dateTime(nextAt) })
}

type Stop = NonNullable<Assignment['rollout']>['stoppedCode']

/** Why it stopped, in the administrator's language. */
function useStopText() {
  const { t } = useTranslation()
  const { number, percent } = useFormats()
  return (stop: Stop) => {
    if (stop === null) return ''
    if (stop.code === 'other') return stop.text
    if (stop.code === 'by_hand') return t('rollout.by_hand', { by: stop.by })
    const { failed, tried } = stop
    return t('rollout.failures', {
      failed: number(failed),
      tried: number(tried),
      percent: percent(stop.percent / 100),
    })
  }
}
