/** Asking for what is available (1.6): only then it takes a license, in the place of the queue that the moment gives. */
import { sql } from 'kysely'
import { record } from '../audit/record.ts'
import type { Actor } from '../platform/auth/actor.ts'
import type { Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import { lookAgainAtAssets, lookAtDelivery, wakeLocation } from '../platform/outbox.ts'
import type { PlanPorts } from './apply.ts'
import { queueOrder } from './queue.ts'

/** Who asks for what, or takes that back. One of the names is null. */
export interface Ask {
  readonly assetId: number
  readonly serialNumber: string | null
  readonly userName: string | null
  readonly isTakenBack: boolean
}

/** How it stands with the license then. */
export interface AskOutcome {
  readonly state: 'held' | 'granting' | 'releasing' | 'waiting' | 'none'
  readonly place: number | null
}

/**
 * Asking twice changes nothing, and never takes a second license: the device or person stands in one row.
 *
 * @throws Refusal `asset.unknown`, `ask.not_available`, `request.invalid`
 */
export async function askFor(
  { db, clock }: Pick<PlanPorts, 'db' | 'clock'>,
  ask: Ask,
  actor: Actor,
): Promise<AskOutcome> {
  if ((ask.serialNumber === null) === (ask.userName === null)) {
    throw new Refusal('request.invalid', 'Name a device by body.serialNumber, or a person by body.userName.')
  }
  return await inTransaction(db, async (tx) => {
    const at = clock.now()
    const asset = await lockAsset(tx, ask.assetId)
    const target = await targetOf(tx, asset, ask)
    const changed = await note(tx, target, { ask, at })
    if (changed) {
      await lookAgainAtAssets(tx, [asset.id])
      await wakeLocation(tx, asset.location_id)
      const action = ask.isTakenBack ? 'asks.taken_back' : 'asks.made'
      const subject = { kind: 'asset', id: asset.id, name: asset.name }
      await record(tx, { actor, at, action, subject, details: { holder: target.name } })
    }
    return outcomeOf(tx, asset, target)
  })
}

interface AskedAsset {
  readonly id: number
  readonly location_id: number
  readonly name: string
}

async function lockAsset(tx: Tx, id: number): Promise<AskedAsset> {
  const { rows } = await sql<AskedAsset>`
    SELECT a.id, a.location_id, coalesce(t.name, a.adam_id) AS name FROM assets a JOIN locations l ON l.id = a.location_id
    LEFT JOIN titles t ON t.country = l.country AND t.adam_id = a.adam_id WHERE a.id = ${id} FOR UPDATE OF a`.execute(
    tx,
  )
  const [asset] = rows
  if (asset !== undefined) return asset
  throw new Refusal('asset.unknown', `There is no app or book with the id ${id}.`, { assetId: id })
}

interface AskedTarget {
  readonly device_id: number | null
  readonly user_id: number | null
  readonly holder: string
  readonly name: string
}

/** The row that takes the license: the device's, or the person's when it is a user license. */
async function targetOf(tx: Tx, asset: AskedAsset, ask: Ask): Promise<AskedTarget> {
  const ofAsset = sql`t.location_id = ${asset.location_id} AND t.asset_id = ${asset.id}
    AND (t.intent IN ('available', 'available_or_uninstall') OR t.offered)`
  const { rows } =
    ask.serialNumber === null
      ? await sql<AskedTarget>`SELECT t.device_id, t.user_id, u.client_user_id::text AS holder, u.user_name AS name
          FROM users u JOIN targets t ON t.user_id = u.id AND ${ofAsset} WHERE lower(u.user_name) = lower(${ask.userName})`.execute(
          tx,
        )
      : await sql<AskedTarget>`
          SELECT CASE WHEN t.license_type = 'device' THEN d.id END AS device_id,
            CASE WHEN t.license_type = 'user' THEN d.user_id END AS user_id,
            CASE WHEN t.license_type = 'device' THEN d.serial_number ELSE u.client_user_id::text END AS holder,
            d.serial_number AS name
          FROM devices d JOIN targets t ON t.device_id = d.id AND ${ofAsset} LEFT JOIN users u ON u.id = d.user_id
          WHERE d.serial_number = upper(${ask.serialNumber})`.execute(tx)
  const [target] = rows
  if (target !== undefined) return target
  const name = ask.serialNumber ?? ask.userName ?? ''
  throw new Refusal(
    'ask.not_available',
    `"${asset.name}" is not available for "${name}": no assignment offers it there. Assign it as available to a group of users first.`,
    { assetId: asset.id, name },
  )
}

async function note(
  tx: Tx,
  target: AskedTarget,
  { ask, at }: { readonly ask: Ask; readonly at: Date },
): Promise<boolean> {
  const change = ask.isTakenBack
    ? sql`asked_at = NULL, waits = t.waits AND t.intent = 'required'`
    : sql`asked_at = ${at}, entered_at = ${at}, withheld_by = NULL, withheld_at = NULL`
  const { rows } = await sql<{ n: number }>`WITH changed AS (UPDATE targets t SET ${change}
    WHERE t.asset_id = ${ask.assetId} AND t.location_id = (SELECT location_id FROM assets WHERE id = ${ask.assetId})
      AND t.intent IN ('available', 'available_or_uninstall')
      AND (t.device_id = ${target.device_id} OR t.user_id = ${target.user_id})
      AND (t.asked_at IS NULL) = ${!ask.isTakenBack} RETURNING t.location_id, t.asset_id, t.device_id, t.user_id
    ), delivery AS (${lookAtDelivery(sql`SELECT c.location_id, c.asset_id, d.id AS device_id FROM changed c
      JOIN devices d ON d.id = c.device_id OR d.user_id = c.user_id`)})
    SELECT count(*)::int AS n FROM changed`.execute(tx)
  return (rows[0]?.n ?? 0) > 0
}

async function outcomeOf(tx: Tx, asset: AskedAsset, target: AskedTarget): Promise<AskOutcome> {
  const kind = target.user_id === null ? 'device' : 'user'
  const { rows } = await sql<AskOutcome>`
    SELECT coalesce(l.state::text, CASE WHEN t.wants THEN 'waiting' ELSE 'none' END) AS state,
      CASE WHEN l.holder IS NULL AND t.wants THEN 1 + (SELECT count(*)::int FROM targets q
        WHERE q.location_id = t.location_id AND q.asset_id = t.asset_id AND q.waits
          AND (-q.priority, q.entered_at, coalesce(q.device_id, 2147483647), coalesce(q.user_id, 2147483647))
            < (-t.priority, t.entered_at, coalesce(t.device_id, 2147483647), coalesce(t.user_id, 2147483647))) END AS place
    FROM targets t LEFT JOIN licenses l ON l.location_id = t.location_id AND l.asset_id = t.asset_id
      AND l.holder_kind = ${kind}::holder_kind AND l.holder = ${target.holder}
    WHERE t.location_id = ${asset.location_id} AND t.asset_id = ${asset.id}
      AND (t.device_id = ${target.device_id} OR t.user_id = ${target.user_id})
    ORDER BY ${queueOrder} LIMIT 1`.execute(tx)
  return rows[0] ?? { state: 'none', place: null }
}
