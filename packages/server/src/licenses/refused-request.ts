/** What a request to Apple must fit into, and whom Apple names when it refuses one before starting anything. */
import type { ErrorInfo } from '@apportion/apple-wire/messages'
import type { Limits } from '@apportion/apps-books/service-config'
import type { AssetKey } from './asset-store.ts'
import type { OperationRow } from './operations.ts'

type Request = Pick<OperationRow, 'asset_ids' | 'holder_kind' | 'holders'>

/** Apple's numbers for too many assets, users or serial numbers in one request. */
export const tooLarge: readonly number[] = [9700, 9701, 9702]

/** Whether a request is within Apple's limits of now: they may have been higher when it was packed. */
export function fitsLimits(
  { asset_ids, holder_kind, holders }: Request,
  limits: Pick<Limits, 'maxAssets' | 'maxSerialNumbers' | 'maxClientUserIds'>,
): boolean {
  const maxHolders = holder_kind === 'device' ? limits.maxSerialNumbers : limits.maxClientUserIds
  return asset_ids.length <= limits.maxAssets && holders.length <= maxHolders
}

/** The pairs of a request that Apple names as the cause of its refusal; all of them when it names none. */
export function namedPairs(
  request: Request,
  info: ErrorInfo | undefined,
  keys: readonly AssetKey[],
): { readonly assetIds: readonly number[]; readonly holders: readonly string[] } {
  const isNamed = ({ adamId, pricingParam }: AssetKey) =>
    info?.assets?.some(
      (ref) => ref.adamId === adamId && (ref.pricingParam ?? pricingParam) === pricingParam,
    ) === true
  const names = new Set(request.holder_kind === 'device' ? info?.serialNumbers : info?.clientUserIds)
  const assetIds = keys.filter(isNamed).map((key) => key.id)
  const holders = request.holders.filter((holder) => names.has(holder))
  return {
    assetIds: assetIds.length === 0 ? request.asset_ids : assetIds,
    holders: holders.length === 0 ? request.holders : holders,
  }
}
