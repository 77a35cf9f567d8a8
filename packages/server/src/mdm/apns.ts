/**
 * Wakes devices through Apple's push service (APNs, HTTP/2 with a push certificate): one connection that is kept, as Apple
 * asks, and made again when it ends.
 */
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  constants,
  type IncomingHttpHeaders,
} from 'node:http2'
import type { PushAnswer } from '@apportion/core/devices/push-verdict'
import type { Clock } from '../platform/clock.ts'
import { createSemaphore } from './semaphore.ts'

/** One push to one device. */
export interface Push {
  /** As the device told it. */
  readonly token: Uint8Array
  readonly magic: string
  readonly topic: string
  /** Until when Apple keeps it for a device that is off. */
  readonly expiresAt: Date
}

/** A connection to Apple's push service with one certificate; disposing ends it. */
export interface PushClient extends AsyncDisposable {
  /** Apple's answer. Waits while Apple takes no more at a time. @throws PushUnreachable */
  push(push: Push): Promise<PushAnswer>
}

/** Apple could not be reached, or the connection ended twice before it answered. */
export class PushUnreachable extends Error {
  override readonly name = 'PushUnreachable'
}

/** What a client needs, and with which certificate it pushes. */
export interface PushClientPorts {
  readonly url: URL
  /** PEM. */
  readonly certificate: string
  /** PEM. */
  readonly privateKey: string
  /** PEM; undefined for the authorities that Node trusts. */
  readonly authorities?: string | undefined
  readonly clock: Clock
  readonly log: { warn(facts: object, message: string): void }
}

/** An idle connection is tried after this, so that a dead one is found before it is needed. */
const idleTime = 3_600_000
/** Milliseconds to connect, and to wait for one answer. */
const patience = 30_000
/** Under way at once, whatever more Apple would take. */
const mostAtOnce = 500

/** Opens nothing yet: the first push connects. */
export function createPushClient(ports: PushClientPorts): PushClient {
  return new Client(ports)
}

/** A connection, from the moment it is begun. */
interface Opened {
  readonly session: ClientHttp2Session
  /** Once it can be used. */
  readonly ready: Promise<ClientHttp2Session>
}

class Client implements PushClient {
  readonly #ports: PushClientPorts
  readonly #underWay = createSemaphore(mostAtOnce)
  readonly #stopping = new AbortController()
  #current: Opened | undefined
  #usedAt = 0

  constructor(ports: PushClientPorts) {
    this.#ports = ports
  }

  async push(push: Push): Promise<PushAnswer> {
    try {
      return await this.#send(push)
    } catch (first) {
      // Connections end at Apple's will. A second push of the same wakes the device once.
      if (this.#stopping.signal.aborted) throw unreachable(first)
      return await this.#send(push).catch((second: unknown) => {
        throw unreachable(second)
      })
    }
  }

  async #send(push: Push): Promise<PushAnswer> {
    this.#current ??= this.#open()
    const session = await this.#current.ready
    // How many may be under way is known only now.
    return await this.#underWay.run(async () => {
      this.#usedAt = this.#ports.clock.now().getTime()
      const answer = await exchange(session, push)
      // After these Apple closes; what is sent meanwhile would be lost.
      if (answer.reason === 'IdleTimeout' || answer.reason === 'Shutdown') this.#leave(session)
      return answer
    })
  }

  #open(): Opened {
    const { url, certificate: cert, privateKey: key, authorities: ca, log } = this.#ports
    const session = connect(url, { cert, key, ...(ca === undefined ? {} : { ca }), minVersion: 'TLSv1.2' })
    session.on('goaway', (code: number, _last: number, text?: Buffer) => {
      log.warn(
        { code, reason: reasonIn(text?.toString('utf8') ?? '') },
        'The push service ends the connection',
      )
      this.#leave(session)
    })
    session.on('close', () => this.#leave(session))
    session.on('remoteSettings', ({ maxConcurrentStreams }) => {
      this.#underWay.setWidth(Math.max(1, Math.min(maxConcurrentStreams ?? mostAtOnce, mostAtOnce)))
    })
    void this.#keepAlive(session)
    return { session, ready: readiness(session) }
  }

  /** The next push makes another connection; what is under way on this one may end. */
  #leave(session: ClientHttp2Session): void {
    if (this.#current?.session === session) this.#current = undefined
    if (!session.closed && !session.destroyed) session.close()
  }

  async #keepAlive(session: ClientHttp2Session): Promise<void> {
    const { clock } = this.#ports
    const { signal } = this.#stopping
    const ended = new AbortController()
    session.once('close', () => ended.abort())
    const either = AbortSignal.any([signal, ended.signal])
    try {
      for (;;) {
        await clock.sleep(Math.max(this.#usedAt + idleTime - clock.now().getTime(), 1000), either)
        if (clock.now().getTime() - this.#usedAt < idleTime) continue
        this.#usedAt = clock.now().getTime()
        session.ping((error) => {
          if (error !== null) session.destroy()
        })
      }
    } catch (error) {
      if (!either.aborted) throw error
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort()
    const session = this.#current?.session
    if (session === undefined || session.destroyed) return
    await new Promise<void>((resolve) => {
      session.once('close', resolve)
      session.close()
    })
  }
}

/** Resolves with the first settings of the peer, which say how many pushes it takes at a time. */
function readiness(session: ClientHttp2Session): Promise<ClientHttp2Session> {
  return new Promise((resolve, reject) => {
    session.setTimeout(patience, () => session.destroy(new Error('The push service does not answer')))
    session.on('error', reject)
    session.once('remoteSettings', () => {
      session.setTimeout(0)
      resolve(session)
    })
    session.once('close', () => reject(new Error('The connection to the push service ended')))
  })
}

function exchange(session: ClientHttp2Session, push: Push): Promise<PushAnswer> {
  return new Promise((resolve, reject) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': `/3/device/${Buffer.from(push.token).toString('hex')}`,
      'apns-topic': push.topic,
      'apns-push-type': 'mdm',
      'apns-priority': '10',
      'apns-expiration': String(Math.floor(push.expiresAt.getTime() / 1000)),
    })
    stream.setTimeout(patience, () => stream.close(constants.NGHTTP2_CANCEL))
    stream.on('error', reject)
    answerOf(stream, (answer) => {
      if (answer === undefined) reject(new Error('The push service ended the stream without an answer'))
      else resolve(answer)
    })
    stream.end(JSON.stringify({ mdm: push.magic }))
  })
}

/** Characters of an answer that are read; Apple's have some dozens. */
const longestAnswer = 4096

function answerOf(stream: ClientHttp2Stream, give: (answer: PushAnswer | undefined) => void): void {
  let headers: IncomingHttpHeaders | undefined
  let text = ''
  stream.setEncoding('utf8')
  stream.on('response', (received) => {
    headers = received
  })
  stream.on('data', (chunk: string) => {
    text = (text + chunk).slice(0, longestAnswer)
  })
  stream.on('close', () => {
    const status = Number(headers?.[':status'])
    give(
      Number.isInteger(status) ? { status, reason: reasonIn(text), timestamp: timestampIn(text) } : undefined,
    )
  })
}

function reasonIn(text: string): string | undefined {
  const reason = fieldIn(text, 'reason')
  return typeof reason === 'string' && /^\w{1,60}$/.test(reason) ? reason : undefined
}

/** Milliseconds since 1970. */
function timestampIn(text: string): Date | undefined {
  const at = fieldIn(text, 'timestamp')
  if (typeof at !== 'number') return undefined
  const moment = new Date(at)
  return Number.isNaN(moment.getTime()) ? undefined : moment
}

function fieldIn(text: string, name: string): unknown {
  try {
    const json: unknown = JSON.parse(text)
    return typeof json === 'object' && json !== null ? Reflect.get(json, name) : undefined
  } catch {
    return undefined
  }
}

function unreachable(cause: unknown): PushUnreachable {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new PushUnreachable(`The push service cannot be reached: ${why}`, { cause })
}
