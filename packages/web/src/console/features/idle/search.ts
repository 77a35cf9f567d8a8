/** What the page of idle licenses keeps in its address. */
import type { IdleReason } from '../../../shared/api/shapes.ts'
import { choiceParam, idParam, textParam } from '../../../shared/search-params.ts'

/** In the order in which they are shown. */
export const reasons = [
  'serial_unknown',
  'user_unknown',
  'user_left',
  'device_unseen',
  'not_assigned',
  'outside_and_unknown',
] as const satisfies readonly IdleReason[]

export interface IdleSearch {
  readonly q?: string | undefined
  readonly reason?: IdleReason | undefined
  readonly assetId?: number | undefined
}

/** Reads it from an address; what is not understood is left out. */
export function idleSearch(search: Record<string, unknown>): IdleSearch {
  return {
    q: textParam(search.q),
    reason: choiceParam(search.reason, reasons),
    assetId: idParam(search.assetId),
  }
}
