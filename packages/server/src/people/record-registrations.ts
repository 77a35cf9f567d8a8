/** Decides for whoever is due what Apple is to be asked for, and records it in requests of up to Apple's limit. */
import { requestFor } from '@apportion/core/people/registration'
import { sql } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import type { NewId } from '../platform/ids.ts'
import { withLease } from '../platform/leases.ts'
import type { LocationTurn } from '../platform/location-work.ts'
import { giveBack, grouped } from './settle-registrations.ts'
import { insertUserOperation } from './user-operations.ts'

interface RecordPorts {
  readonly db: Db
  readonly clock: Clock
  readonly newId: NewId
}

/** Requests recorded in one transaction; the rest follows in the next turn. */
const requestsAtOnce = 50

/** Records the next people that are due; `maxUsers` of Apple's limits go into one request. */
export async function recordRegistrations(
  ports: RecordPorts,
  turn: LocationTurn,
  maxUsers: number,
): Promise<void> {
  const { locationId } = turn.lease
  await withLease(ports.db, turn.lease, async (tx) => {
    const at = ports.clock.now()
    const people = await duePeople(tx, { locationId, at, limit: requestsAtOnce * maxUsers })
    await noteStanding(tx, { locationId, at }, people)
    const open = people.filter((person) => !person.final)
    for (const kind of ['create', 'update'] as const) {
      const ids = open.filter((person) => requestOf(person) === kind).map((person) => person.id)
      for (let from = 0; from < ids.length; from += maxUsers) {
        const part = ids.slice(from, from + maxUsers)
        await insertUserOperation(tx, { id: ports.newId(), locationId, kind, ids: part, at })
      }
    }
    await noteNothingToDo(
      tx,
      { locationId, at },
      open.filter((person) => requestOf(person) === null),
    )
  })
}

interface DuePerson {
  readonly user_id: number
  readonly id: string
  readonly status: string | null
  readonly has_managed_account: boolean
  readonly is_wanted: boolean
  readonly final: boolean
  readonly problem_number: number | null
  readonly problem_detail: string | null
}

const requestOf = (person: DuePerson) =>
  requestFor({
    status: person.status,
    hasManagedAccount: person.has_managed_account,
    isWanted: person.is_wanted,
  })

async function duePeople(
  tx: Tx,
  { locationId, at, limit }: { readonly locationId: number; readonly at: Date; readonly limit: number },
): Promise<readonly DuePerson[]> {
  const { rows } = await sql<DuePerson>`
    SELECT r.user_id, u.client_user_id::text AS id, k.status, u.managed_apple_account IS NOT NULL AS has_managed_account,
      EXISTS (SELECT 1 FROM targets t WHERE t.user_id = r.user_id AND t.location_id = r.location_id AND t.wants)
        AS is_wanted, r.final, r.problem_number, r.problem_detail
    FROM registrations r JOIN users u ON u.id = r.user_id
    LEFT JOIN apple_users k ON k.location_id = r.location_id AND k.client_user_id = u.client_user_id::text
    WHERE r.location_id = ${locationId} AND r.operation_id IS NULL AND r.due_at <= ${at}
    ORDER BY r.due_at, r.user_id LIMIT ${limit} FOR UPDATE OF r`.execute(tx)
  return rows
}

interface Moment {
  readonly locationId: number
  readonly at: Date
}

/** Whoever Apple refused for good and who began to want something more waits for that too, with the same reason. */
async function noteStanding(tx: Tx, { locationId, at }: Moment, people: readonly DuePerson[]): Promise<void> {
  const standing = people.filter((person) => person.final)
  if (standing.length === 0) return
  const refusals = new Map(
    standing.map(({ id, problem_number: number, problem_detail: detail }) => [
      id,
      { number, detail: detail ?? '' },
    ]),
  )
  const retry = { kind: 'when_changed' } as const
  for (const [refused, ids] of grouped(refusals)) {
    await giveBack(tx, { locationId, ids, at }, { ...refused, retry })
  }
  const userIds = standing.map((person) => person.user_id)
  await sql`UPDATE registrations SET due_at = NULL
    WHERE location_id = ${locationId} AND user_id = ANY(${userIds}::int[])`.execute(tx)
}

/** Apple knows the person already, or nothing is wanted any more. */
async function noteNothingToDo(
  tx: Tx,
  { locationId, at }: Moment,
  people: readonly DuePerson[],
): Promise<void> {
  const known = people.filter((person) => person.status !== null).map((person) => person.user_id)
  await sql`UPDATE registrations SET due_at = NULL,
      registered_at = CASE WHEN user_id = ANY(${known}::int[]) THEN coalesce(registered_at, ${at}) ELSE registered_at END,
      problem_number = NULL, problem_detail = NULL, problem_at = NULL, final = false
    WHERE location_id = ${locationId} AND user_id = ANY(${people.map((person) => person.user_id)}::int[])`.execute(
    tx,
  )
}
