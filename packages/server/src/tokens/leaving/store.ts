/** The SQL of a content token that is being deleted (T6): what is on its way, what is to be released, and its end. */
import type { LeavingPhase, LicenseChoice } from '@apportion/core/tokens/leaving'
import { sql } from 'kysely'
import type { Db, Tx } from '../../platform/db/database.ts'
import type { LocationRow } from '../store.ts'

/** Counts of licenses and requests while a token is being deleted. */
export interface LeavingCounts {
  readonly releasable: number
  readonly releasing: number
  readonly granting: number
  /** Refused by Apple for long, and for a moment. */
  readonly refused: number
  readonly refused_soon: number
  readonly open_operations: number
  readonly sync_runs: boolean
  /** The next time that Apple is asked for one that it refused. */
  readonly asked_again_at: Date | null
}

/** A license that Apple refused to give back is asked for again; sooner than this, one waits for it. */
const soon = sql`interval '30 minutes'`

/** Counts for one location; none of them reads the licenses that are simply held. */
export async function leavingCounts(db: Db | Tx, id: number, now: Date): Promise<LeavingCounts> {
  const refused = sql`SELECT l.asset_id, l.release_after FROM licenses l JOIN assets a ON a.id = l.asset_id
    WHERE l.release_after IS NOT NULL AND l.location_id = ${id} AND l.state = 'held' AND a.revocable`
  const { rows } = await sql<LeavingCounts>`
    WITH refused AS (${refused}), moving AS (
      SELECT l.state, count(*)::int AS n FROM licenses l
      WHERE l.location_id = ${id} AND l.state <> 'held' GROUP BY l.state
    ), moved AS (
      SELECT coalesce(max(n) FILTER (WHERE state = 'releasing'), 0) AS releasing,
        coalesce(max(n) FILTER (WHERE state = 'granting'), 0) AS granting FROM moving
    ), irrevocable AS (
      SELECT count(*)::int AS n FROM licenses l JOIN assets a ON a.id = l.asset_id
      WHERE l.location_id = ${id} AND l.state = 'releasing' AND NOT a.revocable
    )
    SELECT greatest(0, (SELECT coalesce(sum(held - held_outside), 0)::int FROM assets
        WHERE location_id = ${id} AND revocable) - (moved.releasing - irrevocable.n)
        - (SELECT count(*)::int FROM refused)) AS releasable,
      moved.releasing, moved.granting,
      (SELECT count(*)::int FROM refused WHERE release_after > ${now}::timestamptz + ${soon}) AS refused,
      (SELECT count(*)::int FROM refused WHERE release_after <= ${now}::timestamptz + ${soon}) AS refused_soon,
      (SELECT min(release_after) FROM refused) AS asked_again_at,
      (SELECT count(*)::int FROM operations WHERE location_id = ${id} AND finished_at IS NULL) AS open_operations,
      EXISTS (SELECT 1 FROM sync_runs WHERE location_id = ${id} AND state = 'running') AS sync_runs
    FROM moved, irrevocable`.execute(db)
  const [counts] = rows
  if (counts === undefined) throw new Error('An aggregate gave no row')
  return counts
}

/** Begins a deletion, or changes what becomes of the licenses in one that has begun. */
export async function beginLeaving(
  tx: Tx,
  id: number,
  asked: { readonly at: Date; readonly by: string; readonly licenses: LicenseChoice; readonly count: number },
): Promise<void> {
  await sql`UPDATE locations SET leaving_since = coalesce(leaving_since, ${asked.at}), leaving_by = ${asked.by},
      leaving_licenses = ${asked.licenses}, leaving_phase = coalesce(leaving_phase, 'releasing'),
      leaving_count = coalesce(leaving_count, ${asked.count}), leaving_look_at = ${asked.at}
    WHERE id = ${id}`.execute(tx)
  if (asked.licenses === 'leave') await keepUnsent(tx, id, asked.at)
}

/** Calls a deletion off: what was not sent to Apple yet stays held. Gives how many licenses that are. */
export async function endLeaving(tx: Tx, id: number, at: Date): Promise<number> {
  await sql`UPDATE locations SET leaving_since = NULL, leaving_by = NULL, leaving_licenses = NULL, leaving_phase = NULL,
      leaving_count = NULL, leaving_look_at = NULL WHERE id = ${id}`.execute(tx)
  return keepUnsent(tx, id, at)
}

/** What was to come back and was not sent to Apple yet stays held. Gives how many licenses that are. */
async function keepUnsent(tx: Tx, id: number, at: Date): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    WITH unsent AS (
      SELECT id FROM operations WHERE location_id = ${id} AND kind = 'disassociate' AND state = 'recorded'
        AND finished_at IS NULL FOR UPDATE
    ), ended AS (
      UPDATE operations o SET state = 'failed', finished_at = ${at}, problem_detail = 'The licenses stay where they are.'
      FROM unsent u WHERE o.id = u.id
    )
    UPDATE licenses l SET state = 'held', operation_id = NULL, since = ${at}
    WHERE l.location_id = ${id} AND l.state = 'releasing'
      AND (l.operation_id IS NULL OR l.operation_id IN (SELECT id FROM unsent))`.execute(tx)
  return Number(numAffectedRows)
}

/** When the deletion is looked at next. */
export async function lookAtLeaving(db: Db | Tx, id: number, at: Date): Promise<void> {
  await sql`UPDATE locations SET leaving_look_at = ${at} WHERE id = ${id} AND leaving_since IS NOT NULL`.execute(
    db,
  )
}

/** A phase that a deletion enters. */
export interface Entering {
  readonly phase: LeavingPhase
  readonly at: Date
  /** What was to become of the licenses when this was decided. */
  readonly licenses: LicenseChoice
  /** What became of the claim at Apple. */
  readonly claim?: object
}

/** Enters the next phase; gives false when the deletion was called off, or the choice changed, meanwhile. */
export async function enterPhase(
  tx: Tx,
  id: number,
  { phase, at, claim, licenses }: Entering,
): Promise<boolean> {
  const json = claim === undefined ? null : JSON.stringify(claim)
  const { numAffectedRows = 0n } =
    await sql`UPDATE locations SET leaving_phase = ${phase}, leaving_look_at = ${at},
      leaving_claim = coalesce(${json}::jsonb, leaving_claim)
    WHERE id = ${id} AND leaving_since IS NOT NULL AND leaving_licenses = ${licenses}`.execute(tx)
  return numAffectedRows > 0n
}

/** Licenses changed in one transaction. */
const atOnce = 20_000

/** Undoes grants that were not sent. Gives how many; call it again until that is none. */
export async function withdrawGrants(tx: Tx, id: number, at: Date): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    WITH unsent AS (
      SELECT o.id FROM operations o WHERE o.location_id = ${id} AND o.kind = 'associate' AND o.state = 'recorded'
        AND o.finished_at IS NULL ORDER BY o.recorded_at LIMIT 20 FOR UPDATE
    ), ended AS (
      UPDATE operations o SET state = 'failed', finished_at = ${at}, problem_detail = 'The content token is being deleted.'
      FROM unsent u WHERE o.id = u.id
    ), undone AS (
      DELETE FROM licenses l WHERE l.location_id = ${id} AND l.state = 'granting' AND (l.operation_id IN (SELECT id FROM unsent)
        OR l.ctid = ANY(ARRAY(SELECT ctid FROM licenses WHERE location_id = ${id} AND state = 'granting'
          AND operation_id IS NULL LIMIT ${atOnce}))) RETURNING l.asset_id
    ), counted AS (SELECT asset_id, count(*)::int AS n FROM undone GROUP BY asset_id
    ), moved AS (UPDATE assets a SET reserved = reserved - c.n FROM counted c WHERE a.id = c.asset_id)
    SELECT ((SELECT count(*) FROM undone) + (SELECT count(*) FROM unsent))::int AS n`.execute(tx)
  return rows[0]?.n ?? 0
}

/** The assets of which licenses of ours can come back. */
export async function assetsToRelease(db: Db, id: number): Promise<readonly number[]> {
  const { rows } = await sql<{ id: number }>`SELECT id FROM assets
    WHERE location_id = ${id} AND revocable AND held > held_outside ORDER BY id`.execute(db)
  return rows.map((row) => row.id)
}

/** Marks held licenses of ours as coming back (invariant 4). Gives how many; call it again until that is none. */
export async function reserveReleases(
  tx: Tx,
  { id, assetId, at }: { readonly id: number; readonly assetId: number; readonly at: Date },
): Promise<number> {
  // The deletion may have been called off, or the choice changed, since this turn began.
  const { rows } = await sql`SELECT FROM locations WHERE id = ${id} AND leaving_phase = 'releasing'
    AND leaving_licenses = 'release' FOR KEY SHARE`.execute(tx)
  if (rows.length === 0) return 0
  const { numAffectedRows = 0n } = await sql`
    UPDATE licenses l SET state = 'releasing', operation_id = NULL, since = ${at}
    WHERE l.ctid = ANY(ARRAY(SELECT ctid FROM licenses WHERE location_id = ${id} AND asset_id = ${assetId}
        AND state = 'held' AND ours AND release_after IS NULL LIMIT ${atOnce}))
      AND l.state = 'held' AND l.ours`.execute(tx)
  return Number(numAffectedRows)
}

/**
 * What is deleted, in this order, with the rows of one transaction. Operations carry up to a thousand names each, assets
 * take their assignments and plans with them.
 */
const parts = [
  { table: 'webhooks', key: 'uid', limit: atOnce },
  { table: 'notifications', key: 'uid', limit: 2000 },
  { table: 'outbox', key: 'location_id', limit: atOnce },
  { table: 'licenses', key: 'location_id', limit: atOnce },
  { table: 'given_up_grants', key: 'location_id', limit: atOnce },
  { table: 'targets', key: 'location_id', limit: atOnce },
  { table: 'delivery_looks', key: 'location_id', limit: atOnce },
  { table: 'installs', key: 'location_id', limit: atOnce },
  { table: 'idle_licenses', key: 'location_id', limit: atOnce },
  { table: 'operations', key: 'location_id', limit: 500 },
  { table: 'registrations', key: 'location_id', limit: atOnce },
  { table: 'user_operations', key: 'location_id', limit: 500 },
  { table: 'device_invitations', key: 'location_id', limit: atOnce },
  { table: 'apple_users', key: 'location_id', limit: atOnce },
  { table: 'assets', key: 'location_id', limit: 100 },
] as const

/** Deletes some rows of a location. Gives whether there may be more. */
export async function deleteSome(tx: Tx, location: LocationRow): Promise<boolean> {
  await sql`INSERT INTO former_assets (location_id, asset_id, adam_id, pricing_param)
    SELECT location_id, id, adam_id, pricing_param FROM assets WHERE location_id = ${location.id}
    ON CONFLICT DO NOTHING`.execute(tx)
  if (await endItems(tx, location.id)) return true
  for (const { table, key, limit } of parts) {
    const [rows, column] = [sql.table(table), sql.ref(key)]
    const value = key === 'uid' ? location.uid : location.id
    const { numAffectedRows = 0n } = await sql`DELETE FROM ${rows} WHERE ${column} = ${value}
      AND ctid = ANY(ARRAY(SELECT ctid FROM ${rows} WHERE ${column} = ${value} LIMIT ${limit}))`.execute(tx)
    if (numAffectedRows > 0n) return true
  }
  return false
}

/** What was asked back or given by hand and is still open will not be answered any more. Gives whether there may be more. */
async function endItems(tx: Tx, id: number): Promise<boolean> {
  const { numAffectedRows = 0n } =
    await sql`UPDATE intervention_items SET outcome = 'skipped', reason = 'token_deleted',
      error_number = NULL, detail = NULL, settled_at = now()
    WHERE location_id = ${id} AND outcome IN ('asked', 'giving') AND ctid = ANY(ARRAY(SELECT ctid FROM intervention_items
      WHERE location_id = ${id} AND outcome IN ('asked', 'giving') LIMIT ${atOnce}))`.execute(tx)
  return numAffectedRows > 0n
}

/** Records that waited for this location alone are complete. */
async function endInterventions(tx: Tx, id: number, at: Date): Promise<void> {
  await sql`UPDATE intervention_assets a SET done_at = coalesce(a.done_at, ${at}), counts = (
      SELECT coalesce(jsonb_object_agg(concat_ws(' ', g.outcome, g.reason), g.n), '{}') FROM (
        SELECT i.outcome, i.reason, count(*)::int AS n FROM intervention_items i
        WHERE i.intervention_id = a.intervention_id AND i.asset_id = a.asset_id GROUP BY i.outcome, i.reason) AS g)
    FROM interventions v WHERE v.id = a.intervention_id AND v.state = 'running' AND a.location_id = ${id}`.execute(
    tx,
  )
  // Of two locations that end at the same time the second sees what the first wrote.
  await sql`SELECT FROM interventions v WHERE v.state = 'running' AND EXISTS (SELECT FROM intervention_assets a
    WHERE a.intervention_id = v.id AND a.location_id = ${id}) ORDER BY v.id FOR UPDATE`.execute(tx)
  await sql`UPDATE interventions v SET state = 'done', finished_at = ${at}, counts = (
      SELECT coalesce(jsonb_object_agg(s.key, s.n), '{}') FROM (
        SELECT c.key, sum(c.value::int)::int AS n FROM intervention_assets a
        CROSS JOIN LATERAL jsonb_each_text(a.counts) AS c WHERE a.intervention_id = v.id GROUP BY c.key) AS s)
    WHERE v.state = 'running'
      AND EXISTS (SELECT FROM intervention_assets a WHERE a.intervention_id = v.id AND a.location_id = ${id})
      AND NOT EXISTS (SELECT FROM intervention_assets a WHERE a.intervention_id = v.id AND (a.done_at IS NULL
        OR EXISTS (SELECT FROM jsonb_object_keys(a.counts) AS k(key) WHERE split_part(k.key, ' ', 1) = 'asked')))`.execute(
    tx,
  )
}

/** Forgets the location itself; its lines of the ledger and of the audit log stay. */
export async function deleteLocation(
  tx: Tx,
  location: LocationRow,
  { at, by, claim }: { readonly at: Date; readonly by: string; readonly claim: object },
): Promise<void> {
  await sql`INSERT INTO former_locations (id, uid, name, organization_name, country, added_at, deleted_at, deleted_by, claim)
    VALUES (${location.id}, ${location.uid}, ${location.name}, ${location.organization_name}, ${location.country},
      ${location.created_at}, ${at}, ${by}, ${JSON.stringify(claim)}::jsonb)`.execute(tx)
  await endInterventions(tx, location.id, at)
  // A sweep that began before is waited for, and what it still wrote goes too.
  await sql`SELECT FROM leases WHERE location_id = ${location.id} FOR UPDATE`.execute(tx)
  for (const table of ['licenses', 'given_up_grants'])
    await sql`DELETE FROM ${sql.table(table)} WHERE location_id = ${location.id}`.execute(tx)
  await sql`DELETE FROM locations WHERE id = ${location.id}`.execute(tx)
}
