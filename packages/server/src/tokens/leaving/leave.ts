/**
 * Carries the deletion of a content token out (T6): grants under way are withdrawn, licenses of ours come back through the
 * ordinary operations if that was chosen, the claim at Apple is released, and then the rows go in short transactions.
 *
 * Each turn decides anew from the rows (`core/tokens/leaving`), so that a crash at any moment continues.
 */
import { type LeavingFacts, type LeavingStep, leavingStep } from '@apportion/core/tokens/leaving'
import { sql } from 'kysely'
import { record } from '../../audit/record.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Db, Tx } from '../../platform/db/database.ts'
import { withLease } from '../../platform/leases.ts'
import type { LocationStep, LocationTurn } from '../../platform/location-work.ts'
import { wakeLocation } from '../../platform/outbox.ts'
import type { AppleConnections } from '../apple.ts'
import { tokenFacts } from '../location-state.ts'
import { findLocation, type LocationRow } from '../store.ts'
import { releaseClaim } from './release-claim.ts'
import * as store from './store.ts'

export interface LeavePorts {
  readonly db: Db
  readonly clock: Clock
  readonly apple: AppleConnections
  readonly log: { warn(facts: object, message: string): void }
}

/** While it waits for Apple, a deletion is looked at this often. */
const lookEveryMs = 5000

/** The step that deletes. */
export function leaveStep(ports: LeavePorts): LocationStep {
  return {
    name: 'leave',
    alone: true,
    due: (now) => sql`SELECT id AS location_id FROM locations
      WHERE leaving_since IS NOT NULL AND leaving_look_at <= ${now}`,
    run: (turn) => leave(ports, turn),
  }
}

async function leave(ports: LeavePorts, turn: LocationTurn): Promise<void> {
  const { locationId } = turn.lease
  const now = ports.clock.now()
  await store.lookAtLeaving(ports.db, locationId, new Date(now.getTime() + lookEveryMs))
  const location = await findLocation(ports.db, locationId)
  if (location === undefined || location.leaving_since === null) return
  if (location.leaving_phase === 'releasing') {
    await untilNone(ports, turn, (tx) => store.withdrawGrants(tx, locationId, now))
  }
  switch ((await nextStep(ports.db, location, now)).do) {
    case 'release':
      return release(ports, turn)
    case 'unclaim':
      return unclaim(ports, turn, location)
    case 'delete':
      return forget(ports, turn, location)
    default:
      return
  }
}

/** What the deletion of a location does next, from what is known now. */
export async function nextStep(db: Db | Tx, location: LocationRow, now: Date): Promise<LeavingStep> {
  const counts = await store.leavingCounts(db, location.id, now)
  return leavingStep(leavingFacts(location, counts), now)
}

/** What the decision needs. */
export function leavingFacts(location: LocationRow, counts: store.LeavingCounts): LeavingFacts {
  return {
    token: tokenFacts(location),
    phase: location.leaving_phase ?? 'releasing',
    licenses: location.leaving_licenses ?? 'leave',
    releasable: counts.releasable,
    onTheWay: counts.releasing + counts.granting + counts.refused_soon,
    refused: counts.refused,
    openOperations: counts.open_operations,
    syncRuns: counts.sync_runs,
  }
}

async function release(ports: LeavePorts, turn: LocationTurn): Promise<void> {
  const { locationId: id } = turn.lease
  const at = ports.clock.now()
  for (const assetId of await store.assetsToRelease(ports.db, id)) {
    await untilNone(ports, turn, (tx) => store.reserveReleases(tx, { id, assetId, at }))
  }
  await wakeLocation(ports.db, id)
}

/** From here on there is no way back: nothing else talks to Apple for the location any more. */
async function unclaim(ports: LeavePorts, turn: LocationTurn, location: LocationRow): Promise<void> {
  const at = ports.clock.now()
  const { id, leaving_licenses: licenses } = location
  if (licenses === null) return
  const going = await withLease(ports.db, turn.lease, (tx) =>
    store.enterPhase(tx, id, { phase: 'unclaiming', at, licenses }),
  )
  if (!going) return
  const claim = await releaseClaim(ports.apple, id, turn.signal)
  if (claim.outcome === 'failed') {
    ports.log.warn({ location: id, reason: claim.detail }, 'the claim at Apple could not be released')
  }
  await withLease(ports.db, turn.lease, (tx) =>
    store.enterPhase(tx, id, { phase: 'deleting', at, licenses, claim }),
  )
}

async function forget(ports: LeavePorts, turn: LocationTurn, location: LocationRow): Promise<void> {
  while (await withLease(ports.db, turn.lease, (tx) => store.deleteSome(tx, location)))
    turn.signal.throwIfAborted()
  const at = ports.clock.now()
  const by = location.leaving_by ?? 'nobody'
  await withLease(ports.db, turn.lease, async (tx) => {
    const { rows } = await sql<{ claim: object | null }>`SELECT leaving_claim AS claim FROM locations
      WHERE id = ${location.id} FOR UPDATE`.execute(tx)
    const claim = rows[0]?.claim ?? {}
    await store.deleteLocation(tx, location, { at, by, claim })
    await record(tx, {
      actor: { kind: 'system', name: 'token deletion' },
      at,
      action: 'token.deleted',
      subject: { kind: 'token', id: location.id, name: location.name },
      details: { uid: location.uid, askedBy: by, licenses: location.leaving_licenses, claim },
    })
  })
}

/** Repeats a change of a limited number of rows, each time in a transaction of its own, until nothing is left. */
async function untilNone(
  ports: LeavePorts,
  turn: LocationTurn,
  change: (tx: Tx) => Promise<number>,
): Promise<void> {
  while ((await withLease(ports.db, turn.lease, change)) > 0) turn.signal.throwIfAborted()
}
