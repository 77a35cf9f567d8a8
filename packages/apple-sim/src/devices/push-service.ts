/** The push service (APNs) over HTTP/2: checks what it is sent, wakes devices, keeps pushes for those that are offline. */
import { once } from 'node:events'
import {
  createSecureServer,
  type Http2SecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import { TLSSocket } from 'node:tls'
import type { Random } from '../random.ts'
import { PushAuthority } from './push-authority.ts'
import type { PushDirectory } from './push-directory.ts'
import { type PushRefusal, type PushRequest, readPushRequest } from './push-request.ts'

/** What became of a push. */
export interface PushRecord {
  readonly token: string
  readonly topic: string
  readonly status: number
  readonly reason: string | undefined
  readonly at: number
}

/** An answer that the next requests get whatever they are. */
export interface PushFault {
  readonly status: 400 | 403 | 410 | 429 | 500 | 503
  readonly reason: string
  /** 1 when left out. */
  readonly times?: number
  /** Only for this token, in lower-case hexadecimal. */
  readonly token?: string
}

export interface PushServicePorts {
  readonly now: () => number
  readonly random: Random
  readonly directory: PushDirectory
}

const MOST_RECORDS = 10_000

export class PushService implements AsyncDisposable {
  readonly authority: PushAuthority
  readonly #ports: PushServicePorts
  readonly #server: Http2SecureServer
  readonly #sessions = new Set<ServerHttp2Session>()
  /** The newest for each device that is offline. */
  readonly #stored = new Map<string, PushRequest>()
  readonly #faults: (PushFault & { left: number })[] = []
  readonly #records: PushRecord[] = []
  #port = 0

  constructor(ports: PushServicePorts) {
    this.#ports = ports
    this.authority = new PushAuthority(ports.now)
    this.#server = createSecureServer({
      ...this.authority.serviceCredentials(),
      requestCert: true,
      // The certificate is checked for each request: Apple answers 403, it does not hang up.
      rejectUnauthorized: false,
    })
    this.#server.on('session', (session) => {
      this.#sessions.add(session)
      session.on('close', () => this.#sessions.delete(session))
    })
    this.#server.on('stream', (stream, headers) => this.#receive(stream, headers))
    ports.directory.whenBack((token) => this.#deliverStored(token))
  }

  /** `https://127.0.0.1:port`; trust `authority.certificate` for it. */
  get origin(): string {
    return `https://127.0.0.1:${this.#port}`
  }

  /** The latest pushes, oldest first. */
  get records(): readonly PushRecord[] {
    return this.#records
  }

  async listen(): Promise<void> {
    this.#server.listen(0, '127.0.0.1')
    await once(this.#server, 'listening')
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new Error('The push service has no port')
    this.#port = address.port
  }

  failNext(fault: PushFault): void {
    this.#faults.push({ ...fault, left: fault.times ?? 1 })
  }

  /** Tells every client to connect anew, as Apple does from time to time. */
  sendAway(reason = 'Shutdown'): void {
    for (const session of this.#sessions) {
      session.goaway(0, 0, Buffer.from(JSON.stringify({ reason })))
      session.close()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const session of this.#sessions) session.destroy()
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve))
  }

  #receive(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    const chunks: Buffer[] = []
    stream.on('data', (chunk: Buffer) => chunks.push(chunk))
    stream.on('error', () => stream.close())
    stream.on('end', () => this.#answer(stream, headers, Buffer.concat(chunks)))
  }

  #answer(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, body: Buffer): void {
    const client = this.authority.clientOf(certificateOf(stream))
    const refusal =
      'refusal' in client
        ? { status: 403, reason: client.refusal }
        : this.#handle(readPushRequest(headers, body, { topic: client.topic, now: this.#ports.now() }))
    this.#note(headers, refusal)
    const given = headers['apns-id']
    const id = typeof given === 'string' ? given : this.#ports.random.uuid().toUpperCase()
    if (stream.destroyed) return
    stream.respond({ ':status': refusal?.status ?? 200, 'apns-id': id })
    stream.end(refusal === undefined ? undefined : JSON.stringify(refusal))
  }

  /** Nothing when it was accepted. */
  #handle(request: PushRequest | PushRefusal): Refusal | undefined {
    if ('reason' in request) return request
    const planned = this.#fault(request.token)
    if (planned !== undefined) return planned
    const state = this.#ports.directory.find(request.token)
    if (state === undefined) return { status: 400, reason: 'BadDeviceToken' }
    if (state.kind === 'dead') return { status: 410, reason: 'Unregistered', timestamp: state.since }
    if (state.listener.topic !== request.topic) return { status: 400, reason: 'DeviceTokenNotForTopic' }
    if (state.listener.online()) state.listener.pushed(request.magic)
    else if (request.storedUntil !== undefined) this.#stored.set(request.token, request)
    return undefined
  }

  #fault(token: string): Refusal | undefined {
    const fault = this.#faults.find((one) => one.left > 0 && (one.token ?? token) === token)
    if (fault === undefined) return undefined
    fault.left -= 1
    const { status, reason } = fault
    return { status, reason, ...(status === 410 ? { timestamp: this.#ports.now() } : {}) }
  }

  #deliverStored(token: string): void {
    const request = this.#stored.get(token)
    this.#stored.delete(token)
    if (request?.storedUntil === undefined || request.storedUntil < this.#ports.now()) return
    const state = this.#ports.directory.find(token)
    if (state?.kind === 'live') state.listener.pushed(request.magic)
  }

  #note(headers: IncomingHttpHeaders, refusal: Refusal | undefined): void {
    this.#records.push({
      token: (headers[':path'] ?? '').split('/').at(-1) ?? '',
      topic: String(headers['apns-topic'] ?? ''),
      status: refusal?.status ?? 200,
      reason: refusal?.reason,
      at: this.#ports.now(),
    })
    if (this.#records.length > MOST_RECORDS) this.#records.shift()
  }
}

type Refusal = PushRefusal & { readonly timestamp?: number }

function certificateOf({ session }: ServerHttp2Stream): Uint8Array | undefined {
  const socket = session?.socket
  if (!(socket instanceof TLSSocket)) return undefined
  return socket.getPeerX509Certificate()?.raw
}
