/** Requests to Apple and their outcome (L4). */
import { unwrap } from '@apportion/api-client/client'
import { api } from '../../../shared/api/client.ts'
import { pagedQuery, setOnly } from '../../../shared/api/pages.ts'
import type { Operation } from '../../../shared/api/shapes.ts'

const whileOpen = 2_000
const whileResting = 15_000

export interface OperationsSearch {
  readonly tokenId?: number | undefined
  readonly assetId?: number | undefined
  readonly open?: boolean | undefined
}

/** Whether the outcome is still to come. */
function isOpen({ state }: Operation): boolean {
  return state === 'recorded' || state === 'sending' || state === 'sent' || state === 'unknown'
}

export function operationsQuery({ open, ...search }: OperationsSearch) {
  return {
    ...pagedQuery(['operations', { ...search, open }], async ({ cursor, signal }) =>
      unwrap(
        await api.GET('/api/v1/operations', {
          params: { query: setOnly({ ...search, open: open ? 'true' : undefined, cursor, limit: 50 }) },
          signal,
        }),
      ),
    ),
    refetchInterval: ({
      state,
    }: {
      state: { data?: { pages: readonly { items: readonly Operation[] }[] } | undefined }
    }) => (state.data?.pages.some(({ items }) => items.some(isOpen)) ? whileOpen : whileResting),
  }
}
