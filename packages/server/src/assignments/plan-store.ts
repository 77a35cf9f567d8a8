/** The SQL of plans. */
import { sql } from 'kysely'
import type { Tx } from '../platform/db/database.ts'

/** A stored plan. `wanted` is what was asked for, `outcome` what was shown. */
export interface PlanRow {
  readonly id: string
  readonly kind: 'assignments' | 'group'
  readonly asset_id: number | null
  readonly wanted: unknown
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
  await sql`INSERT INTO plans (id, kind, asset_id, wanted, outcome, fingerprint, created_at, created_by, expires_at)
    VALUES (${plan.id}, ${plan.kind}, ${plan.asset_id}, ${JSON.stringify(plan.wanted)}::jsonb,
      ${JSON.stringify(plan.outcome)}::jsonb, ${plan.fingerprint}, ${plan.created_at}, ${plan.by}, ${plan.expires_at})`.execute(
    tx,
  )
}

/** A plan, locked so that it is applied once. */
export async function lockPlan(tx: Tx, id: string): Promise<PlanRow | undefined> {
  const { rows } =
    await sql<PlanRow>`SELECT id, kind, asset_id, wanted, outcome, fingerprint, created_at, expires_at,
      applied_at FROM plans WHERE id = ${id} FOR UPDATE`.execute(tx)
  return rows[0]
}

/** Marks a plan as applied, and forgets plans that expired long ago. */
export async function markApplied(tx: Tx, id: string, at: Date): Promise<void> {
  await sql`UPDATE plans SET applied_at = ${at} WHERE id = ${id}`.execute(tx)
  await sql`DELETE FROM plans WHERE expires_at < ${new Date(at.getTime() - 86_400_000)} AND id <> ${id}`.execute(
    tx,
  )
}

/** Makes what follows undoable by itself. */
export async function setSavepoint(tx: Tx): Promise<void> {
  await sql`SAVEPOINT plan`.execute(tx)
}

/** Undoes what was done since the savepoint. */
export async function undo(tx: Tx): Promise<void> {
  await sql`ROLLBACK TO SAVEPOINT plan`.execute(tx)
}
