/** Begins an intervention exactly as it was previewed. */
import { sql } from 'kysely'
import { record } from '../audit/record.ts'
import type { Actor } from '../platform/auth/actor.ts'
import type { Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import { wakeLocation } from '../platform/outbox.ts'
import { type InterventionPorts, storePreview, workOut } from './preview.ts'
import { type InterventionRow, lockIntervention, markApplied } from './store.ts'
import { refuseLateUndo } from './undo-limit.ts'

/** What the audit log calls each kind. */
const actions = {
  take_back: 'licenses.taken_back',
  free: 'licenses.freed',
  adopt: 'licenses.adopted',
  undo: 'licenses.undone',
} as const

/** A preview that no longer fits, and the one to look at instead. */
export interface Moved {
  readonly movedTo: string
}

/**
 * Begins what was previewed; the locations' steps carry it out. When the world has moved so that it would do something
 * else, nothing begins, and `movedTo` is the id of a new preview.
 *
 * @throws Refusal `intervention.unknown`, `intervention.expired`, `intervention.applied`, `intervention.too_late`,
 * `intervention.nothing_to_do`
 */
export function applyIntervention(
  ports: InterventionPorts,
  id: string,
  actor: Actor,
): Promise<'begun' | Moved> {
  return inTransaction(ports.db, async (tx) => {
    const row = await lockIntervention(tx, id)
    const at = ports.clock.now()
    refuseUnusable(row, { id, now: at })
    if (row.undoes !== null) await refuseLateUndo(tx, row.undoes, at)
    const found = await workOut(tx, row)
    if (found.fingerprint !== row.fingerprint) {
      return { movedTo: await storePreview(ports, tx, { ...row, created_by: actor.name }) }
    }
    const { licenses, waitingWithheld, queued = 0 } = found.preview
    if (licenses + waitingWithheld + queued === 0) throw nothingToDo(row)
    await markApplied(tx, { id, at, by: actor.name, assetIds: found.assetIds })
    await wakeLocations(tx, found.assetIds)
    await record(tx, {
      actor,
      at,
      action: actions[row.kind],
      subject: subjectOf(row),
      details: {
        interventionId: id,
        scope: row.scope,
        includeOutside: row.include_outside,
        required: row.required,
        unassigned: row.unassigned,
        ...(row.undoes === null ? {} : { undoes: row.undoes }),
        preview: found.preview,
      },
    })
    return 'begun'
  })
}

function refuseUnusable(
  row: InterventionRow | undefined,
  { id, now }: { readonly id: string; readonly now: Date },
): asserts row is InterventionRow {
  if (row === undefined) throw unknownIntervention(id)
  if (row.applied_at !== null) {
    const text = `This was begun by ${row.applied_by} at ${row.applied_at.toISOString()} already.`
    throw new Refusal('intervention.applied', text, { id })
  }
  if (row.expires_at <= now) {
    throw new Refusal('intervention.expired', 'This preview is too old to be applied. Make a new one.', {
      id,
    })
  }
}

/** The refusal of an intervention that is not there. */
export function unknownIntervention(id: string): Refusal {
  return new Refusal('intervention.unknown', `There is no record with the id ${id}.`, { id })
}

const advice = {
  take_back: 'Include what is still required or held outside, or widen the scope.',
  free: 'Include what is still required, or widen the scope.',
  adopt: 'Adopt what no assignment requires too, or widen the scope.',
  undo: 'Buy or free licenses first, or wait until Apple has answered.',
} as const

function nothingToDo(row: InterventionRow): Refusal {
  return new Refusal(
    'intervention.nothing_to_do',
    `Nothing of this can be done: every license of the scope is passed over. ${advice[row.kind]}`,
    { skipped: row.preview.skipped },
  )
}

/** The narrowest thing that it was about, so that the log of that thing shows it. */
function subjectOf({ scope, location_id, asset_id }: InterventionRow) {
  const { token, asset, holder, user } = scope
  if (holder !== null)
    return { kind: holder.kind === 'device' ? 'device' : 'user', id: null, name: holder.id }
  if (user !== null) return { kind: 'user', id: user.id, name: user.name }
  if (asset !== null) return { kind: 'asset', id: asset_id, name: asset.name }
  if (token !== null) return { kind: 'token', id: location_id, name: token.name }
  return { kind: 'licenses', id: null, name: 'everything' }
}

async function wakeLocations(tx: Tx, assetIds: readonly number[]): Promise<void> {
  const { rows } = await sql<{ location_id: number }>`SELECT DISTINCT location_id FROM assets
    WHERE id = ANY(${[...assetIds]}::int[])`.execute(tx)
  for (const { location_id } of rows) await wakeLocation(tx, location_id)
}
