import { Text } from '@mantine/core'
import { IconFileImport } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ImportResult } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import { Badge } from '../../../shared/ui/badge.tsx'
import { Card } from '../../../shared/ui/card.tsx'
import { Empty } from '../../../shared/ui/empty.tsx'
import { type Column, Rows } from '../../../shared/ui/rows.tsx'
import { importsQuery } from './queries.ts'

/** Past imports, newest first. */
export function ImportHistory() {
  const { t } = useTranslation()
  const columns = useColumns()
  const result = useInfiniteQuery(importsQuery())
  return (
    <Card title={t('imports.history')} flush>
      <Rows
        label={t('imports.history')}
        columns={columns}
        result={result}
        rowKey={({ id }) => id}
        rowHeight={60}
        sketched={3}
        empty={
          <Empty icon={<IconFileImport />} title={t('imports.none')}>
            {t('imports.none_hint')}
          </Empty>
        }
      />
    </Card>
  )
}

function useColumns(): readonly Column<ImportResult>[] {
  const { t } = useTranslation()
  const { number, dateTime, relative } = useFormats()
  return [
    {
      key: 'file',
      header: t('imports.file'),
      cell: ({ fileName, kind, actorName }) => (
        <>
          <Text size="sm" fw={550} className="truncate">
            {fileName ?? t(`imports.kinds.${kind}`)}
          </Text>
          <Text size="xs" c="dimmed" className="truncate">
            {t(`imports.kinds.${kind}`)} · {actorName}
          </Text>
        </>
      ),
    },
    {
      key: 'outcome',
      header: t('imports.outcome'),
      width: '11rem',
      cell: ({ kept, rejected }) => (
        <Badge tone={!kept ? 'bad' : rejected > 0 ? 'warn' : 'good'}>
          {t(
            !kept ? 'imports.states.refused' : rejected > 0 ? 'imports.states.partly' : 'imports.states.kept',
          )}
        </Badge>
      ),
    },
    {
      key: 'created',
      header: t('imports.created'),
      width: '8.75rem',
      align: 'end',
      from: 'md',
      cell: ({ created }) => number(created),
    },
    {
      key: 'updated',
      header: t('imports.updated'),
      width: '8.75rem',
      align: 'end',
      from: 'md',
      cell: ({ updated }) => number(updated),
    },
    {
      key: 'rejected',
      header: t('imports.rejected_count'),
      width: '8.75rem',
      align: 'end',
      from: 'xs',
      cell: ({ rejected }) => number(rejected),
    },
    {
      key: 'at',
      header: t('imports.at'),
      width: '9rem',
      from: 'md',
      cell: ({ at }) => <span title={dateTime(at)}>{relative(at)}</span>,
    },
  ]
}
