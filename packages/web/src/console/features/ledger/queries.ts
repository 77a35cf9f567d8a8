/** The ledger (L13): every change of a license, and who held what at a moment. */
import { unwrap } from '@apportion/api-client/client'
import { api } from '../../../shared/api/client.ts'
import { pagedQuery, setOnly } from '../../../shared/api/pages.ts'
import type { LedgerLine } from '../../../shared/api/shapes.ts'

/** What is undefined does not narrow. */
export interface LedgerSearch {
  readonly assetId?: number | undefined
  readonly tokenId?: number | undefined
  readonly serialNumber?: string | undefined
  readonly userId?: number | undefined
  readonly interventionId?: string | undefined
  readonly change?: LedgerLine['change'] | undefined
}

/** Lines, newest first. */
export function ledgerQuery(search: LedgerSearch) {
  return pagedQuery(['ledger', search], async ({ cursor, signal }) =>
    unwrap(
      await api.GET('/api/v1/ledger', {
        params: { query: setOnly({ ...search, cursor, limit: 100 }) },
        signal,
      }),
    ),
  )
}

/** Who held a license at a moment. */
export function holdersAtQuery(at: string, search: Pick<LedgerSearch, 'assetId' | 'serialNumber'>) {
  return pagedQuery(['ledger', 'holders', at, search], async ({ cursor, signal }) =>
    unwrap(
      await api.GET('/api/v1/ledger/holders', {
        params: { query: { at, ...setOnly({ ...search, cursor, limit: 100 }) } },
        signal,
      }),
    ),
  )
}

/** Where the same lines can be had as CSV. */
export function ledgerCsvAddress(search: LedgerSearch): string {
  const query = Object.entries(setOnly(search)).map(([name, value]) => [name, String(value)])
  return `/api/v1/ledger.csv?${new URLSearchParams(query)}`
}
