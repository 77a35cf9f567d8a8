/**
 * Processes stored notifications (S3). Apple repeats, delays and reorders them and loses some, so none is simply
 * believed: counts are read from Apple, and what it tells of licenses is compared with the books.
 */
import type { AssetCountNotification } from '@apportion/apple-wire/messages'
import {
  type ParsedNotification,
  parseNotification,
  type UsersAssociated,
  type UsersManaged,
} from '@apportion/apple-wire/notifications'
import { sql } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import { holdLease } from '../platform/leases.ts'
import type { LocationStep, LocationTurn } from '../platform/location-work.ts'
import { lookAgainAtAssets } from '../platform/outbox.ts'
import type { AppleConnections } from '../tokens/apple.ts'
import { findLocation } from '../tokens/store.ts'
import { askForDriftSync } from '../tokens/sync-runs.ts'
import { asRefusal, noteVerdict } from '../tokens/verdict.ts'
import { type CountedAssets, upsertAssets } from './asset-store.ts'
import { askForSweep, doubtAssets, impossibleAssets } from './doubt.ts'
import { hearAssignments } from './hear-assignments.ts'

export interface HearPorts {
  readonly db: Db
  readonly clock: Clock
  readonly apple: AppleConnections
  /** What notifications about people mean. `unsure`: only reading the users tells. */
  readonly hearPeople: (tx: Tx, heard: HeardOfPeople) => Promise<'sure' | 'unsure'>
}

/** A notification about people as it is stored: the codes of invitations sealed, as Base64. */
export interface HeardOfPeople {
  readonly locationId: number
  readonly told: UsersManaged | UsersAssociated
  readonly at: Date
}

/** The step that processes notifications. */
export function hearStep(ports: HearPorts): LocationStep {
  return {
    name: 'hear',
    alone: true,
    due: () => sql`SELECT l.id AS location_id FROM notifications n JOIN locations l ON l.uid = n.uid
      WHERE n.processed_at IS NULL`,
    run: (turn) => hear(ports, turn),
  }
}

interface Heard {
  readonly notification_id: string
  readonly type: string
  readonly body: unknown
  readonly received_at: Date
}

/** How long a notification is kept: far longer than Apple repeats one. */
const keptDays = 7

async function hear(ports: HearPorts, turn: LocationTurn): Promise<void> {
  const location = await findLocation(ports.db, turn.lease.locationId)
  if (location === undefined) return
  for (const heard of await waiting(ports.db, location.uid)) {
    turn.signal.throwIfAborted()
    const told = understood(location.uid, heard)
    const counted = told?.kind === 'asset-count' ? await readAsset(ports, turn, told) : null
    await inTransaction(ports.db, async (tx) => {
      await holdLease(tx, turn.lease)
      const at = ports.clock.now()
      const answer = await write(ports, tx, { locationId: location.id, heard, told, counted, at })
      if (answer === 'unsure') await askForDriftSync(tx, location.id, at)
      await sql`UPDATE notifications SET processed_at = ${at}
        WHERE uid = ${location.uid} AND notification_id = ${heard.notification_id}`.execute(tx)
    })
  }
  await forgetOld(ports, location.uid)
}

/** What was waiting when the turn began, so that other work of the location has its turn too. */
async function waiting(db: Db, uid: string): Promise<readonly Heard[]> {
  const { rows } = await sql<Heard>`SELECT notification_id, type, body, received_at FROM notifications
    WHERE uid = ${uid} AND processed_at IS NULL ORDER BY ${byNeed}, received_at, notification_id LIMIT 200`.execute(
    db,
  )
  return rows
}

/** What Apple is waited for comes first, then what may free licenses, then the rest; each in the order it came. */
const byNeed = sql`CASE type WHEN 'ASSET_MANAGEMENT' THEN 1 WHEN 'ASSET_COUNT' THEN 2 ELSE 3 END`

/** What a stored notification says. */
function understood(uId: string, { notification_id, type, body }: Heard): ParsedNotification | undefined {
  const head = { notificationId: notification_id, notificationType: type, uId }
  return parseNotification({ ...head, notification: body })
}

interface Hearing {
  readonly locationId: number
  readonly heard: Heard
  readonly told: ParsedNotification | undefined
  readonly counted: CountedAssets | 'unread' | null
  readonly at: Date
}

async function write(
  ports: HearPorts,
  tx: Tx,
  { locationId, heard, told, counted, at }: Hearing,
): Promise<'sure' | 'unsure'> {
  if (counted === 'unread') return 'unsure'
  if (counted !== null) {
    await upsertAssets(tx, { locationId, ...counted })
    await lookAgainAtCounted(tx, locationId, counted)
    return 'sure'
  }
  if (told?.kind === 'user-management' || told?.kind === 'user-associated') {
    if ((await ports.hearPeople(tx, { locationId, told, at })) === 'sure') return 'sure'
  }
  if (tellsOfUsers.includes(heard.type)) await doubtUsers(tx, locationId)
  if (tellsOfUsers.includes(heard.type) || heard.type === 'UNLIMITED_ASSET')
    await askForSweep(tx, locationId, at)
  // What does not have the documented shape stays stored, and the next sync finds what it meant.
  if (told?.kind !== 'asset-management') return 'sure'
  return hearAssignments(tx, { locationId, managed: told, receivedAt: heard.received_at, at })
}

/** Repeated and late ones would bring back what has passed, so users are read from Apple rather than believed. */
const tellsOfUsers: readonly string[] = ['USER_MANAGEMENT', 'USER_ASSOCIATED']

async function doubtUsers(tx: Tx, locationId: number): Promise<void> {
  await sql`UPDATE locations SET users_doubted = true WHERE id = ${locationId}`.execute(tx)
}

/**
 * Counts are read rather than added up: a repeated or late delta then does no harm. Where Apple cannot be asked now, a
 * sync does it later; one that follows a new token comes anyway.
 */
async function readAsset(
  ports: HearPorts,
  turn: LocationTurn,
  { adamId }: Pick<AssetCountNotification, 'adamId'>,
): Promise<CountedAssets | 'unread' | null> {
  const { locationId } = turn.lease
  const at = ports.clock.now()
  try {
    const { client, location } = await ports.apple.connect(locationId, 'read', turn.signal)
    try {
      const assets = []
      for await (const page of client.assets({ adamId }).pages) assets.push(...page.records)
      return { assets, at }
    } catch (error) {
      await noteVerdict(ports.db, location, error)
      throw error
    }
  } catch (error) {
    const refusal = asRefusal(error)
    if (turn.signal.aborted || !(refusal instanceof Refusal)) throw error
    return refusal.code === 'token.unusable' ? null : 'unread'
  }
}

async function lookAgainAtCounted(tx: Tx, locationId: number, { assets, at }: CountedAssets): Promise<void> {
  const { rows } = await sql<{ id: number }>`SELECT id FROM assets
    WHERE location_id = ${locationId} AND adam_id = ANY(${assets.map((each) => each.adamId)}::text[])`.execute(
    tx,
  )
  const ids = rows.map((row) => row.id)
  await lookAgainAtAssets(tx, ids)
  await doubtAssets(tx, { locationId, assetIds: await impossibleAssets(tx, ids), at }, 'now')
}

async function forgetOld({ db, clock }: HearPorts, uid: string): Promise<void> {
  const before = new Date(clock.now().getTime() - keptDays * 86_400_000)
  await sql`DELETE FROM notifications WHERE uid = ${uid} AND received_at < ${before} AND processed_at IS NOT NULL`.execute(
    db,
  )
}
