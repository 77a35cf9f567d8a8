/**
 * Writes what a registration came to. Who is known may be given licenses; who was refused gives back what was reserved
 * and waits with Apple's reason, until the account changes or the pause is over.
 */
import { causeWithNumber } from '@apportion/core/licenses/ledger-cause'
import { type Retry, refusedRequest, retryOf, unknownPerson } from '@apportion/core/people/registration'
import { sql } from 'kysely'
import { forgetAppleUsers } from '../licenses/apple-users.ts'
import { settle } from '../licenses/books.ts'
import { noteRefusedGifts } from '../licenses/gifts.ts'
import type { Tx } from '../platform/db/database.ts'
import type { NewId } from '../platform/ids.ts'
import { lookAgainAtAssets } from '../platform/outbox.ts'
import { finishUserOperation, insertUserOperation, type UserOperation } from './user-operations.ts'

/** People of a location, by the ids that Apple knows them by. */
interface People {
  readonly locationId: number
  readonly ids: readonly string[]
  readonly at: Date
}

/** People of a request. Who is in a newer one since, or was settled before, is left alone. */
interface Asked {
  readonly operation: UserOperation
  readonly ids: readonly string[]
  readonly at: Date
}

/** A refusal of Apple's. */
export interface Refused {
  readonly number: number | null
  readonly detail: string
}

/** What Apple said of the people of a request that ended; whom it knows was read since. */
export interface EndedRequest {
  readonly failures: ReadonlyMap<string, Refused>
  /** Apple ended it, so who is not done and not named was refused without a reason. */
  readonly isCertain: boolean
  readonly at: Date
}

/** Who is refused without a reason, or with one that contradicts what Apple tells, is asked for again after this. */
const unexplainedMinutes = 15
const afterPause = (at: Date): Date => new Date(at.getTime() + unexplainedMinutes * 60_000)

/** Ends a request by what Apple knows now. */
export async function settleRead(tx: Tx, operation: UserOperation, ended: EndedRequest): Promise<void> {
  const { at, failures, isCertain } = ended
  const done = await settleDone(tx, operation, at)
  for (const [refused, ids] of grouped(failures)) await settleFailure(tx, { operation, ids, at }, refused)
  await sql`UPDATE registrations
    SET operation_id = NULL, due_at = least(due_at, ${isCertain ? afterPause(at) : at}::timestamptz)
    WHERE operation_id = ${operation.id}`.execute(tx)
  const [problem = null] = failures.values()
  await finishUserOperation(tx, operation, { at, completed: done, problem })
}

/** A refusal of a whole request, and whom Apple names as its cause. */
export interface WholeRefusal {
  readonly number: number
  readonly detail: string
  readonly named: readonly string[]
}

/**
 * Apple refused the request before starting anything. Whom it blames waits with its reason; the others are in the next
 * requests.
 */
export async function settleRefused(
  { newId, tx }: { readonly newId: NewId; readonly tx: Tx },
  operation: UserOperation,
  { number, detail, named, at }: WholeRefusal & { readonly at: Date },
): Promise<void> {
  const { id, location_id: locationId, kind, client_user_ids } = operation
  const fate = refusedRequest(number, { ids: client_user_ids, named })
  if (fate.kind === 'blame') await settleFailure(tx, { operation, ids: fate.ids, at }, { number, detail })
  else
    for (const ids of fate.halves) await insertUserOperation(tx, { id: newId(), locationId, kind, ids, at })
  await sql`UPDATE registrations SET operation_id = NULL, due_at = ${at} WHERE operation_id = ${id}`.execute(
    tx,
  )
  await finishUserOperation(tx, operation, { at, completed: 0, problem: { number, detail } })
}

/** Apple refused these people of a request. Somebody whom it does not know, so cannot change, is registered anew. */
async function settleFailure(tx: Tx, { operation, ids, at }: Asked, refused: Refused): Promise<void> {
  if (operation.kind === 'create' || refused.number !== unknownPerson) {
    await refuse(tx, { operation, ids, at }, refused)
    return
  }
  const { rows } = await sql<{ id: string }>`SELECT u.client_user_id::text AS id
    FROM registrations r JOIN users u ON u.id = r.user_id
    WHERE r.operation_id = ${operation.id} AND u.client_user_id::text = ANY(${[...ids]}::text[])`.execute(tx)
  const unknown = rows.map((row) => row.id)
  await forgetAppleUsers(tx, { locationId: operation.location_id, ids: unknown, at })
}

/** Those of a request whom Apple knows as was asked for. Gives how many. */
async function settleDone(tx: Tx, operation: UserOperation, at: Date): Promise<number> {
  const { rows } = await sql<{ id: string }>`SELECT k.client_user_id AS id FROM apple_users k
    WHERE k.location_id = ${operation.location_id} AND k.client_user_id = ANY(${[...operation.client_user_ids]}::text[])
      AND (${operation.kind} = 'create' OR k.status = 'Associated')`.execute(tx)
  const ids = rows.map((row) => row.id)
  await settleRegistered(tx, { operation, ids, at })
  return ids.length
}

/**
 * Apple knows these people: what it refused before is over. Who stays invited although the directory knows an account is
 * asked for again after a pause. An account that became known since the request was recorded has made the person due.
 */
export async function settleRegistered(tx: Tx, { operation, ids, at }: Asked): Promise<void> {
  const locationId = operation.location_id
  const { rows } = await sql<{ user_id: number }>`
    UPDATE registrations r SET operation_id = NULL, registered_at = coalesce(r.registered_at, ${at}),
      problem_number = NULL, problem_detail = NULL, problem_at = NULL, final = false,
      due_at = CASE WHEN k.status = 'Registered' AND u.managed_apple_account IS NOT NULL
        THEN least(r.due_at, ${afterPause(at)}::timestamptz) ELSE r.due_at END
    FROM users u JOIN apple_users k ON k.location_id = ${locationId} AND k.client_user_id = u.client_user_id::text
    WHERE r.location_id = ${locationId} AND r.user_id = u.id AND r.operation_id = ${operation.id}
      AND u.client_user_id::text = ANY(${[...ids]}::text[])
    RETURNING r.user_id`.execute(tx)
  const people = rows.map((row) => row.user_id)
  const { rows: wanted } = await sql<{ asset_id: number }>`
    UPDATE targets SET refused_number = NULL, refused_detail = NULL, retry_at = NULL
    WHERE location_id = ${locationId} AND user_id = ANY(${people}::int[]) AND retry_at IS NOT NULL
    RETURNING asset_id`.execute(tx)
  await lookAgainAtAssets(tx, [...new Set(wanted.map((row) => row.asset_id))])
}

/** Apple refused these people. A change of the account that came meanwhile is tried at once. */
async function refuse(tx: Tx, { operation, ids, at }: Asked, refused: Refused): Promise<void> {
  const locationId = operation.location_id
  const retry = retryOf(refused.number, at)
  const { rows } = await sql<{ id: string }>`UPDATE registrations r SET operation_id = NULL,
      problem_number = ${refused.number}, problem_detail = ${refused.detail}, problem_at = ${at},
      final = ${retry.kind === 'when_changed'} AND r.due_at IS NULL,
      due_at = coalesce(r.due_at, ${retry.kind === 'at' ? retry.at : null}::timestamptz)
    FROM users u WHERE r.location_id = ${locationId} AND u.id = r.user_id AND r.operation_id = ${operation.id}
      AND u.client_user_id::text = ANY(${[...ids]}::text[])
    RETURNING u.client_user_id::text AS id`.execute(tx)
  const refusedNow = rows.map((row) => row.id)
  if (!passes(refused)) await giveBack(tx, { locationId, ids: refusedNow, at }, { ...refused, retry })
}

/** Apple's numbers that pass within minutes: what is reserved stays so. */
const passes = ({ number }: Refused): boolean => number === 9603 || number === 9644

/**
 * What is reserved for people whom Apple does not know and will not know soon goes to others; they keep their places in
 * the queue, and Apple's reason.
 */
export async function giveBack(
  tx: Tx,
  { locationId, ids, at }: People,
  { number, detail, retry }: Refused & { readonly retry: Retry },
): Promise<void> {
  const { rows } = await sql<{ id: string }>`SELECT i.id FROM unnest(${[...ids]}::text[]) AS i(id)
    WHERE NOT EXISTS (SELECT 1 FROM apple_users k WHERE k.location_id = ${locationId} AND k.client_user_id = i.id)`.execute(
    tx,
  )
  const strangers = rows.map((row) => row.id)
  await settle(
    tx,
    { at, cause: causeWithNumber('refused_by_apple', number), operationId: null },
    {
      change: sql`DELETE FROM licenses l WHERE l.location_id = ${locationId} AND l.holder_kind = 'user'
        AND l.holder = ANY(${strangers}::text[]) AND l.state = 'granting' AND l.operation_id IS NULL`,
      counts: sql`reserved = a.reserved - c.n`,
      ledger: 'refused',
    },
  )
  const gifts = { locationId, assetIds: null, holderKind: 'user', holders: strangers } as const
  await noteRefusedGifts(tx, gifts, { number, detail, at })
  const retryAt = retry.kind === 'at' ? sql`${retry.at}::timestamptz` : sql`'infinity'::timestamptz`
  const { rows: waiting } = await sql<{ asset_id: number }>`
    UPDATE targets t SET refused_number = ${number}, refused_detail = ${detail}, retry_at = ${retryAt}
    FROM users u WHERE t.location_id = ${locationId} AND t.user_id = u.id AND t.wants
      AND u.client_user_id::text = ANY(${strangers}::text[])
    RETURNING t.asset_id`.execute(tx)
  await lookAgainAtAssets(tx, [...new Set(waiting.map((row) => row.asset_id))])
}

/** People with the same refusal together. */
export function grouped(
  failures: ReadonlyMap<string, Refused>,
): readonly (readonly [Refused, readonly string[]])[] {
  const groups = new Map<string, [Refused, string[]]>()
  for (const [id, refused] of failures) {
    const key = `${refused.number} ${refused.detail}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [refused, [id]])
    else group[1].push(id)
  }
  return [...groups.values()]
}
