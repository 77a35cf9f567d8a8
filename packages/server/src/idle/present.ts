/** Idle licenses as the API shows them. */
import { type IdleReason, idleReasons } from '@apportion/core/licenses/idle'
import type { z } from 'zod'
import type { IdleCount, IdleRow, IdleSums } from './read-idle.ts'
import { idleReason, type summarizeIdleLicenses } from './schema.ts'

const texts: Readonly<Record<IdleReason, string>> = {
  serial_unknown: 'The directory has no device with this serial number.',
  user_unknown: 'Nobody in the directory has this user id.',
  user_left: 'The person has left.',
  device_unseen: 'The device was not seen for a long time.',
  not_assigned: 'No assignment requires it; a policy keeps it for a while.',
  outside_and_unknown: 'Another system or person gave it, and the directory does not have the holder.',
}

/** One idle license. */
export function presentIdle(row: IdleRow) {
  const reason = idleReason.parse(row.reason)
  return {
    asset: { id: row.asset_id, name: row.asset_name },
    token: { id: row.location_id, name: row.token_name },
    kind: row.holder_kind,
    id: row.holder,
    deviceId: row.device_id,
    name: row.holder_name,
    personName: row.person_name,
    reason,
    text: texts[reason],
    foundAt: row.found_at.toISOString(),
    ours: row.ours,
    since: row.since.toISOString(),
    lastSeenAt: row.last_seen_at?.toISOString() ?? null,
    keepUntil: row.keep_until?.toISOString() ?? null,
    required: row.required,
    revocable: row.revocable,
  }
}

type Summary = z.output<(typeof summarizeIdleLicenses)['response'][200]>

/** What was counted, with a line for every reason. */
export function presentSums(sums: IdleSums, unseenDays: number): Summary {
  const none = { licenses: 0, outside: 0, revocable: 0 }
  const total = sums.reasons.reduce(
    (sum, each) => ({
      licenses: sum.licenses + each.licenses,
      outside: sum.outside + each.outside,
      revocable: sum.revocable + each.revocable,
    }),
    none,
  )
  return {
    ...presentCount(total),
    reasons: idleReasons.map((reason) => ({
      reason,
      ...presentCount(sums.reasons.find((each) => each.reason === reason) ?? none),
    })),
    apps: sums.assets.map((row) => ({
      asset: { id: row.asset_id, name: row.asset_name },
      tokenName: row.token_name,
      ...presentCount(row),
    })),
    asOf: sums.as_of?.toISOString() ?? null,
    looking: sums.looking,
    unseenDays,
  }
}

const presentCount = ({ licenses, outside, revocable }: IdleCount) => ({
  licenses,
  outside,
  canComeBack: revocable,
})
