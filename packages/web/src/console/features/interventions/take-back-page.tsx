import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconArrowBackUp } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Intervention } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Badge } from '../../../shared/ui/badge.tsx'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { Page } from '../../../shared/ui/page.tsx'
import { ProblemAlert } from '../../../shared/ui/problem.tsx'
import { RowLink } from '../../../shared/ui/row-link.tsx'
import { type Column, Rows } from '../../../shared/ui/rows.tsx'
import { interventionsQuery, useBegin } from './queries.ts'
import { useScopeText } from './scope-text.ts'
import { stateTones } from './state-tones.ts'

/** L6, S5: the records of what was done by hand, and the way to take everything back. */
export function TakeBackPage() {
  const { t } = useTranslation()
  const columns = useColumns()
  const result = useInfiniteQuery(interventionsQuery)
  return (
    <Page title={t('interventions.title')} lead={t('interventions.lead')}>
      <Card flush>
        <Rows
          label={t('interventions.title')}
          columns={columns}
          result={result}
          rowKey={({ id }) => id}
          rowHeight={64}
          sketched={5}
          empty={
            <Empty icon={<IconArrowBackUp />} title={t('interventions.none')}>
              {t('interventions.none_hint')}
            </Empty>
          }
        />
      </Card>
      {/* Below the list, whose height is known only once it is read. */}
      {!result.isPending && <Everything />}
    </Page>
  )
}

/** Typed, so that nobody begins it by mistake; it still only leads to a preview. */
function Everything() {
  const { t } = useTranslation()
  const [typed, setTyped] = useState('')
  const begin = useBegin()
  const word = t('interventions.everything_word')
  return (
    <Card title={t('interventions.everything_title')}>
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          {t('interventions.everything_hint')}
        </Text>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            if (typed.trim() === word) begin.mutate({ kind: 'take_back', scope: { everything: true } })
          }}
        >
          <Group align="flex-end" gap="sm">
            <TextInput
              label={t('interventions.everything_type', { word })}
              value={typed}
              autoComplete="off"
              flex="1 1 14rem"
              maw="26rem"
              onChange={({ currentTarget }) => setTyped(currentTarget.value)}
            />
            <Button
              type="submit"
              variant="default"
              disabled={typed.trim() !== word}
              loading={begin.isPending}
            >
              {t('interventions.everything_go')}
            </Button>
          </Group>
        </form>
        {begin.isError && <ProblemAlert error={begin.error} />}
      </Stack>
    </Card>
  )
}

function useColumns(): readonly Column<Intervention>[] {
  const { t } = useTranslation()
  const { number, dateTime, relative } = useFormats()
  const scopeText = useScopeText()
  return [
    {
      key: 'what',
      header: t('interventions.columns.what'),
      cell: ({ id, kind, scope, appliedBy }) => (
        <>
          <RowLink to="/take-back/$id" params={{ id }}>
            {scopeText(scope)}
          </RowLink>
          <Text size="xs" c="dimmed" className="truncate">
            {[t(`interventions.verbs.${kind}`), appliedBy].filter((part) => part !== null).join(' · ')}
          </Text>
        </>
      ),
    },
    {
      key: 'state',
      header: t('interventions.columns.state'),
      width: '9rem',
      phoneWidth: '7rem',
      cell: ({ state }) => <Badge tone={stateTones[state]}>{t(`interventions.states.${state}`)}</Badge>,
    },
    {
      key: 'count',
      header: t('interventions.columns.count'),
      width: '8rem',
      align: 'end',
      from: 'xs',
      cell: ({ preview }) => number(preview.licenses),
    },
    {
      key: 'at',
      header: t('interventions.columns.at'),
      width: '11rem',
      from: 'md',
      cell: ({ appliedAt }) =>
        appliedAt === null ? '–' : <span title={dateTime(appliedAt)}>{relative(appliedAt)}</span>,
    },
  ]
}
