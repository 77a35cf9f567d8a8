/** Interventions and their licenses as the API shows them. */
import { undoUntil } from '@apportion/core/licenses/undo'
import type { z } from 'zod'
import * as codes from './outcomes.ts'
import type { ItemRow } from './read-items.ts'
import type * as contract from './schema.ts'
import type { ShownIntervention } from './store.ts'

type Reason = z.output<typeof codes.reason>
type Outcome = z.output<typeof codes.outcome>

/** One preview or record. */
export function presentIntervention(row: ShownIntervention): z.output<typeof contract.intervention> {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    scope: { ...row.scope, idle: row.scope.idle === undefined ? null : copyOf(row.scope.idle) },
    includeOutside: row.include_outside,
    required: row.required,
    unassigned: row.unassigned,
    preview: {
      ...row.preview,
      queued: row.preview.queued ?? 0,
      skipped: row.preview.skipped.map(({ reason, count }) => counted(`skipped ${reason}`, count)),
    },
    counts: Object.entries(row.counts)
      .map(([key, count]) => counted(key, count))
      .toSorted((a, b) => b.count - a.count),
    appsDone: row.apps_done,
    appsTotal: row.apps_total,
    withheldNow: row.withheld_now,
    undoes: row.undoes,
    undoneBy: row.undone_by,
    undoUntil: undoableUntil(row)?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    expiresAt: row.expires_at.toISOString(),
    appliedAt: row.applied_at?.toISOString() ?? null,
    appliedBy: row.applied_by,
    finishedAt: row.finished_at?.toISOString() ?? null,
  }
}

const copyOf = <Each>(list: readonly Each[] | null): Each[] | null => (list === null ? null : [...list])

/** Null for what cannot be undone at all. */
function undoableUntil({ kind, applied_at: appliedAt }: ShownIntervention): Date | null {
  return appliedAt === null || kind === 'adopt' || kind === 'undo' ? null : undoUntil(appliedAt)
}

/** `key` is an outcome, and a reason behind it where there is one. */
function counted(key: string, count: number) {
  const [name, why] = key.split(' ')
  const outcome = codes.outcome.parse(name)
  const reason = reasonOf(why ?? null)
  return { outcome, reason, count, text: textOf(outcome, reason) }
}

const reasonOf = (stored: string | null): Reason | null => codes.reason.nullable().parse(stored)

/** One license, and what becomes or became of it. */
export function presentItem(row: ItemRow) {
  const reason = reasonOf(row.reason)
  const text = textOf(row.outcome, reason)
  return {
    asset: { id: row.asset_id, name: row.asset_name },
    tokenName: row.token_name,
    kind: row.holder_kind,
    id: row.holder,
    deviceId: row.device_id,
    name: row.holder_name,
    outcome: row.outcome,
    reason,
    text:
      (row.outcome === 'refused' || row.outcome === 'not_given') && row.detail !== null
        ? `${text} Apple says: ${row.detail}`
        : text,
    errorNumber: row.error_number,
    settledAt: row.settled_at?.toISOString() ?? null,
  }
}

const outcomes: Readonly<Record<Outcome, string>> = {
  asked: 'Asked back from Apple.',
  taken: 'Taken back.',
  refused: 'Apple does not take it back now; it is asked again.',
  kept: 'Kept.',
  adopted: 'Adopted.',
  withheld: 'It waits for a license, and is withheld.',
  skipped: 'Passed over.',
  giving: 'Given again; Apple has not answered yet.',
  given: 'Given again.',
  not_given: 'Apple did not give it again.',
  queued: 'Withheld no longer; it waits in its old place in the queue.',
}

const reasons: Readonly<Record<Reason, string>> = {
  withheld: 'An assignment requires it; it is withheld until it is given again.',
  comes_back: 'No assignment requires it, so it is taken back then.',
  still_required: 'An assignment requires it; it would be given again at once.',
  held_outside: 'Held outside Apportion: another system or person gave it.',
  not_revocable: 'Apple does not take books and the like back, from nobody.',
  already_returning: 'It comes back already.',
  not_assigned: 'No assignment requires it, so adopting it would take it back.',
  required_again: 'It was given again, or required anew, before it left.',
  undone: 'It was undone before it left.',
  none_free: 'No license is free.',
  held_again: 'The holder has one again already.',
  on_its_way_back: 'Apple has not answered yet whether it is back; undo again after that.',
  waits_already: 'An assignment requires it again; it waits for a license already.',
  withheld_again: 'It was taken back once more since.',
  not_offered: 'Apple does not offer the app here any more, or the content token is being deleted.',
  token_deleted: 'The content token was deleted before Apple had answered.',
}

function textOf(outcome: Outcome, reason: Reason | null): string {
  if (outcome === 'refused' || reason === null) return outcomes[outcome]
  return outcome === 'skipped' ? reasons[reason] : `${outcomes[outcome]} ${reasons[reason]}`
}
