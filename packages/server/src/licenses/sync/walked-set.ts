/** A walk of Apple's assignments that stands in the table `walked`, and what it lacks of our licenses. */
import { type RawBuilder, sql } from 'kysely'

/** The walk: when it began, by the clock and by the ledger, and whether the set stayed as it was all the while. */
export interface WalkedSet {
  readonly at: Date
  readonly ledgerAt: number
  readonly complete: boolean
  /** The only asset that was walked; null: all. */
  readonly assetId: number | null
}

/** Licenses `l` of assets `a` that were held before the walk began and that the table `walked` does not have. */
export function missing(locationId: number, { at, assetId }: WalkedSet): RawBuilder<unknown> {
  const scope = assetId === null ? sql`` : sql`AND l.asset_id = ${assetId}`
  return sql`l.location_id = ${locationId} ${scope} AND a.id = l.asset_id AND l.state = 'held' AND l.since < ${at}
    AND NOT EXISTS (SELECT 1 FROM walked w WHERE w.adam_id = a.adam_id AND w.pricing_param = a.pricing_param
      AND w.holder_kind = l.holder_kind AND w.holder = l.holder)`
}
