/** A NanoMDM peer, the address that it tells, and what is sent to it, each step run by hand. */
import { randomBytes, randomUUID } from 'node:crypto'
import { type PlistDict, readPlistDict, writePlist } from '@apportion/apple-wire/plist'
import { dictField, textField } from '@apportion/apple-wire/plist-fields'
import type { CommandAnswer, DeviceListener, NewCommand } from '@apportion/server/devices/channel'
import { deviceFactsListener } from '@apportion/server/mdm/device-facts'
import { createNanoMdmApi } from '@apportion/server/nanomdm/api'
import { askAgain } from '@apportion/server/nanomdm/ask-again'
import { nanoChannel } from '@apportion/server/nanomdm/channel'
import { nanoMdmCounts } from '@apportion/server/nanomdm/health'
import { sendDue } from '@apportion/server/nanomdm/send'
import { nanoWebhookPath, nanoWebhookRoute } from '@apportion/server/nanomdm/webhook'
import { inTransaction } from '@apportion/server/platform/db/transaction'
import { buildApp } from '@apportion/server/platform/http/app'
import { sql } from 'kysely'
import { MdmPeer } from '../../../apple-sim/test/support/mdm-peer.ts'
import { NanoMdmPeer } from '../../../apple-sim/test/support/nanomdm-peer.ts'
import { topic } from './device-scene.ts'
import { ManualClock } from './manual-clock.ts'
import { createTestDatabase } from './test-database.ts'
import { memoryLog } from './test-server.ts'

export const apiKey = 'the key of the API'
export const webhookKey = 'the key of the webhook'

/** A device that has told NanoMDM nothing but its name. */
export class NanoDevice {
  readonly udid = randomUUID().toUpperCase()
  readonly serialNumber = `NANO${randomBytes(4).toString('hex').toUpperCase()}`
  readonly #peer: NanoMdmPeer

  constructor(peer: NanoMdmPeer) {
    this.#peer = peer
  }

  authenticate(): void {
    const { serialNumber } = this
    this.checkIn({
      MessageType: 'Authenticate',
      Topic: topic,
      SerialNumber: serialNumber,
      ProductName: 'iPhone14,5',
    })
  }

  tokenUpdate(): void {
    const Token = randomBytes(32)
    this.checkIn({ MessageType: 'TokenUpdate', Topic: topic, Token, PushMagic: randomUUID() })
  }

  checkOut(): void {
    this.checkIn({ MessageType: 'CheckOut', Topic: topic })
  }

  checkIn(message: PlistDict): void {
    this.#peer.say(Buffer.from(writePlist({ UDID: this.udid, ...message })), true)
  }

  /** The next command. */
  report(message: PlistDict): { readonly id: string; readonly requestType: string } | null {
    const { body } = this.#peer.say(Buffer.from(writePlist({ UDID: this.udid, ...message })), false)
    if (body === undefined) return null
    const dict = readPlistDict(Buffer.from(body))
    const requestType = textField(dictField(dict, 'Command') ?? {}, 'RequestType')
    return { id: textField(dict, 'CommandUUID') ?? '', requestType: requestType ?? '' }
  }

  /** Asks, and does all that it is told; gives the kinds of the commands. */
  comesBy(): string[] {
    const kinds: string[] = []
    for (let told = this.report({ Status: 'Idle' }); told !== null; ) {
      kinds.push(told.requestType)
      const facts =
        told.requestType === 'DeviceInformation'
          ? { QueryResponses: { SerialNumber: this.serialNumber, OSVersion: '18.1' } }
          : {}
      told = this.report({ Status: 'Acknowledged', CommandUUID: told.id, ...facts })
    }
    return kinds
  }
}

export async function createNanoScene(listeners: readonly DeviceListener[] = []) {
  const database = await createTestDatabase()
  const clock = new ManualClock()
  const db = database.kysely
  const heard = {
    enrolled: [] as number[],
    left: [] as [number, string][],
    answered: [] as CommandAnswer[],
  }
  const ear: DeviceListener = {
    enrolled: async (_tx, { id }) => void heard.enrolled.push(id),
    left: async (_tx, { id }, { cause }) => void heard.left.push([id, cause]),
    answered: async (_tx, answer) => void heard.answered.push(answer),
  }
  const others = [ear, ...listeners]
  const logged: string[] = []
  const log = memoryLog(logged)
  const woken: string[] = []
  const peer = new NanoMdmPeer({
    apiKey,
    webhookKey,
    authority: new MdmPeer().authority,
    now: () => clock.now().getTime(),
    wake: (identifier) => void woken.push(identifier),
  })
  await peer.listen()
  const port = Number(new URL(peer.origin).port)
  const facts = deviceFactsListener({ newId: randomUUID, listeners: others, channel: nanoChannel })
  const shared = { db, clock, log, listeners: [facts, ...others] }
  const app = await buildApp({
    log,
    authenticate: () => Promise.reject(new Error('Nobody signs in here')),
    routes: [(http) => nanoWebhookRoute(http, { ...shared, webhookKey })],
    publicUrl: null,
    trustProxy: false,
    consoleFolder: '/nowhere',
    version: '0',
  })
  const webhookUrl = `${await app.listen({ port: 0, host: '127.0.0.1' })}${nanoWebhookPath}`
  peer.webhookUrl = webhookUrl
  const apiFor = (key: string) => createNanoMdmApi({ url: new URL(peer.origin), apiKey: key, fetch })
  const api = apiFor(apiKey)

  const scene = {
    database,
    db,
    clock,
    heard,
    logged,
    woken,
    peer,
    port,
    webhookUrl,
    device: () => new NanoDevice(peer),
    /** Passes on and wakes, until there is nothing more; `key` instead of the right one. */
    async send(key?: string, signal?: AbortSignal): Promise<void> {
      const ports = { ...shared, api: key === undefined ? api : apiFor(key) }
      while ((await sendDue(ports, signal)) > 0) await peer.posted()
    },
    askAgain: () => askAgain({ db, clock, newId: randomUUID }),
    counts: async () => (await nanoMdmCounts(db)).nanomdm,
    /** The newest enrollment of a device. */
    async enrollment({ udid }: NanoDevice) {
      const [row] = await scene.rows<{
        id: number
        state: string
        wake_at: Date | null
        serial: string | null
      }>(
        sql`SELECT e.id, e.state, e.wake_at, d.serial_number AS serial FROM enrollments e
          LEFT JOIN devices d ON d.id = e.device_id WHERE e.identifier = ${udid} ORDER BY e.id DESC LIMIT 1`,
      )
      return row
    },
    /** One that is enrolled and has answered what it was asked. */
    async enrolledDevice(): Promise<{ readonly device: NanoDevice; readonly id: number }> {
      const device = scene.device()
      device.authenticate()
      device.tokenUpdate()
      await peer.posted()
      await scene.send()
      device.comesBy()
      await peer.posted()
      const row = await scene.enrollment(device)
      if (row?.state !== 'enrolled') throw new Error(`The device is not enrolled: ${logged.join('\n')}`)
      // It was woken a moment ago.
      await clock.advance(3000)
      heard.enrolled.length = 0
      heard.answered.length = 0
      woken.length = 0
      peer.asked.length = 0
      return { device, id: row.id }
    },
    async queue(enrollmentId: number, ...requestTypes: string[]): Promise<string[]> {
      const commands = requestTypes.map(
        (requestType): NewCommand => ({
          enrollmentId,
          id: randomUUID(),
          requestType,
          purpose: 'install',
          parameters: {},
        }),
      )
      await inTransaction(db, (tx) => nanoChannel.queue(tx, commands, clock.now()))
      return commands.map(({ id }) => id)
    },
    async rows<Row>(text: ReturnType<typeof sql>): Promise<readonly Row[]> {
      const { rows } = await text.execute(db)
      return rows as readonly Row[]
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await peer[Symbol.asyncDispose]()
      await app.close()
      await database[Symbol.asyncDispose]()
    },
  }
  return scene
}

export type NanoScene = Awaited<ReturnType<typeof createNanoScene>>
