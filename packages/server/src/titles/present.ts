/** Titles as the API shows them (C3). */
import type { z } from 'zod'
import { platformsInOrder } from '../catalog/platforms.ts'
import { iconAddress } from '../licenses/present.ts'
import type { TitleRow } from './read-titles.ts'
import type { title } from './schema.ts'

type Title = z.output<typeof title>

/** One title with its sums; `changedSince` says from when on a change is shown. */
export function presentTitle(row: TitleRow, changedSince: Date): Title {
  return {
    adamId: row.adam_id,
    name: row.name ?? row.adam_id,
    nameKnown: row.name !== null,
    kind: row.kind,
    publisher: row.publisher,
    bundleId: row.bundle_id,
    iconUrl: iconAddress(row),
    platforms: platformsInOrder(row.platforms),
    minimumOs: row.minimum_os,
    pools: row.pools,
    locations: row.locations,
    shortPools: row.short_pools,
    counts: countsOf(row),
    notices: noticesOf(row, changedSince),
  }
}

/** S7: where every pool is unlimited there is nothing to count down from. */
function countsOf(row: TitleRow): Title['counts'] {
  const noneLimited = row.unlimited_pools > 0 && row.unlimited_pools === row.pools
  return {
    unlimitedPools: row.unlimited_pools,
    total: noneLimited ? null : row.total,
    used: row.used,
    usedUnlimited: row.used_unlimited,
    available: noneLimited ? null : row.available,
    retired: row.retired,
    granting: row.granting,
    heldOutside: row.held_outside,
    waiting: row.waiting,
  }
}

function noticesOf(row: TitleRow, changedSince: Date): Title['notices'] {
  const isNew = row.changed_at !== null && row.changed_at >= changedSince
  const found = [
    ['not_licensed', row.not_licensed_pools],
    ['not_in_store', row.not_in_store_pools],
    ['not_device_assignable', row.not_device_assignable_pools],
    ['changed', isNew ? Math.max(1, row.pools) : 0],
  ] as const
  return found.flatMap(([code, pools]) => (pools === 0 ? [] : [{ code, pools }]))
}
