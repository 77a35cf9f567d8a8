/** The SQL of invitations by device: whom to look at, on which device, and what became of it. */
import type { InvitationFacts, LastInvitation } from '@apportion/core/people/device-invitation'
import { type RawBuilder, sql } from 'kysely'
import type { CommandAnswer } from '../devices/channel.ts'
import { openStates } from '../devices/open-commands.ts'
import type { Db, Tx } from '../platform/db/database.ts'

/** A person who is to be looked at, with everything that decides. */
export interface DuePerson {
  readonly userId: number
  /** The location's, and the person's at Apple: what the invitation is sealed to. */
  readonly uid: string
  readonly clientUserId: string
  readonly invitation: Buffer | null
  /** The command of the last invitation. */
  readonly commandId: string | null
  readonly facts: InvitationFacts
}

interface Row extends Pick<DuePerson, 'userId' | 'uid' | 'clientUserId' | 'invitation' | 'commandId'> {
  readonly status: string | null
  readonly hasManagedAccount: boolean
  readonly isWanted: boolean
  readonly enrollmentId: number | null
  readonly lastAt: Date | null
  readonly lastEnrollmentId: number | null
  readonly answeredAt: Date | null
  readonly isOpen: boolean
}

/**
 * The device of a user `u` that asks: the one that was seen last of those that can. InviteToProgram is none for User
 * Enrollments and Shared iPads, nobody answers on a kiosk, and other systems do not know it.
 */
const deviceThatAsks = sql`SELECT e.id FROM devices d JOIN enrollments e ON e.device_id = d.id AND e.state = 'enrolled'
  AND e.kind = 'device' AND e.push_lost_at IS NULL
  WHERE d.user_id = u.id AND d.enrollment_type = 'device' AND NOT d.kiosk AND d.platform IN ('iOS', 'iPadOS', 'macOS')
  ORDER BY e.last_seen_at DESC, e.id DESC LIMIT 1`

/** Up to `limit` people of a location who are due, in the order of their ids. Nothing is locked. */
export async function duePeople(
  db: Db,
  { locationId, now, limit }: { readonly locationId: number; readonly now: Date; readonly limit: number },
): Promise<readonly DuePerson[]> {
  return await readPeople(
    db,
    sql`v.location_id = ${locationId} AND v.user_id IN (SELECT user_id FROM device_invitations
      WHERE location_id = ${locationId} AND due_at <= ${now} ORDER BY due_at, user_id LIMIT ${limit}) ORDER BY v.user_id`,
  )
}

/**
 * The same people as they are now, with their rows locked. Devices lock their enrollment first, so the enrollments that
 * concern these people are locked before.
 */
export async function lockPeople(
  tx: Tx,
  locationId: number,
  people: readonly DuePerson[],
): Promise<readonly DuePerson[]> {
  const concerned = people.flatMap(({ facts }) => [facts.enrollmentId, facts.last?.enrollmentId])
  const enrollmentIds = concerned.filter((id) => typeof id === 'number')
  await sql`SELECT FROM enrollments WHERE id = ANY(${enrollmentIds}::int[]) ORDER BY id FOR UPDATE`.execute(
    tx,
  )
  const now = await readPeople(
    tx,
    sql`v.location_id = ${locationId} AND v.user_id = ANY(${people.map(({ userId }) => userId)}::int[])
      ORDER BY v.user_id FOR UPDATE OF v`,
  )
  // Another device came by since: it is looked at with the next.
  return now.filter(
    ({ facts: { enrollmentId } }) => enrollmentId === null || enrollmentIds.includes(enrollmentId),
  )
}

async function readPeople(db: Db | Tx, which: RawBuilder<unknown>): Promise<readonly DuePerson[]> {
  const { rows } = await sql<Row>`
    SELECT v.user_id AS "userId", l.uid, u.client_user_id::text AS "clientUserId", k.status,
      k.invitation_sealed AS invitation, u.managed_apple_account IS NOT NULL AS "hasManagedAccount",
      EXISTS (SELECT FROM targets t WHERE t.user_id = u.id AND t.location_id = v.location_id AND t.wants) AS "isWanted",
      (${deviceThatAsks}) AS "enrollmentId", v.asked_at AS "lastAt", v.enrollment_id AS "lastEnrollmentId",
      v.command_id::text AS "commandId", v.answered_at AS "answeredAt",
      coalesce(c.state IN ${openStates}, false) AS "isOpen"
    FROM device_invitations v JOIN users u ON u.id = v.user_id JOIN locations l ON l.id = v.location_id
    LEFT JOIN apple_users k ON k.location_id = v.location_id AND k.client_user_id = u.client_user_id::text
    LEFT JOIN commands c ON c.enrollment_id = v.enrollment_id AND c.id = v.command_id
    WHERE ${which}`.execute(db)
  return rows.map(({ status, hasManagedAccount, isWanted, enrollmentId, ...row }) => ({
    ...row,
    facts: {
      status,
      hasInvitation: row.invitation !== null,
      hasManagedAccount,
      isWanted,
      enrollmentId,
      last: lastOf(row),
    },
  }))
}

function lastOf(
  row: Pick<Row, 'lastAt' | 'lastEnrollmentId' | 'answeredAt' | 'isOpen'>,
): LastInvitation | null {
  const { lastAt: at, lastEnrollmentId: enrollmentId, answeredAt, isOpen } = row
  if (at === null) return null
  if (answeredAt !== null) return { at, enrollmentId, state: 'answered' }
  return { at, enrollmentId, state: isOpen ? 'open' : 'void' }
}

/** What is stored of a person after a look. */
export interface LookedInvitation {
  readonly userId: number
  readonly dueAt: Date | null
  /** The command that asks now; null leaves what was asked last as it is. */
  readonly asked: { readonly enrollmentId: number; readonly commandId: string; readonly at: Date } | null
}

/** Stores looks of a location; the rows have to be locked. */
export async function storeInvitations(
  tx: Tx,
  locationId: number,
  looked: readonly LookedInvitation[],
): Promise<void> {
  const rows = looked.map(({ asked, ...each }) => ({ ...each, ...asked }))
  await sql`UPDATE device_invitations v SET due_at = r."dueAt",
      enrollment_id = CASE WHEN r."commandId" IS NULL THEN v.enrollment_id ELSE r."enrollmentId" END,
      command_id = coalesce(r."commandId", v.command_id), asked_at = coalesce(r.at, v.asked_at),
      answered_at = CASE WHEN r."commandId" IS NULL THEN v.answered_at END,
      result = CASE WHEN r."commandId" IS NULL THEN v.result END,
      errors = CASE WHEN r."commandId" IS NULL THEN v.errors ELSE '[]' END
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r("userId" int, "dueAt" timestamptz, "enrollmentId" int,
      "commandId" uuid, at timestamptz)
    WHERE v.location_id = ${locationId} AND v.user_id = r."userId"`.execute(tx)
}

/** Has whoever has a device looked at at all locations: it enrolled, left or came by. */
export async function lookAtInvitations(tx: Tx, deviceId: number, at: Date): Promise<void> {
  await sql`WITH due AS MATERIALIZED (
      SELECT v.location_id, v.user_id FROM devices d JOIN device_invitations v ON v.user_id = d.user_id
      WHERE d.id = ${deviceId} AND v.due_at > ${at} ORDER BY v.location_id FOR UPDATE OF v
    )
    UPDATE device_invitations v SET due_at = ${at} FROM due
    WHERE v.location_id = due.location_id AND v.user_id = due.user_id`.execute(tx)
}

/** Stores what a device answered to the last invitation; an answer to an earlier one says nothing any more. */
export async function storeAnswer(
  tx: Tx,
  { command, errors, at }: CommandAnswer,
  result: string | undefined,
): Promise<void> {
  const { locationId, userId } = command.subject
  if (typeof locationId !== 'number' || typeof userId !== 'number') return
  await sql`UPDATE device_invitations SET answered_at = ${at}, result = ${result?.slice(0, 100) || null},
      errors = ${JSON.stringify(errors)}::jsonb
    WHERE location_id = ${locationId} AND user_id = ${userId} AND command_id = ${command.id}::uuid`.execute(
    tx,
  )
}
