/** Previews undoing a record within 30 days (L11): its licenses go to exactly those holders again, as far as any are free. */
import type { Actor } from '../platform/auth/actor.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import { unknownIntervention } from './apply.ts'
import { type InterventionPorts, storePreview } from './preview.ts'
import { findIntervention, type ShownIntervention } from './store.ts'
import { refuseTooLate } from './undo-limit.ts'

/**
 * Stores what undoing a record would do, and gives the id of the preview. Changes nothing else.
 *
 * @throws Refusal `intervention.unknown`, `intervention.not_undoable`, `intervention.too_late`, `intervention.running`
 */
export async function previewUndo(ports: InterventionPorts, id: string, actor: Actor): Promise<string> {
  const row = await findIntervention(ports.db, id)
  if (row === undefined) throw unknownIntervention(id)
  refuseNotUndoable(row, ports.clock.now())
  return inTransaction(ports.db, (tx) =>
    storePreview(ports, tx, {
      kind: 'undo',
      undoes: row.id,
      location_id: row.location_id,
      asset_id: row.asset_id,
      holder_kind: row.holder_kind,
      holder: row.holder,
      user_id: row.user_id,
      idle_reasons: null,
      unseen_before: null,
      scope: row.scope,
      include_outside: row.include_outside,
      required: row.required,
      unassigned: row.unassigned,
      created_by: actor.name,
    }),
  )
}

function refuseNotUndoable(row: ShownIntervention, now: Date): void {
  const { id } = row
  if (row.applied_at === null || (row.kind !== 'take_back' && row.kind !== 'free')) {
    const text = 'Only what was taken back or freed can be undone.'
    throw new Refusal('intervention.not_undoable', text, { id, kind: row.kind })
  }
  refuseTooLate(id, row.applied_at, now)
  if (row.apps_done < row.apps_total) {
    const text = `Licenses of ${row.apps_total - row.apps_done} apps are still being asked back. Undo it once that is done.`
    throw new Refusal('intervention.running', text, { id })
  }
}
