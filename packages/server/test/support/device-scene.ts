/** Devices with certificates of ours, as far as messages need them: what they say is taken as proven. */
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { enrollmentIdentifier } from '@apportion/apple-wire/mdm-check-in'
import { type PlistDict, readPlistDict } from '@apportion/apple-wire/plist'
import type { CommandAnswer, DeviceListener, NewCommand } from '@apportion/server/devices/channel'
import { authenticateRule } from '@apportion/server/mdm/admission'
import { checkIn, type DeviceMessagePorts } from '@apportion/server/mdm/check-in'
import { connect } from '@apportion/server/mdm/connect'
import { deviceFactsListener } from '@apportion/server/mdm/device-facts'
import { type DeviceReply, MessageRefused, refusalReply } from '@apportion/server/mdm/device-reply'
import { mdmChannel } from '@apportion/server/mdm/queue'
import { createRequestLimit } from '@apportion/server/mdm/request-limit'
import { inTransaction } from '@apportion/server/platform/db/transaction'
import { createSecretBox } from '@apportion/server/platform/secrets'
import { sql } from 'kysely'
import { ManualClock } from './manual-clock.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

export const topic = 'com.apple.mgmt.External.11111111-2222-3333-4444-555555555555'

/** A key of zeros, as the test server's. */
export const secrets = createSecretBox(Buffer.alloc(32))

/** A device with the certificate that it got; it knows its own identifiers. */
export interface SceneDevice {
  readonly fingerprint: Buffer
  readonly serialNumber: string
  readonly ids: PlistDict
}

export interface DeviceScene extends AsyncDisposable {
  readonly database: TestDatabase
  readonly clock: ManualClock
  readonly ports: DeviceMessagePorts
  /** Everything that listeners were told, in order. */
  readonly heard: {
    readonly enrolled: number[]
    readonly left: [number, string][]
    readonly answered: CommandAnswer[]
  }
  /** Hands out a profile and its certificate. */
  issue(pending?: {
    ownership?: 'personal' | 'corporate'
    userId?: number
    serialNumber?: string
    renews?: number
    /** The link that the profile is of; default: one of its own. */
    linkId?: string
    /** Stored as the certificate's hash; default: random. */
    fingerprint?: Buffer
  }): Promise<Buffer>
  /** A device with a new certificate and identifiers, that has said nothing. */
  newDevice(ids?: PlistDict): Promise<SceneDevice>
  /** One that has told how it is woken, and has answered what it was asked. Gives its enrollment. */
  enrolledDevice(): Promise<{ readonly device: SceneDevice; readonly id: number }>
  checkIn(device: SceneDevice, message: PlistDict): Promise<DeviceReply>
  report(device: SceneDevice, message: PlistDict): Promise<DeviceReply>
  authenticate(device: SceneDevice, more?: PlistDict): Promise<DeviceReply>
  tokenUpdate(device: SceneDevice, more?: PlistDict): Promise<DeviceReply>
  queue(enrollmentId: number, ...requestTypes: string[]): Promise<string[]>
  /** The rows of a query. */
  rows<Row>(text: ReturnType<typeof sql>): Promise<readonly Row[]>
}

export interface Told {
  readonly id: string
  readonly requestType: string
  readonly command: PlistDict
}

/** The command in an answer; null for "nothing to do". */
export function toldIn({ status, text }: DeviceReply): Told | null {
  if (status !== 200) throw new Error(`The device was answered ${status} ${text ?? ''}`)
  if (text === undefined) return null
  const { CommandUUID: id, Command: command } = readPlistDict(Buffer.from(text))
  if (typeof id !== 'string' || !isDict(command) || typeof command.RequestType !== 'string')
    throw new Error(`That is no command: ${text}`)
  return { id, requestType: command.RequestType, command }
}

function isDict(value: unknown): value is PlistDict {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** In a world of its own, or in that of a server that is under test, which disposes it. */
export async function createDeviceScene(
  listeners: readonly DeviceListener[] = [],
  world?: { readonly database: TestDatabase; readonly clock: ManualClock },
): Promise<DeviceScene> {
  const { database, clock } = world ?? { database: await createTestDatabase(), clock: new ManualClock() }
  const db = database.kysely
  const heard: DeviceScene['heard'] = { enrolled: [], left: [], answered: [] }
  const ear: DeviceListener = {
    enrolled: async (_tx, { id }) => void heard.enrolled.push(id),
    left: async (_tx, { id }, { cause }) => void heard.left.push([id, cause]),
    answered: async (_tx, answer) => void heard.answered.push(answer),
  }
  const others = [ear, ...listeners]
  const log = { warn: () => {}, error: () => {} }
  const ports: DeviceMessagePorts = {
    db,
    secrets,
    newId: randomUUID,
    listeners: [deviceFactsListener({ newId: randomUUID, listeners: others }), ...others],
    url: new URL('https://devices.example'),
    log,
  }
  await sql`INSERT INTO push_certificates (topic, certificate, private_key, not_before, not_after, uploaded_at)
    VALUES (${topic}, 'PEM', '\\x00', ${clock.now()}, ${new Date(clock.now().getTime() + 365 * 86_400_000)}, ${clock.now()})`.execute(
    db,
  )
  const authenticates = createRequestLimit(clock, authenticateRule)
  const refused = (error: unknown): DeviceReply => {
    if (error instanceof MessageRefused) return refusalReply(error.reason)
    throw error
  }
  const scene: DeviceScene = {
    database,
    clock,
    ports,
    heard,
    async issue({
      ownership = 'corporate',
      userId,
      serialNumber,
      renews,
      linkId = randomUUID(),
      fingerprint = randomBytes(32),
    } = {}) {
      const id = randomUUID()
      const at = clock.now()
      await sql`INSERT INTO enrollment_links (id, token_hash, ownership, most_uses, created_by, created_at, expires_at)
        VALUES (${linkId}, ${randomBytes(32)}, ${ownership}, 100, 'Ada', ${at}, ${at})
        ON CONFLICT (id) DO NOTHING`.execute(db)
      await sql`INSERT INTO pending_enrollments (id, link_id, enrollment_id, ownership, user_id, serial_number, challenge_hash,
          created_at, expires_at, issued_at) VALUES (${id}, ${renews === undefined ? linkId : null}, ${renews ?? null},
          ${ownership}, ${userId ?? null}, ${serialNumber ?? null}, ${randomBytes(32)}, ${at}, ${at}, ${at})`.execute(
        db,
      )
      await sql`INSERT INTO identity_certificates (serial_number, fingerprint, pending_id, state, not_before, not_after,
          issued_at) VALUES (${createHash('sha256').update(id).digest('hex')}, ${fingerprint}, ${id}, 'issued', ${at}, ${at}, ${at})`.execute(
        db,
      )
      return fingerprint
    },
    async newDevice(ids = { UDID: randomUUID().toUpperCase() }) {
      const serialNumber = `SIM${randomBytes(4).toString('hex').toUpperCase()}`
      return { fingerprint: await scene.issue(), serialNumber, ids }
    },
    async enrolledDevice() {
      const device = await scene.newDevice()
      await scene.authenticate(device)
      await scene.tokenUpdate(device)
      const asked = toldIn(await scene.report(device, { Status: 'Idle' }))
      await scene.report(device, {
        Status: 'Acknowledged',
        CommandUUID: asked?.id ?? '',
        QueryResponses: { SerialNumber: device.serialNumber },
      })
      const { identifier } = enrollmentIdentifier(device.ids) ?? { identifier: '' }
      const [row] = await scene.rows<{ id: number }>(
        sql`SELECT id FROM enrollments WHERE identifier = ${identifier} AND state = 'enrolled'`,
      )
      if (row === undefined) throw new Error('The device is not enrolled')
      heard.enrolled.length = 0
      heard.answered.length = 0
      return { device, id: row.id }
    },
    checkIn: (device, message) =>
      checkIn(
        { ...ports, authenticates },
        {
          fingerprint: device.fingerprint,
          dict: { ...device.ids, ...message },
          at: clock.now(),
        },
      ).catch(refused),
    report: (device, message) =>
      connect(ports, {
        fingerprint: device.fingerprint,
        dict: { ...device.ids, ...message },
        at: clock.now(),
      }).catch(refused),
    authenticate: (device, more = {}) =>
      scene.checkIn(device, {
        MessageType: 'Authenticate',
        Topic: topic,
        ...('UDID' in device.ids ? { SerialNumber: device.serialNumber } : {}),
        OSVersion: '17.5',
        ProductName: 'iPhone14,5',
        ...more,
      }),
    tokenUpdate: (device, more = {}) =>
      scene.checkIn(device, {
        MessageType: 'TokenUpdate',
        Topic: topic,
        Token: randomBytes(32),
        PushMagic: randomUUID(),
        ...more,
      }),
    async queue(enrollmentId, ...requestTypes) {
      const commands = requestTypes.map(
        (requestType): NewCommand => ({
          enrollmentId,
          id: randomUUID(),
          requestType,
          purpose: 'install',
          parameters: {},
        }),
      )
      await inTransaction(db, (tx) => mdmChannel.queue(tx, commands, clock.now()))
      return commands.map(({ id }) => id)
    },
    async rows<Row>(text: ReturnType<typeof sql>) {
      const { rows } = await text.execute(db)
      return rows as readonly Row[]
    },
    [Symbol.asyncDispose]: async () => {
      if (world === undefined) await database[Symbol.asyncDispose]()
    },
  }
  return scene
}
