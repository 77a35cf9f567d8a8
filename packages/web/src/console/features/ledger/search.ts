/** What the page of the ledger keeps in its address. */
import { choiceParam, idParam, textParam } from '../../../shared/search-params.ts'

export const changes = ['granted', 'released', 'refused', 'found', 'vanished', 'adopted'] as const

export interface LedgerAddress {
  readonly q?: string | undefined
  readonly change?: (typeof changes)[number] | undefined
  readonly tokenId?: number | undefined
  readonly userId?: number | undefined
}

/** Reads it from an address; what is not understood is left out. */
export function ledgerSearch(search: Record<string, unknown>): LedgerAddress {
  return {
    q: textParam(search.q),
    change: choiceParam(search.change, changes),
    tokenId: idParam(search.tokenId),
    userId: idParam(search.userId),
  }
}
