/** Devices under management, and what they say: by the server's own parts, without the messages of Apple's protocol. */
import { randomUUID } from 'node:crypto'
import type { PlistDict } from '@apportion/apple-wire/plist'
import type { CommandPurpose, DeviceError, Enrolled } from '@apportion/server/devices/channel'
import { installsListener } from '@apportion/server/installs/hear'
import { mdmChannel } from '@apportion/server/mdm/queue'
import type { Database } from '@apportion/server/platform/db/database'
import { inTransaction } from '@apportion/server/platform/db/transaction'
import { wakeLocation } from '@apportion/server/platform/outbox'
import { sql } from 'kysely'
import { until } from '../../support/books.ts'

type Db = Database['kysely']

const listener = installsListener({ channel: mdmChannel, newId: () => randomUUID() })

/** Enrolls these devices of the directory, so that what is meant for them is delivered. */
export async function enroll(db: Db, serialNumbers: readonly string[]): Promise<void> {
  const at = new Date()
  await inTransaction(db, async (tx) => {
    const { rows } = await sql<{ id: number; device_id: number }>`
      INSERT INTO enrollments (channel, identifier, kind, device_id, ownership, state, authenticated_at, enrolled_at,
        last_seen_at)
      SELECT 'mdm', '00008120-' || serial_number, 'device', id, 'corporate', 'enrolled', ${at}, ${at}, ${at}
      FROM devices WHERE serial_number = ANY(${serialNumbers}::text[]) RETURNING id, device_id`.execute(tx)
    for (const { id, device_id: deviceId } of rows) {
      await listener.enrolled?.(tx, { id, deviceId, kind: 'device', ownership: 'corporate' }, at)
    }
    const { rows: locations } = await sql<{ id: number }>`SELECT id FROM locations`.execute(tx)
    for (const { id } of locations) await wakeLocation(tx, id)
  })
}

/** What a device answers to the command to install an app, which is waited for. */
export async function answerInstall(
  db: Db,
  { serialNumber, adamId }: { readonly serialNumber: string; readonly adamId: string },
  { message = {}, errors = [] }: { readonly message?: PlistDict; readonly errors?: readonly DeviceError[] },
): Promise<void> {
  const commandsOf = async () =>
    (
      await sql<
        Enrolled & { command_id: string }
      >`SELECT e.id, e.device_id AS "deviceId", e.kind, e.ownership,
        c.id AS command_id FROM enrollments e JOIN devices d ON d.id = e.device_id JOIN commands c ON c.enrollment_id = e.id
      WHERE d.serial_number = ${serialNumber} AND e.state = 'enrolled' AND c.purpose = 'install' AND c.state = 'queued'
        AND c.subject ->> 'adamId' = ${adamId}`.execute(db)
    ).rows
  await until(async () => (await commandsOf()).length > 0, 30, `the command for ${serialNumber}`)
  for (const { command_id: id, ...enrollment } of await commandsOf()) {
    await sql`UPDATE commands SET state = ${errors.length === 0 ? 'done' : 'failed'}, payload = NULL, answered_at = now()
      WHERE id = ${id}`.execute(db)
    await say(db, enrollment, { id, purpose: 'install', adamId, message, errors })
  }
}

/** What a device lists as managed: bundle ids with Apple's word for each. */
export async function listManaged(
  db: Db,
  serialNumber: string,
  words: Readonly<Record<string, string>>,
): Promise<void> {
  const { rows } =
    await sql<Enrolled>`SELECT e.id, e.device_id AS "deviceId", e.kind, e.ownership FROM enrollments e
    JOIN devices d ON d.id = e.device_id WHERE d.serial_number = ${serialNumber} AND e.state = 'enrolled'`.execute(
      db,
    )
  const list = Object.fromEntries(Object.entries(words).map(([id, Status]) => [id, { Status }]))
  for (const enrollment of rows) {
    const message = { ManagedApplicationList: list }
    await say(db, enrollment, { id: randomUUID(), purpose: 'managed_apps', message, errors: [] })
  }
}

interface Said {
  readonly id: string
  readonly purpose: CommandPurpose
  readonly adamId?: string
  readonly message: PlistDict
  readonly errors: readonly DeviceError[]
}

async function say(db: Db, enrollment: Enrolled, said: Said): Promise<void> {
  const { id, purpose, adamId, message, errors } = said
  const requestType = purpose === 'install' ? 'InstallApplication' : 'ManagedApplicationList'
  await inTransaction(db, (tx) =>
    Promise.resolve(
      listener.answered?.(tx, {
        enrollment,
        command: { id, requestType, purpose, subject: adamId === undefined ? {} : { adamId } },
        status: errors.length === 0 ? 'Acknowledged' : 'Error',
        message,
        errors,
        at: new Date(),
      }),
    ),
  )
}
