/** Tells limited and unlimited assets apart. */
import { type ResponseAsset, UNLIMITED_TOTAL, type UnlimitedAsset } from '@apportion/apple-wire/messages'

/** Whether the organization may give as many licenses of it as it wants, whichever way the asset was read. */
export function isUnlimited(asset: UnlimitedAsset | ResponseAsset): boolean {
  return !('totalCount' in asset) || asset.totalCount === UNLIMITED_TOTAL
}
