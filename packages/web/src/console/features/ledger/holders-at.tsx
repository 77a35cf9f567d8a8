import { Text } from '@mantine/core'
import { IconUserOff } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { PastHolder } from '../../../shared/api/shapes.ts'
import { Empty } from '../../../shared/ui/empty.tsx'
import { type Column, Rows } from '../../../shared/ui/rows.tsx'
import { holdersAtQuery, type LedgerSearch } from './queries.ts'

interface HoldersAtProps {
  readonly at: string
  readonly search: Pick<LedgerSearch, 'assetId' | 'serialNumber'>
}

/** L13: who held a license at a moment. */
export function HoldersAt({ at, search }: HoldersAtProps) {
  const { t } = useTranslation()
  const columns = useColumns()
  const result = useInfiniteQuery(holdersAtQuery(at, search))
  return (
    <Rows
      label={t('ledger.at')}
      columns={columns}
      result={result}
      rowKey={({ asset, kind, id }) => `${asset.id} ${kind} ${id}`}
      rowHeight={60}
      sketched={6}
      empty={<Empty icon={<IconUserOff />} title={t('ledger.at_none')} />}
    />
  )
}

function useColumns(): readonly Column<PastHolder>[] {
  const { t } = useTranslation()
  return [
    {
      key: 'holder',
      header: t('ledger.columns.holder'),
      cell: ({ id, name }) => (
        <>
          <Text size="sm" fw={550} className="truncate">
            {id}
          </Text>
          <Text size="xs" c="dimmed" className="truncate">
            {name ?? t('holders.unknown')}
          </Text>
        </>
      ),
    },
    {
      key: 'app',
      header: t('ledger.columns.app'),
      cell: ({ asset, token }) => (
        <>
          <Text size="sm" className="truncate">
            {asset.name}
          </Text>
          <Text size="xs" c="dimmed" className="truncate">
            {token.name}
          </Text>
        </>
      ),
    },
  ]
}
