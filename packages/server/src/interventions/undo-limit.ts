/** For how long a record can be undone (L11): Apple lets an app go on for 30 days after its license was taken. */
import { undoDays, undoUntil } from '@apportion/core/licenses/undo'
import { sql } from 'kysely'
import type { Tx } from '../platform/db/database.ts'
import { Refusal } from '../platform/errors.ts'

/** @throws Refusal `intervention.too_late` for what was begun more than 30 days ago */
export function refuseTooLate(id: string, appliedAt: Date, now: Date): void {
  const until = undoUntil(appliedAt)
  if (until >= now) return
  const text = `This could be undone for ${undoDays} days, until ${until.toISOString()}. Assign the apps to their holders instead.`
  throw new Refusal('intervention.too_late', text, { id, undoUntil: until.toISOString() })
}

/** The same for the record that a preview undoes. @throws Refusal `intervention.too_late` */
export async function refuseLateUndo(tx: Tx, undoes: string, now: Date): Promise<void> {
  const { rows } = await sql<{ applied_at: Date }>`SELECT applied_at FROM interventions
    WHERE id = ${undoes} AND applied_at IS NOT NULL`.execute(tx)
  const [row] = rows
  if (row !== undefined) refuseTooLate(undoes, row.applied_at, now)
}
