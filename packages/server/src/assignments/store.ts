/** The SQL of assignments and plans. */
import { sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'

/** One assignment as it is wanted. `intent` is null for an exclusion. */
export interface WantedAssignment {
  readonly groupId: number
  readonly mode: 'include' | 'exclude'
  readonly intent: 'required' | 'uninstall' | null
}

export interface AssignmentRow {
  readonly id: number
  readonly asset_id: number
  readonly asset_name: string
  readonly token_name: string
  readonly group_id: number
  readonly group_name: string
  readonly group_kind: 'device' | 'user'
  readonly mode: 'include' | 'exclude'
  readonly intent: 'required' | 'uninstall' | null
  readonly license_type: 'device'
  readonly created_at: Date
  readonly created_by: string
}

/** Some assignments by id, of one asset, one group, or all. */
export async function pageOfAssignments(
  db: Db | Tx,
  page: {
    readonly assetId: number | null
    readonly groupId: number | null
    readonly id?: number
    readonly after: number
    readonly limit: number
  },
): Promise<readonly AssignmentRow[]> {
  const { rows } = await sql<AssignmentRow>`
    SELECT s.id, s.asset_id, coalesce(t.name, a.adam_id) AS asset_name, l.name AS token_name, s.group_id,
      g.name AS group_name, g.kind AS group_kind, s.mode, s.intent, s.license_type, s.created_at, s.created_by
    FROM assignments s JOIN assets a ON a.id = s.asset_id JOIN locations l ON l.id = a.location_id
    JOIN groups g ON g.id = s.group_id LEFT JOIN titles t ON t.country = l.country AND t.adam_id = a.adam_id
    WHERE s.id > ${page.after} AND (${page.assetId}::int IS NULL OR s.asset_id = ${page.assetId})
      AND (${page.groupId}::int IS NULL OR s.group_id = ${page.groupId})
      AND (${page.id ?? null}::int IS NULL OR s.id = ${page.id ?? null})
    ORDER BY s.id LIMIT ${page.limit}`.execute(db)
  return rows
}

/** The assignments of an asset become exactly these; who stays as it was keeps its id. */
export async function replaceAssignments(
  tx: Tx,
  change: {
    readonly assetId: number
    readonly wanted: readonly WantedAssignment[]
    readonly at: Date
    readonly by: string
  },
): Promise<void> {
  const { assetId, wanted } = change
  const groups = wanted.map((each) => each.groupId)
  await sql`DELETE FROM assignments WHERE asset_id = ${assetId} AND group_id <> ALL(${groups}::int[])`.execute(
    tx,
  )
  await sql`INSERT INTO assignments AS s (asset_id, group_id, mode, intent, created_at, created_by)
    SELECT ${assetId}::int, w.group_id, w.mode, w.intent, ${change.at}::timestamptz, ${change.by}
    FROM unnest(${groups}::int[], ${wanted.map((each) => each.mode)}::text[],
      ${wanted.map((each) => each.intent)}::text[]) AS w(group_id, mode, intent)
    ON CONFLICT (asset_id, group_id) DO UPDATE SET mode = excluded.mode, intent = excluded.intent,
      created_at = excluded.created_at, created_by = excluded.created_by
    WHERE (s.mode, s.intent) IS DISTINCT FROM (excluded.mode, excluded.intent)`.execute(tx)
}

export interface PlanRow {
  readonly id: string
  readonly asset_id: number
  readonly wanted: readonly WantedAssignment[]
  readonly outcome: unknown
  readonly fingerprint: string
  readonly created_at: Date
  readonly expires_at: Date
  readonly applied_at: Date | null
}

/** Stores a plan. */
export async function insertPlan(
  tx: Tx,
  plan: Omit<PlanRow, 'applied_at'> & { readonly by: string },
): Promise<void> {
  await sql`INSERT INTO plans (id, asset_id, wanted, outcome, fingerprint, created_at, created_by, expires_at)
    VALUES (${plan.id}, ${plan.asset_id}, ${JSON.stringify(plan.wanted)}::jsonb, ${JSON.stringify(plan.outcome)}::jsonb,
      ${plan.fingerprint}, ${plan.created_at}, ${plan.by}, ${plan.expires_at})`.execute(tx)
}

/** A plan, locked so that it is applied once. */
export async function lockPlan(tx: Tx, id: string): Promise<PlanRow | undefined> {
  const { rows } =
    await sql<PlanRow>`SELECT id, asset_id, wanted, outcome, fingerprint, created_at, expires_at, applied_at
    FROM plans WHERE id = ${id} FOR UPDATE`.execute(tx)
  return rows[0]
}

/** Marks a plan as applied, and forgets plans that expired long ago. */
export async function markApplied(tx: Tx, id: string, at: Date): Promise<void> {
  await sql`UPDATE plans SET applied_at = ${at} WHERE id = ${id}`.execute(tx)
  await sql`DELETE FROM plans WHERE expires_at < ${new Date(at.getTime() - 86_400_000)} AND id <> ${id}`.execute(
    tx,
  )
}
