/**
 * Learns what requests about people came to, where no notification told: by the status of Apple's event, and then by
 * reading whom Apple knows, which also tells the invitations.
 */
import type { StatusResponse } from '@apportion/apple-wire/messages'
import { AppleError, AppsBooksError } from '@apportion/apps-books/errors'
import { pendingStep, readBackAt } from '@apportion/core/licenses/polling'
import { sql } from 'kysely'
import { silentProgress } from '../licenses/sync/progress.ts'
import type { Reading, SyncPorts } from '../licenses/sync/sync.ts'
import { readOneUser, readUsers } from '../licenses/sync/users.ts'
import { withLease } from '../platform/leases.ts'
import type { LocationTurn } from '../platform/location-work.ts'
import type { AppleConnection } from '../tokens/apple.ts'
import { noteVerdict, tokenVerdict } from '../tokens/verdict.ts'
import { type Refused, settleRead } from './settle-registrations.ts'
import { dueUserOperations, lookAt, markUnknown, type UserOperation } from './user-operations.ts'

/** Up to so many people are read one by one, a request each; more are found among all changes. */
const readOneByOne = 10

/** Looks at what is due and ends what Apple has ended, or what it does not tell of any more. */
export async function lookAtRegistrations(ports: SyncPorts, turn: LocationTurn): Promise<void> {
  const { locationId } = turn.lease
  const connection = await ports.apple.connect(locationId, 'read', turn.signal)
  try {
    const ended: Ended[] = []
    for (const operation of await dueUserOperations(ports.db, locationId, ports.clock.now())) {
      const end = await askFor(ports, turn, { connection, operation })
      if (end !== null) ended.push(end)
    }
    if (ended.length === 0) return
    const reading = { ports, turn, connection, progress: silentProgress(ports.newId()) }
    await readPeople(
      reading,
      ended.flatMap(({ operation }) => operation.client_user_ids),
    )
    for (const { operation, ...end } of ended) await settle(ports, turn, { operation, ...end })
  } catch (error) {
    await noteVerdict(ports.db, connection.location, error)
    throw error
  }
}

/** A request that ended, with Apple's reasons for those of its people whom it refused. */
interface Ended {
  readonly operation: UserOperation
  readonly failures: ReadonlyMap<string, Refused>
  readonly isCertain: boolean
}

interface Looking {
  readonly connection: AppleConnection
  readonly operation: UserOperation
}

/** How a request ended; null when it has not yet, or cannot be asked for now. */
async function askFor(ports: SyncPorts, turn: LocationTurn, looking: Looking): Promise<Ended | null> {
  const { operation } = looking
  const uncertain = { operation, failures: new Map<string, Refused>(), isCertain: false }
  if (operation.state === 'unknown') return uncertain
  const status = await askStatus(looking)
  const now = ports.clock.now()
  if (status === 'forgotten') return uncertain
  if (status === 'unheard') {
    await lookAt(ports.db, operation.id, readBackAt(now))
    return null
  }
  if (status.eventStatus === 'COMPLETE' || status.eventStatus === 'FAILED')
    return { operation, failures: failuresOf(operation, status), isCertain: true }
  const step = pendingStep(operation.sent_at ?? now, now)
  if (step.kind === 'look_again') await lookAt(ports.db, operation.id, step.at)
  else await withLease(ports.db, turn.lease, (tx) => markUnknown(tx, operation.id, readBackAt(now)))
  return null
}

/** Apple's word on an event; `forgotten` when it does not know it (9708), `unheard` when it does not answer now. */
async function askStatus({
  connection,
  operation,
}: Looking): Promise<StatusResponse | 'forgotten' | 'unheard'> {
  if (operation.event_id === null) return 'forgotten'
  try {
    return await connection.client.status(operation.event_id)
  } catch (error) {
    if (error instanceof AppleError && error.errorNumber === 9708) return 'forgotten'
    const isApples = error instanceof AppleError || error instanceof AppsBooksError
    if (isApples && tokenVerdict(error) === null) return 'unheard'
    throw error
  }
}

/** Apple's failures person by person; one that names nobody is about all of the request. */
function failuresOf(operation: UserOperation, status: StatusResponse): ReadonlyMap<string, Refused> {
  const failures = new Map<string, Refused>()
  for (const { errorNumber: number, errorMessage, errorInfo } of status.failures ?? []) {
    const refused = { number, detail: errorMessage ?? `Apple's error ${number}` }
    for (const id of errorInfo?.clientUserIds ?? operation.client_user_ids) failures.set(id, refused)
  }
  return failures
}

/** Reads these people from Apple. */
async function readPeople(reading: Reading, ids: readonly string[]): Promise<void> {
  const { ports, turn } = reading
  if (ids.length <= readOneByOne) {
    for (const id of ids) await readOneUser(reading, id)
    return
  }
  const { version } = await readUsers(reading)
  await sql`UPDATE locations SET users_version = ${version} WHERE id = ${turn.lease.locationId}`.execute(
    ports.db,
  )
}

/** Writes under the lease, and only while nobody else has ended the request. */
async function settle(ports: SyncPorts, turn: LocationTurn, { operation, ...end }: Ended): Promise<void> {
  await withLease(ports.db, turn.lease, async (tx) => {
    const { rows } =
      await sql`SELECT 1 FROM user_operations WHERE id = ${operation.id} AND finished_at IS NULL FOR UPDATE`.execute(
        tx,
      )
    if (rows.length > 0) await settleRead(tx, operation, { ...end, at: ports.clock.now() })
  })
}
