/**
 * Devices that come by: with nothing waiting, and with a command that they fetch and answer. The least is a bare server
 * that proves each message, asks the database one question for it, and for an answer commits one change.
 */
import { fork } from 'node:child_process'
import { randomUUID, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { writePlist } from '@apportion/apple-wire/plist'
import { openDeviceListener } from '@apportion/server/mdm/device-listener'
import { verifyMdmSignature } from '@apportion/server/mdm/mdm-signature'
import { mdmChannel } from '@apportion/server/mdm/queue'
import { systemClock } from '@apportion/server/platform/clock'
import type { Db } from '@apportion/server/platform/db/database'
import { inTransaction } from '@apportion/server/platform/db/transaction'
import { createLog } from '@apportion/server/platform/log'
import { createSecretBox } from '@apportion/server/platform/secrets'
import { sql } from 'kysely'
import { type EnrolledFleet, type FleetSize, signedReport, storeEnrolledFleet } from './device-fleet.ts'
import type { DeviceLoad, LoadResult } from './device-load.ts'
import { startBenchDatabase } from './fleet.ts'
import type { BenchCase } from './report.ts'

type Conversations = DeviceLoad['conversations']

/** Connections that devices have open at once. */
const atOnce = 32

/** Measures fleets of which some devices come by, once for each case. */
export async function* checkInCases(sizes: readonly FleetSize[]): AsyncIterable<BenchCase> {
  for (const size of sizes) {
    await using bench = await startBenchDatabase()
    const { db } = bench
    const fleet = await storeEnrolledFleet(db, size)
    await using server = await openListener(db)
    await using bare = await openBare(db)
    const name = `of ${size.enrolled.toLocaleString('en')} devices ${size.coming.toLocaleString('en')}`
    const idle = idleReports(fleet)
    await send(bare.url, idle)
    const floor = await send(bare.url, idle)
    yield compared(`${name} come by with nothing waiting`, await send(server.url, idle), floor)
    const cycles = await queueOne(db, fleet, idle)
    const least = await send(bare.url, cycles)
    yield compared(`${name} fetch and answer one command`, await send(server.url, cycles), least)
  }
}

interface Measured extends LoadResult {
  readonly messages: number
  readonly peakMb: number
}

function compared(name: string, measured: Measured, floor: Measured): BenchCase {
  const value = (measured.seconds * 1000) / measured.messages
  const least = (floor.seconds * 1000) / floor.messages
  return {
    bench: 'checkin',
    case: name,
    value,
    floor: least,
    ratio: value / least,
    unit: 'ms a message',
    extra: {
      messagesPerSecond: measured.messages / measured.seconds,
      p99Ms: measured.p99Milliseconds,
      peakMb: measured.peakMb,
      messages: measured.messages,
      told: measured.told,
      refused: measured.messages - (measured.statuses['200'] ?? 0),
    },
  }
}

/** Sends everything from a process of its own. */
async function send(url: string, conversations: Conversations): Promise<Measured> {
  const devices = fork(join(import.meta.dirname, 'device-load.ts'), { serialization: 'advanced' })
  let peak = 0
  const sampling = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss())
  }, 20)
  try {
    devices.send({ url, conversations, atOnce } satisfies DeviceLoad)
    const [result] = (await once(devices, 'message')) as [LoadResult]
    const messages = conversations.reduce((sum, each) => sum + each.length, 0)
    return { ...result, messages, peakMb: Math.max(peak, process.memoryUsage.rss()) / 2 ** 20 }
  } finally {
    clearInterval(sampling)
    devices.disconnect()
  }
}

function idleReports(fleet: EnrolledFleet): Conversations {
  return fleet.devices.map((device) => {
    const idle = writePlist({ UDID: device.identifier, Status: 'Idle' })
    return [signedReport(fleet, device, idle)]
  })
}

/** One command for each device; it fetches that and answers it. */
async function queueOne(db: Db, fleet: EnrolledFleet, idle: Conversations): Promise<Conversations> {
  const { rows } = await sql<{
    id: number
    identifier: string
  }>`SELECT id, identifier FROM enrollments`.execute(db)
  const enrollments = new Map(rows.map(({ id, identifier }) => [identifier, id]))
  const asked = fleet.devices.map((device) => ({ device, id: randomUUID() }))
  const commands = asked.map(({ device, id }) => ({
    enrollmentId: enrollments.get(device.identifier) ?? 0,
    id,
    requestType: 'ManagedApplicationList',
    purpose: 'managed_apps' as const,
    parameters: {},
  }))
  await inTransaction(db, (tx) => mdmChannel.queue(tx, commands, new Date()))
  return asked.map(({ device, id }, index) => {
    const answer = {
      UDID: device.identifier,
      Status: 'Acknowledged',
      CommandUUID: id,
      ManagedApplicationList: {},
    }
    return [...(idle[index] ?? []), signedReport(fleet, device, writePlist(answer))]
  })
}

function openListener(db: Db) {
  return openDeviceListener({
    db,
    clock: systemClock,
    log: createLog({ level: 'silent', format: 'json' }),
    secrets: createSecretBox(Buffer.alloc(32)),
    newId: randomUUID,
    listeners: [],
    host: '127.0.0.1',
    url: new URL('https://devices.example'),
    config: { port: 0, certificateHeader: null, allowSha1: false },
    trustProxy: false,
    pages: () => undefined,
  })
}

/** What no server can do without. */
async function openBare(db: Db): Promise<{ readonly url: string } & AsyncDisposable> {
  const authorities = await sql<{ certificate: Buffer }>`SELECT certificate FROM device_authorities`.execute(
    db,
  )
  const trusted = authorities.rows.map(({ certificate }) => new X509Certificate(certificate))
  const server = createServer({ maxHeaderSize: 64 * 1024 }, (request, response) => {
    const work = async () => {
      const body = await buffer(request)
      const header = request.headersDistinct['mdm-signature']?.[0]
      const proof = { header, body, authorities: trusted, now: new Date(), allowSha1: true }
      const { fingerprint } = verifyMdmSignature(proof)
      await (body.includes('Acknowledged')
        ? sql`UPDATE identity_certificates SET issued_at = now() WHERE fingerprint = ${fingerprint}`.execute(
            db,
          )
        : sql`SELECT state FROM identity_certificates WHERE fingerprint = ${fingerprint}`.execute(db))
      response.writeHead(200, { 'content-length': 0 }).end()
    }
    work().catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}
