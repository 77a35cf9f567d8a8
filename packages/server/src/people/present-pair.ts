/** How two licenses of which one would do look outside. */
import { adviceOn, type DoubleSpendKind } from '@apportion/core/people/double-spend'
import type { z } from 'zod'
import type { PairRow } from './double-spend.ts'
import type * as contract from './schema.ts'

type Pair = z.output<(typeof contract.listDoubleSpend.response)[200]>['items'][number]

/** The pair with what to do about it. */
export function presentPair(kind: DoubleSpendKind, row: PairRow): Pair {
  const { adam_id: adamId, first, second, user_id: id, user_name: userName } = row
  return {
    kind,
    adamId,
    user: id === null || userName === null ? null : { id, userName },
    first: presentSide(first),
    second: presentSide(second),
    advice: adviceOn(kind, { first, second }),
  }
}

function presentSide(side: PairRow['first']): Pair['first'] {
  return {
    asset: { id: side.asset_id, name: side.asset_name },
    token: { id: side.location_id, name: side.location_name },
    holder: { kind: side.holder_kind, id: side.holder, deviceId: side.device_id, name: side.holder_name },
    ours: side.ours,
    wanted: side.wanted,
    since: new Date(side.since).toISOString(),
  }
}
