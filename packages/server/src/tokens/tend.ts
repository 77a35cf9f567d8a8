/**
 * Looks after each location without anybody asking (T3, T4): proves its token once a day, claims it again when our claim
 * is gone, and registers the address for notifications again when they stop or the address changes.
 *
 * What is due is decided from the row by `core/tokens/care`; every answer of Apple's to other work counts as a proof, so a
 * location that is synced costs no request more.
 */
import { type Care, type CareFacts, care, type RegisterCause } from '@apportion/core/tokens/care'
import { mayRead, mayWrite } from '@apportion/core/tokens/token-state'
import { sql } from 'kysely'
import { record } from '../audit/record.ts'
import type { Db } from '../platform/db/database.ts'
import type { NewId } from '../platform/ids.ts'
import { withLease } from '../platform/leases.ts'
import type { LocationStep, LocationTurn } from '../platform/location-work.ts'
import { lookAgainAtLocation, wakeLocation } from '../platform/outbox.ts'
import { askedFor, noteAccepted } from './answers.ts'
import type { AppleConnection, AppleConnections } from './apple.ts'
import { type ClaimPorts, claimLocation, noteClaim } from './claim.ts'
import { useOf } from './location-state.ts'
import { findLocation, type LocationRow } from './store.ts'
import { askForSync } from './sync-runs.ts'
import { asRefusal, noteVerdict } from './verdict.ts'
import { lastHeard } from './webhook-store.ts'

export interface TendPorts extends ClaimPorts {
  readonly apple: AppleConnections
  readonly newId: NewId
}

/** A location is looked at this often; that costs two queries and, mostly, no request. */
const tendMinutes = 15
/** Locations that are begun at one look, so that thousands do not start at the same moment. */
const atOnce = 50

/** The step that looks after locations. */
export function tendStep(ports: TendPorts): LocationStep {
  return {
    name: 'tend',
    alone: true,
    due: (
      now,
    ) => sql`(SELECT id AS location_id FROM locations WHERE tend_at <= ${now} AND leaving_since IS NULL
      ORDER BY tend_at LIMIT ${sql.lit(atOnce)})`,
    run: (turn) => tend(ports, turn),
  }
}

/** At the start of a server: locations whose address for notifications is no longer ours are looked at soon. */
export async function tendChangedAddresses({ db, clock, notificationBase }: ClaimPorts): Promise<void> {
  await sql`UPDATE locations SET tend_at = least(tend_at, ${clock.now()}::timestamptz)
    WHERE leaving_since IS NULL AND notification_base IS DISTINCT FROM ${notificationBase?.href ?? null}`.execute(
    db,
  )
}

async function tend(ports: TendPorts, turn: LocationTurn): Promise<void> {
  const { locationId } = turn.lease
  const now = ports.clock.now()
  const asked = await takeTurn(ports.db, locationId, now)
  const location = await findLocation(ports.db, locationId)
  if (location === undefined || location.leaving_since !== null) return
  const decision = care(await careFacts(ports, location, { asked, now }), now)
  if (decision.heard) await noteHeard(ports.db, location)
  if (!decision.probe && decision.register === null) return
  await askApple(ports, turn, { location, decision })
}

/** The next look is set before this one, so that one that fails does not come at once again. Gives whether it was asked for. */
async function takeTurn(db: Db, id: number, now: Date): Promise<boolean> {
  const next = new Date(now.getTime() + tendMinutes * 60_000)
  const { rows } = await sql<{ asked: boolean }>`
    UPDATE locations l SET tend_at = ${next} FROM (SELECT tend_at FROM locations WHERE id = ${id} FOR UPDATE) AS before
    WHERE l.id = ${id} RETURNING before.tend_at = ${askedFor}::timestamptz AS asked`.execute(db)
  return rows[0]?.asked === true
}

async function careFacts(
  { db, notificationBase }: TendPorts,
  location: LocationRow,
  { asked, now }: { readonly asked: boolean; readonly now: Date },
): Promise<CareFacts> {
  const state = useOf(location, now)
  const heardAt = (await lastHeard(db, [location.uid])).get(location.uid) ?? null
  return {
    locationId: location.id,
    use: mayWrite(state) ? 'write' : mayRead(state) ? 'read' : 'none',
    asked,
    expired: location.token_expires_at <= now,
    answeredAt: location.answered_at,
    notifications: {
      base: notificationBase?.href ?? null,
      registeredBase: location.notification_base,
      registeredAt: location.registered_at,
      off: location.notifications_off,
      heardAt,
      unheardOperations: await unheardOperations(db, location, heardAt),
    },
  }
}

/** Ended operations of which no notification told, sent since the last one of any kind; at most 5. */
async function unheardOperations(db: Db, location: LocationRow, heardAt: Date | null): Promise<number> {
  const { notifications_from: from } = location
  if (from === null) return 0
  const since = heardAt !== null && heardAt > from ? heardAt : from
  const { rows } = await sql<{ n: number }>`SELECT count(*)::int AS n FROM (
      SELECT 1 FROM operations o WHERE o.location_id = ${location.id} AND o.recorded_at >= ${since}
        AND o.sent_at > ${since} AND o.event_id IS NOT NULL AND o.finished_at IS NOT NULL AND o.heard_at IS NULL
      LIMIT 5) AS unheard`.execute(db)
  return rows[0]?.n ?? 0
}

/** A notification came although the test of the registration had not been heard. */
async function noteHeard(db: Db, { id, registered_at }: LocationRow): Promise<void> {
  await sql`UPDATE locations SET notifications_off = NULL, notifications_off_since = NULL,
      notifications_from = ${registered_at} WHERE id = ${id} AND notifications_off = 'unheard'`.execute(db)
}

interface Tending {
  readonly location: LocationRow
  readonly decision: Care
}

/** Looks first: the client config proves the token and says who holds the location. Then writes, if it is ours. */
async function askApple(
  ports: TendPorts,
  turn: LocationTurn,
  { location, decision }: Tending,
): Promise<void> {
  if (decision.register === 'silent') await noteSilent(ports, location)
  const connection = await ports.apple.connect(location.id, 'tend', turn.signal)
  try {
    await connection.client.clientConfig()
    await accept(ports, turn, location)
    if (connection.claimLost()) await claimAgain(ports, turn, { connection, cause: 'claim_lost' })
    else if (decision.register !== null && !connection.takenOver()) {
      await claimAgain(ports, turn, { connection, cause: decision.register })
    }
  } catch (error) {
    await noteVerdict(ports.db, location, error)
    throw asRefusal(error)
  }
}

/** Until they come again, outcomes are asked for early. */
async function noteSilent({ db, clock }: TendPorts, { id }: LocationRow): Promise<void> {
  await sql`UPDATE locations SET notifications_off = 'silent', notifications_off_since = ${clock.now()},
      notifications_from = NULL WHERE id = ${id}`.execute(db)
}

/** A token that Apple had refused and accepts again is good again. */
async function accept(ports: TendPorts, turn: LocationTurn, location: LocationRow): Promise<void> {
  if (location.token_state === 'valid') return
  const at = ports.clock.now()
  await withLease(ports.db, turn.lease, async (tx) => {
    if (!(await noteAccepted(tx, location))) return
    await askForSync(tx, { locationId: location.id, cause: 'schedule', id: ports.newId(), at })
    await lookAgainAtLocation(tx, location.id)
    const subject = { kind: 'token', id: location.id, name: location.name }
    await record(tx, { actor, at, action: 'token.accepted_again', subject })
  })
}

async function claimAgain(
  ports: TendPorts,
  turn: LocationTurn,
  {
    connection,
    cause,
  }: { readonly connection: AppleConnection; readonly cause: RegisterCause | 'claim_lost' },
): Promise<void> {
  const { location, client } = connection
  const claim = await claimLocation(ports, client, { uid: location.uid, mdmId: location.mdm_id })
  await withLease(ports.db, turn.lease, async (tx) => {
    await noteClaim(tx, location.id, claim)
    await wakeLocation(tx, location.id)
    // What was tried in vain an hour ago and is so still is no news.
    if (cause === 'retry' && claim.off === location.notifications_off) return
    const subject = { kind: 'token', id: location.id, name: location.name }
    const details = { cause, notifications: claim.off ?? (claim.base === null ? 'off' : 'on') }
    await record(tx, { actor, at: claim.at, action: 'token.registered', subject, details })
  })
}

const actor = { kind: 'system', name: 'token care' } as const
