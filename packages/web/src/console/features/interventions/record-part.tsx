import { Button, Group, Progress, Stack, Table, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import type { Intervention } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Ask } from '../../../shared/ui/ask.tsx'
import { Badge } from '../../../shared/ui/badge.tsx'
import { Card } from '../../../shared/ui/card.tsx'
import { Live } from '../../../shared/ui/live.tsx'
import { Notice } from '../../../shared/ui/notice.tsx'
import { outcomeTones } from './intervention-licenses.tsx'
import { useGiveAgain } from './queries.ts'
import { UndoPart } from './undo-part.tsx'

/** L6: the record that stays: who, when, what became of each license, followed while it is under way. */
export function RecordPart({ record }: { readonly record: Intervention }) {
  const { t } = useTranslation()
  const { dateTime, number } = useFormats()
  const [asking, ask] = useDisclosure(false)
  const { appliedAt, appliedBy, finishedAt, withheldNow } = record
  const by = appliedBy ?? t('interventions.somebody')
  return (
    <Card title={t('interventions.record')}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {appliedAt !== null && t('interventions.begun', { by, at: dateTime(appliedAt) })}
          {finishedAt !== null && ` · ${t('interventions.finished', { at: dateTime(finishedAt) })}`}
        </Text>
        <HowFar record={record} />
        <Counts record={record} />
        {withheldNow > 0 && (
          <Notice tone="info">
            <Group justify="space-between" gap="sm">
              <span>
                {t('interventions.withheld_now', { count: withheldNow, shown: number(withheldNow) })}
              </span>
              <Button size="xs" variant="default" onClick={ask.open}>
                {t('interventions.give_again')}
              </Button>
            </Group>
          </Notice>
        )}
        <UndoPart record={record} />
      </Stack>
      {asking && <GiveAgain record={record} onClose={ask.close} />}
    </Card>
  )
}

function HowFar({ record }: { readonly record: Intervention }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const { state, counts, appsDone, appsTotal, preview } = record
  const sum = (fits: (outcome: string) => boolean) =>
    counts.reduce((total, { outcome, count }) => total + (fits(outcome) ? count : 0), 0)
  const done = sum((outcome) =>
    ['taken', 'refused', 'kept', 'adopted', 'given', 'not_given'].includes(outcome),
  )
  const total = Math.max(preview.licenses, done)
  const text = t('interventions.progress', { done: number(done), total: number(total) })
  const isDone = state === 'done'
  return (
    <div data-progress={state}>
      <Group justify="space-between" mb={6}>
        <Text size="sm" fw={550}>
          {text}
        </Text>
        {appsTotal > 1 && !isDone && (
          <Text size="sm" c="dimmed">
            {t('interventions.apps_progress', { done: number(appsDone), total: number(appsTotal) })}
          </Text>
        )}
      </Group>
      <Progress
        value={total === 0 || isDone ? 100 : (done / total) * 100}
        animated={!isDone}
        color={isDone ? 'teal' : 'ink'}
        aria-label={t('interventions.record')}
      />
      <Live>{isDone ? text : ''}</Live>
    </div>
  )
}

function Counts({ record }: { readonly record: Intervention }) {
  const { t } = useTranslation()
  const { number } = useFormats()
  if (record.counts.length === 0) return null
  return (
    <Table verticalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{t('interventions.columns.outcome')}</Table.Th>
          <Table.Th scope="col">{t('interventions.columns.why')}</Table.Th>
          <Table.Th scope="col" ta="end">
            {t('interventions.columns.count')}
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {record.counts.map(({ outcome, reason, count }) => (
          <Table.Tr key={`${outcome} ${reason}`} data-outcome={outcome}>
            <Table.Td>
              <Badge tone={outcomeTones[outcome]}>{t(`interventions.outcomes.${outcome}`)}</Badge>
            </Table.Td>
            <Table.Td>{reason === null ? '' : t(`interventions.reasons.${reason}`)}</Table.Td>
            <Table.Td ta="end" className="numbers">
              {number(count)}
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

interface GiveAgainProps {
  readonly record: Intervention
  readonly onClose: () => void
}

function GiveAgain({ record, onClose }: GiveAgainProps) {
  const { t } = useTranslation()
  const { number } = useFormats()
  const again = useGiveAgain()
  const give = () => again.mutate({ interventionId: record.id }, { onSuccess: onClose })
  return (
    <Ask
      title={t('interventions.give_again_title')}
      verb={t('interventions.give_again')}
      pending={again.isPending}
      error={again.error}
      onConfirm={give}
      onClose={onClose}
    >
      {t('interventions.give_again_text', { count: record.withheldNow, shown: number(record.withheldNow) })}
    </Ask>
  )
}
