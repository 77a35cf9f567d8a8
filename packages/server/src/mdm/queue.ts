/**
 * The commands of each device in the order in which it is told them (D1), for every way to reach devices.
 *
 * A command stays at the head until its answer is there, so that a broken connection delivers it again; one that the
 * device put off (`NotNow`) is passed over until it asks anew. Whoever changes a device's queue holds its enrollment's
 * row, so that two connections of one device cannot settle a command twice.
 */
import { type PlistValue, writePlist } from '@apportion/apple-wire/plist'
import { burst } from '@apportion/core/devices/waking'
import { sql } from 'kysely'
import type { AskedCommand, ChannelName, DeviceChannel, DeviceError, NewCommand } from '../devices/channel.ts'
import { openStates } from '../devices/open-commands.ts'
import type { Tx } from '../platform/db/database.ts'
import { prepared } from '../platform/db/prepared.ts'

/** The built-in MDM endpoint as a way to reach devices. */
export const mdmChannel: DeviceChannel = storedChannel('mdm')

/** A way to reach devices whose commands are stored first, and told or passed on from there. */
export function storedChannel(name: ChannelName): DeviceChannel {
  return {
    name,
    queue: (tx, commands, at) => queueCommands(tx, commands, { name, at }),
    withdraw: (tx, commands) => withdrawCommands(tx, commands, name),
  }
}

/** Commands written by one statement; a payload has some hundred bytes. */
const batch = 1000

/** Under which name commands are queued, and when. */
interface Queueing {
  readonly name: ChannelName
  readonly at: Date
}

async function queueCommands(tx: Tx, commands: readonly NewCommand[], queueing: Queueing): Promise<void> {
  for (let from = 0; from < commands.length; from += batch) {
    await queueBatch(tx, commands.slice(from, from + batch), queueing)
  }
}

/** Locks in the order of ids, so that two who queue for the same devices cannot deadlock. */
async function queueBatch(tx: Tx, commands: readonly NewCommand[], { name, at }: Queueing): Promise<void> {
  const rows = commands.map((command) => ({
    enrollment_id: command.enrollmentId,
    id: command.id.toLowerCase(),
    request_type: command.requestType,
    purpose: command.purpose,
    subject: command.subject ?? {},
    payload: payloadOf(command),
  }))
  await sql`
    WITH asked AS MATERIALIZED (
      SELECT * FROM ROWS FROM (jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS (enrollment_id int, id uuid, request_type text, purpose text, subject jsonb, payload text))
        WITH ORDINALITY AS given(enrollment_id, id, request_type, purpose, subject, payload, place)
    ), reached AS MATERIALIZED (
      SELECT e.id FROM enrollments e WHERE e.id IN (SELECT enrollment_id FROM asked)
        AND e.channel = ${name} AND e.state <> 'left' ORDER BY e.id FOR UPDATE
    ), added AS (
      INSERT INTO commands (enrollment_id, id, request_type, purpose, subject, payload, state, queued_at, pass_at)
      SELECT a.enrollment_id, a.id, a.request_type, a.purpose, a.subject, a.payload, 'queued', ${at},
        CASE WHEN ${name} = 'nanomdm' THEN ${at}::timestamptz END
      FROM asked a JOIN reached r ON r.id = a.enrollment_id ORDER BY a.place
      ON CONFLICT (enrollment_id, id) DO NOTHING RETURNING enrollment_id
    )
    UPDATE enrollments e SET wake_attempts = 0, wake_at = least(e.wake_at,
        greatest(${at}::timestamptz, e.woken_at + make_interval(secs => ${burst / 1000})))
    WHERE e.id IN (SELECT enrollment_id FROM added) AND e.state = 'enrolled'
      AND (e.channel = 'nanomdm' OR (e.push_token IS NOT NULL AND e.push_lost_at IS NULL))`.execute(tx)
}

function payloadOf({ id, requestType, parameters }: NewCommand): string {
  const command: Record<string, PlistValue> = { RequestType: requestType, ...parameters }
  return writePlist({ CommandUUID: id.toLowerCase(), Command: command })
}

async function withdrawCommands(
  tx: Tx,
  commands: readonly { readonly enrollmentId: number; readonly id: string }[],
  name: ChannelName,
): Promise<void> {
  if (commands.length === 0) return
  const enrollmentIds = commands.map(({ enrollmentId }) => enrollmentId)
  await sql`SELECT 1 FROM enrollments WHERE id = ANY(${enrollmentIds}::int[]) AND channel = ${name}
    ORDER BY id FOR UPDATE`.execute(tx)
  await sql`UPDATE commands c SET state = 'void', payload = NULL
    FROM unnest(${enrollmentIds}::int[], ${commands.map(({ id }) => id)}::uuid[]) AS given(enrollment_id, id)
    WHERE c.enrollment_id = given.enrollment_id AND c.id = given.id AND c.state IN ('queued', 'not_now')
      AND EXISTS (SELECT FROM enrollments e WHERE e.id = c.enrollment_id AND e.channel = ${name})`.execute(tx)
}

/** How a command ended. */
export type SettledState = 'done' | 'failed' | 'malformed'

/**
 * Settles a command that was delivered, and gives it; undefined when the device has no such command open: it was settled
 * before, is another device's, or nobody's. The enrollment's row has to be locked.
 */
export async function settleCommand(
  tx: Tx,
  { enrollmentId, id }: { readonly enrollmentId: number; readonly id: string },
  answer: { readonly state: SettledState; readonly errors: readonly DeviceError[]; readonly at: Date },
): Promise<AskedCommand | undefined> {
  const { rows } = await sql<AskedCommand>`${prepared('settle_command')}
    UPDATE commands SET state = ${answer.state}, payload = NULL, answered_at = ${answer.at},
      errors = ${JSON.stringify(answer.errors)}::jsonb
    WHERE enrollment_id = ${enrollmentId} AND id = ${id}::uuid AND state IN ${openStates}
      AND deliveries > 0
    RETURNING id::text, request_type AS "requestType", purpose, subject`.execute(tx)
  return rows[0]
}

/** Passes a command over until the device asks anew; does nothing when it is not open. */
export async function putOffCommand(
  tx: Tx,
  { enrollmentId, id }: { readonly enrollmentId: number; readonly id: string },
): Promise<void> {
  await sql`UPDATE commands SET state = 'not_now'
    WHERE enrollment_id = ${enrollmentId} AND id = ${id}::uuid AND state = 'sent'`.execute(tx)
}

/** Ends everything that these devices have not answered (Authenticate, CheckOut). */
export async function voidCommands(tx: Tx, enrollmentIds: readonly number[]): Promise<void> {
  if (enrollmentIds.length === 0) return
  await sql`UPDATE commands SET state = 'void', payload = NULL
    WHERE enrollment_id = ANY(${[...enrollmentIds]}::int[]) AND state IN ${openStates}`.execute(tx)
}
