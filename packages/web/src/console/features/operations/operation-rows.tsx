import { Text } from '@mantine/core'
import { IconArrowsExchange } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Operation } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Badge, type Tone } from '../../../shared/ui/badge.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { type Column, Rows } from '../../../shared/ui/rows.tsx'
import { type OperationsSearch, operationsQuery } from './queries.ts'

const tones: Record<Operation['state'], Tone> = {
  recorded: 'neutral',
  sending: 'info',
  sent: 'info',
  unknown: 'warn',
  done: 'good',
  partly: 'warn',
  failed: 'bad',
}

/** Requests to Apple, newest first, followed while one of them is open. */
export function OperationRows({ search }: { readonly search: OperationsSearch }) {
  const { t } = useTranslation()
  const columns = useColumns()
  const result = useInfiniteQuery(operationsQuery(search))
  return (
    <Rows
      label={t('operations.title')}
      columns={columns}
      result={result}
      rowKey={({ id }) => id}
      rowHeight={64}
      sketched={5}
      empty={
        <Empty
          icon={<IconArrowsExchange />}
          title={t(search.open ? 'operations.none_open' : 'operations.none')}
        >
          {t('operations.none_hint')}
        </Empty>
      }
    />
  )
}

function useColumns(): readonly Column<Operation>[] {
  const { t } = useTranslation()
  const { number, dateTime, relative } = useFormats()
  return [
    {
      key: 'what',
      header: t('operations.columns.what'),
      cell: (operation) => (
        <>
          <Text size="sm" fw={550} className="truncate">
            {t(`operations.kinds.${operation.kind}`, {
              count: operation.holders,
              shown: number(operation.holders),
            })}
          </Text>
          <Text size="xs" c="dimmed" className="truncate">
            {operation.assets.map(({ name }) => name).join(', ')}
          </Text>
        </>
      ),
    },
    {
      key: 'state',
      header: t('operations.columns.state'),
      cell: ({ state, problem }) => (
        <>
          <Badge tone={tones[state]}>{t(`operations.states.${state}`)}</Badge>
          {problem !== null && (
            <Text size="xs" c="dimmed" className="truncate" title={problem.detail}>
              {problem.number !== null && `${problem.number}: `}
              {problem.detail}
            </Text>
          )}
        </>
      ),
    },
    {
      key: 'tasks',
      header: t('operations.columns.tasks'),
      width: '9rem',
      align: 'end',
      from: 'xs',
      cell: ({ completed, tasks }) =>
        t('operations.completed', { completed: number(completed), tasks: number(tasks) }),
    },
    {
      key: 'at',
      header: t('operations.columns.at'),
      width: '11rem',
      from: 'md',
      cell: ({ recordedAt }) => <span title={dateTime(recordedAt)}>{relative(recordedAt)}</span>,
    },
  ]
}
