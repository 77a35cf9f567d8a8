/**
 * Wakes the devices that are due (MDM protocol, APNs): `enrollments.wake_at` says who, so a lost push costs time and never
 * a command. Several server processes share the work.
 */
import { createPrivateKey } from 'node:crypto'
import type { PushAnswer } from '@apportion/core/devices/push-verdict'
import { isTokenDead, pushVerdict } from '@apportion/core/devices/push-verdict'
import { dailyWake, nextPush } from '@apportion/core/devices/waking'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db/database.ts'
import { type SecretBox, SecretError } from '../platform/secrets.ts'
import { createPushClient, type PushClient, PushUnreachable } from './apns.ts'
import {
  type DueDevice,
  noteCertificateRefused,
  notePostponed,
  notePushLost,
  noteWoken,
  takeDue,
  type UsableCertificate,
  usableCertificates,
} from './due-devices.ts'

/** What waking devices touches. */
export interface PushPorts {
  readonly db: Db
  readonly clock: Clock
  readonly secrets: SecretBox
  readonly pushUrl: URL
  /** PEM; null for the authorities that Node trusts. */
  readonly pushAuthorities: string | null
  readonly log: {
    warn(facts: object, message: string): void
    error(facts: object, message: string): void
  }
}

const second = 1000
/**
 * Devices woken in a second at most, by one process. Each comes with some messages at once: a fleet that is woken in one
 * instant would only wait for the database.
 */
export const mostInASecond = 400
/** How long no other process takes a device that was taken; pushes take seconds. */
const lease = 5 * 60 * second
/** Apple keeps a push for a device that is off for so long. */
const keptFor = 7 * 24 * 3600 * second

/** What wakes devices; disposing ends the connections. */
export interface Pusher extends AsyncDisposable {
  /** Wakes those that are due, at most `mostInASecond`, and gives how many were taken. */
  wakeDue(): Promise<number>
}

interface Connection {
  readonly row: UsableCertificate
  readonly client: PushClient
  /** Apple has refused the certificate: what was not sent yet stays. */
  refused: boolean
}

/** One that has no connection yet: each certificate gets its own when it is needed. */
export function createPusher(ports: PushPorts): Pusher {
  const connections = new Map<string, Connection>()
  return {
    async wakeDue() {
      const now = ports.clock.now()
      await follow(ports, connections, await usableCertificates(ports.db, now))
      if (connections.size === 0) return 0
      const leasedUntil = new Date(now.getTime() + lease)
      const topics = [...connections.keys()]
      const due = await takeDue(ports.db, { topics, most: mostInASecond, now, leasedUntil })
      const outcomes = await Promise.all(
        due.map(async (device) => ({
          device,
          outcome: await wake(ports, connections.get(device.topic), device),
        })),
      )
      await settle(ports, outcomes, leasedUntil)
      return due.length
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...connections.values()].map(({ client }) => client[Symbol.asyncDispose]()))
    },
  }
}

/** Keeps one connection for each certificate that can be used; a replaced one gets another. */
async function follow(
  ports: PushPorts,
  connections: Map<string, Connection>,
  usable: readonly UsableCertificate[],
): Promise<void> {
  const current = new Map(usable.map((row) => [row.topic, row]))
  for (const [topic, { row, client }] of connections) {
    if (current.get(topic)?.uploadedAt.getTime() === row.uploadedAt.getTime()) continue
    connections.delete(topic)
    await client[Symbol.asyncDispose]()
  }
  for (const row of usable) {
    if (connections.has(row.topic)) continue
    const client = open(ports, row)
    if (client !== undefined) connections.set(row.topic, { row, client, refused: false })
  }
}

function open(ports: PushPorts, row: UsableCertificate): PushClient | undefined {
  const { secrets, pushUrl: url, pushAuthorities, clock, log } = ports
  try {
    const privateKey = pemOf(secrets.open(row.privateKey, `push-key:${row.topic}`))
    const { certificate } = row
    return createPushClient({
      url,
      certificate,
      privateKey,
      authorities: pushAuthorities ?? undefined,
      clock,
      log,
    })
  } catch (error) {
    log.error({ err: error, topic: row.topic }, 'The push certificate cannot be used; replace it')
    return undefined
  }
}

function pemOf(key: Buffer): string {
  const isPem = key.toString('latin1', 0, 10) === '-----BEGIN'
  const read = createPrivateKey(isPem ? key : { key, format: 'der', type: 'pkcs8' })
  return read.export({ format: 'pem', type: 'pkcs8' }).toString()
}

/** What came of one push. */
type Outcome =
  | { readonly kind: 'woken' | 'lost' | 'later' }
  /** Not sent: the certificate was refused meanwhile. */
  | { readonly kind: 'kept' }

async function wake(
  ports: PushPorts,
  connection: Connection | undefined,
  device: DueDevice,
): Promise<Outcome> {
  if (connection === undefined || connection.refused) return { kind: 'kept' }
  const { clock, secrets, log } = ports
  try {
    const answer = await connection.client.push({
      token: secrets.open(device.token, `push-token:${device.id}`),
      magic: secrets.open(device.magic, `push-magic:${device.id}`).toString(),
      topic: device.topic,
      expiresAt: new Date(clock.now().getTime() + keptFor),
    })
    return await hear(ports, connection, { device, answer })
  } catch (error) {
    if (error instanceof PushUnreachable) {
      log.warn({ enrollment: device.id, err: error }, 'A push was not sent')
      return { kind: 'later' }
    }
    if (!(error instanceof SecretError)) throw error
    // Only the device can tell its token anew.
    log.error({ enrollment: device.id, err: error }, 'The stored push token of a device cannot be opened')
    return { kind: 'lost' }
  }
}

async function hear(
  { db, clock, log }: PushPorts,
  connection: Connection,
  { device, answer }: { readonly device: DueDevice; readonly answer: PushAnswer },
): Promise<Outcome> {
  const verdict = pushVerdict(answer)
  switch (verdict.kind) {
    case 'accepted':
      return { kind: 'woken' }
    case 'token_dead':
      return { kind: isTokenDead(verdict.since, device.tokenAt) ? 'lost' : 'woken' }
    case 'later':
      return { kind: 'later' }
    case 'certificate_refused': {
      const { reason } = verdict
      if (!connection.refused) {
        connection.refused = true
        await noteCertificateRefused(db, connection.row, { reason, at: clock.now() })
        log.error(
          { topic: device.topic, reason },
          'Apple refuses the push certificate; no device is woken with it',
        )
      }
      return { kind: 'kept' }
    }
    case 'refused':
      log.error(
        { enrollment: device.id, reason: verdict.reason },
        'Apple refuses a push for a defect of ours',
      )
      return { kind: 'woken' }
  }
}

async function settle(
  { db, clock }: PushPorts,
  outcomes: readonly { readonly device: DueDevice; readonly outcome: Outcome }[],
  leasedUntil: Date,
): Promise<void> {
  const now = clock.now()
  const of = (kind: Outcome['kind']) =>
    outcomes.filter(({ outcome }) => outcome.kind === kind).map(({ device }) => device)
  const after = (ms: number) => new Date(now.getTime() + ms)
  await noteWoken(
    db,
    of('woken').map(({ id }) => id),
    { leasedUntil, next: after(dailyWake) },
  )
  await notePushLost(db, of('lost'), now)
  const postponed = of('later').map(({ id, attempts }) => ({ id, next: after(nextPush(attempts)) }))
  const kept = of('kept').map(({ id }) => ({ id, next: now }))
  await notePostponed(db, [...postponed, ...kept], leasedUntil)
}
