/** The SQL of interventions: previews, and records that stay. */
import { type IdleReason, idleReasons } from '@apportion/core/licenses/idle'
import type { Intervention } from '@apportion/core/licenses/intervention'
import { type RawBuilder, sql } from 'kysely'
import { sumOfCounts } from '../licenses/intervention-items.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import type { AskedFor, Scope } from './scope.ts'

/** The scope with the names that its parts had when it was asked for. */
export interface NamedScope {
  readonly token: { readonly id: number; readonly name: string } | null
  readonly asset: { readonly id: number; readonly name: string } | null
  readonly holder: {
    readonly kind: 'device' | 'user'
    readonly id: string
    readonly name: string | null
  } | null
  readonly user: { readonly id: number; readonly name: string } | null
  /** Absent in records from before there was such a scope. */
  readonly idle?: readonly IdleReason[] | null
}

/** What a preview found, added up. */
export interface Preview {
  readonly licenses: number
  readonly withheld: number
  readonly waitingWithheld: number
  readonly comeBack: number
  readonly skipped: readonly { readonly reason: string; readonly count: number }[]
  readonly apps: number
  readonly locations: number
  readonly requests: number
  readonly toQueue: number
  /** Undoing: who waits in the queue again. Absent in older records. */
  readonly queued?: number
}

export interface InterventionRow {
  readonly id: string
  readonly kind: Intervention['kind'] | 'undo'
  /** The record that this undoes. */
  readonly undoes: string | null
  readonly location_id: number | null
  readonly asset_id: number | null
  readonly holder_kind: 'device' | 'user' | null
  readonly holder: string | null
  readonly user_id: number | null
  readonly idle_reasons: readonly string[] | null
  /** From when on a device counts as unseen, where the scope is what is idle. */
  readonly unseen_before: Date | null
  readonly scope: NamedScope
  readonly include_outside: boolean
  readonly required: 'leave' | 'withhold'
  readonly unassigned: 'leave' | 'take_back'
  readonly state: 'preview' | 'running' | 'done'
  readonly preview: Preview
  readonly fingerprint: string
  readonly created_at: Date
  readonly created_by: string
  readonly expires_at: Date
  readonly applied_at: Date | null
  readonly applied_by: string | null
  readonly finished_at: Date | null
}

/** A row with what is counted when it is read. */
export interface ShownIntervention extends InterventionRow {
  /** Licenses by outcome and reason, `taken` or `skipped held_outside`. */
  readonly counts: Readonly<Record<string, number>>
  readonly apps_total: number
  readonly apps_done: number
  /** Targets that it withholds still. */
  readonly withheld_now: number
  /** The last record that undoes it. */
  readonly undone_by: string | null
}

/** The scope of a row. */
export function scopeOf(row: InterventionRow): Scope {
  const holder =
    row.holder_kind === null || row.holder === null ? null : { kind: row.holder_kind, id: row.holder }
  const { unseen_before: unseenBefore } = row
  const reasons = idleReasons.filter((reason) => row.idle_reasons?.includes(reason) === true)
  const idle = unseenBefore === null ? null : { reasons, unseenBefore }
  return { locationId: row.location_id, assetId: row.asset_id, holder, userId: row.user_id, idle }
}

/** What a row asks for. */
export function askedBy(row: InterventionRow): AskedFor {
  const { kind, required, unassigned, undoes } = row
  if (kind === 'undo') {
    if (undoes === null) throw new Error(`The record ${row.id} undoes nothing`)
    return { kind, undoes }
  }
  if (kind === 'adopt') return { kind, unassigned }
  if (kind === 'free') return { kind, required }
  return { kind, required, includeOutside: row.include_outside }
}

/** Stores a preview, and forgets previews that expired long ago. */
export async function insertPreview(
  tx: Tx,
  row: Omit<InterventionRow, 'state' | 'applied_at' | 'applied_by' | 'finished_at'>,
): Promise<void> {
  const dayAgo = new Date(row.created_at.getTime() - 86_400_000)
  await sql`DELETE FROM interventions WHERE applied_at IS NULL AND expires_at < ${dayAgo}`.execute(tx)
  await sql`INSERT INTO interventions (id, kind, undoes, location_id, asset_id, holder_kind, holder, user_id,
      idle_reasons, unseen_before, scope, include_outside, required, unassigned, preview, fingerprint, created_at, created_by, expires_at)
    VALUES (${row.id}, ${row.kind}, ${row.undoes}::uuid, ${row.location_id}, ${row.asset_id}, ${row.holder_kind}::holder_kind, ${row.holder},
      ${row.user_id}, ${row.idle_reasons === null ? null : [...row.idle_reasons]}::text[],
      ${row.unseen_before}::timestamptz, ${JSON.stringify(row.scope)}::jsonb, ${row.include_outside}, ${row.required}, ${row.unassigned},
      ${JSON.stringify(row.preview)}::jsonb, ${row.fingerprint}, ${row.created_at}, ${row.created_by},
      ${row.expires_at})`.execute(tx)
}

/** An intervention, locked so that it is applied once. */
export async function lockIntervention(tx: Tx, id: string): Promise<InterventionRow | undefined> {
  const { rows } =
    await sql<InterventionRow>`SELECT * FROM interventions WHERE id = ${id} FOR UPDATE`.execute(tx)
  return rows[0]
}

/** It begins: these assets are worked off by the step of their locations. */
export async function markApplied(
  tx: Tx,
  applied: {
    readonly id: string
    readonly at: Date
    readonly by: string
    readonly assetIds: readonly number[]
  },
): Promise<void> {
  await sql`UPDATE interventions SET state = 'running', applied_at = ${applied.at}, applied_by = ${applied.by}
    WHERE id = ${applied.id}`.execute(tx)
  await sql`INSERT INTO intervention_assets (intervention_id, location_id, asset_id)
    SELECT ${applied.id}::uuid, a.location_id, a.id FROM assets a
    WHERE a.id = ANY(${[...applied.assetIds]}::int[]) ORDER BY a.id FOR KEY SHARE OF a`.execute(tx)
}

const shown = (condition: RawBuilder<unknown>) => sql<ShownIntervention>`
  SELECT v.*, coalesce(v.counts, ${sumOfCounts(sql`v.id`)}) AS counts,
    (SELECT count(*)::int FROM intervention_assets a WHERE a.intervention_id = v.id) AS apps_total,
    (SELECT count(*)::int FROM intervention_assets a WHERE a.intervention_id = v.id AND a.done_at IS NOT NULL) AS apps_done,
    (SELECT count(*)::int FROM targets t WHERE t.withheld_by = v.id) AS withheld_now,
    (SELECT u.id FROM interventions u WHERE u.undoes = v.id AND u.applied_at IS NOT NULL
      ORDER BY u.applied_at DESC LIMIT 1) AS undone_by
  FROM interventions v WHERE ${condition}`

/** One intervention, or its preview. */
export async function findIntervention(db: Db, id: string): Promise<ShownIntervention | undefined> {
  const { rows } = await shown(sql`v.id = ${id}`).execute(db)
  return rows[0]
}

/** Records, newest first: of one location, asset or holder, or all. */
export async function pageOfInterventions(
  db: Db,
  page: {
    readonly locationId: number | null
    readonly assetId: number | null
    readonly before: readonly [string, string] | null
    readonly limit: number
  },
): Promise<readonly ShownIntervention[]> {
  const [at, id] = page.before ?? [null, null]
  const about = (column: RawBuilder<unknown>, value: number | null) =>
    value === null
      ? sql`true`
      : sql`EXISTS (SELECT 1 FROM intervention_assets a WHERE a.intervention_id = v.id AND ${column} = ${value}::int)`
  const { rows } = await shown(sql`v.applied_at IS NOT NULL
      AND (${at}::timestamptz IS NULL OR (v.applied_at, v.id) < (${at}::timestamptz, ${id}::uuid))
      AND ${about(sql`a.location_id`, page.locationId)} AND ${about(sql`a.asset_id`, page.assetId)}
    ORDER BY v.applied_at DESC, v.id DESC LIMIT ${page.limit}`).execute(db)
  return rows
}
