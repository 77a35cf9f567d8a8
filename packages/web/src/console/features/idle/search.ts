/** What the page of idle licenses keeps in its address. */
import { type IdleReason, idleReasons } from '@apportion/core/licenses/idle'
import { choiceParam, idParam, textParam } from '../../../shared/search-params.ts'

export interface IdleSearch {
  readonly q?: string | undefined
  readonly reason?: IdleReason | undefined
  readonly assetId?: number | undefined
}

/** Reads it from an address; what is not understood is left out. */
export function idleSearch(search: Record<string, unknown>): IdleSearch {
  return {
    q: textParam(search.q),
    reason: choiceParam(search.reason, idleReasons),
    assetId: idParam(search.assetId),
  }
}
