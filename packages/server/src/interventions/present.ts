/** Interventions and their licenses as the API shows them. */
import type { z } from 'zod'
import type { ItemRow } from './read-items.ts'
import * as contract from './schema.ts'
import type { ShownIntervention } from './store.ts'

type Reason = z.output<typeof contract.reason>
type Outcome = z.output<typeof contract.outcome>

/** One preview or record. */
export function presentIntervention(row: ShownIntervention): z.output<typeof contract.intervention> {
  return {
    id: row.id,
    kind: row.kind,
    state: row.state,
    scope: row.scope,
    includeOutside: row.include_outside,
    required: row.required,
    unassigned: row.unassigned,
    preview: {
      ...row.preview,
      skipped: row.preview.skipped.map(({ reason, count }) => counted(`skipped ${reason}`, count)),
    },
    counts: Object.entries(row.counts)
      .map(([key, count]) => counted(key, count))
      .toSorted((a, b) => b.count - a.count),
    appsDone: row.apps_done,
    appsTotal: row.apps_total,
    withheldNow: row.withheld_now,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    expiresAt: row.expires_at.toISOString(),
    appliedAt: row.applied_at?.toISOString() ?? null,
    appliedBy: row.applied_by,
    finishedAt: row.finished_at?.toISOString() ?? null,
  }
}

/** `key` is an outcome, and a reason behind it where there is one. */
function counted(key: string, count: number) {
  const [name, why] = key.split(' ')
  const outcome = contract.outcome.parse(name)
  const reason = reasonOf(why ?? null)
  return { outcome, reason, count, text: textOf(outcome, reason) }
}

const reasonOf = (stored: string | null): Reason | null => contract.reason.nullable().parse(stored)

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
    text: row.outcome === 'refused' && row.detail !== null ? `${text} Apple says: ${row.detail}` : text,
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
  token_deleted: 'The content token was deleted before Apple had answered.',
}

function textOf(outcome: Outcome, reason: Reason | null): string {
  if (outcome === 'refused' || reason === null) return outcomes[outcome]
  return outcome === 'skipped' ? reasons[reason] : `${outcomes[outcome]} ${reasons[reason]}`
}
