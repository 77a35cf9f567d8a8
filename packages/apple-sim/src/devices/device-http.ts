/** HTTP as a device does it: follows redirections, trusts what its profile brought, takes no endless answers. */
import {
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Agent as PlainAgent,
} from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { rootCertificates } from 'node:tls'
import { pem } from './certificates.ts'

export interface DeviceRequest {
  readonly method: 'GET' | 'PUT' | 'POST'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

export interface DeviceReply {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** After redirections. */
  readonly url: URL
}

export interface DeviceHttpOptions {
  /** Plain http is for tests; real devices refuse it. */
  readonly allowPlainHttp: boolean
  /** PEM; beside the authorities that Node trusts. */
  readonly authorities: readonly string[]
}

const MOST_BYTES = 20_000_000
const MOST_REDIRECTIONS = 5
const PATIENCE_MS = 60_000
const REDIRECTIONS = new Set([301, 302, 307, 308])

/** A request that never got an answer, or an address that a device does not open. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

/** One client for many devices: connections are kept and shared. */
export class DeviceHttp implements Disposable {
  readonly allowPlainHttp: boolean
  readonly #plain = new HttpAgent({ keepAlive: true, maxSockets: 64 })
  readonly #authorities: Set<string>
  readonly #former: HttpsAgent[] = []
  #secure: HttpsAgent

  constructor({ allowPlainHttp, authorities }: DeviceHttpOptions) {
    this.allowPlainHttp = allowPlainHttp
    this.#authorities = new Set(authorities)
    this.#secure = this.#secureAgent()
  }

  /** A certificate that a profile brought, DER; all devices that share this client trust it from then on. */
  trust(certificate: Uint8Array): void {
    const text = pem('CERTIFICATE', certificate)
    if (this.#authorities.has(text)) return
    this.#authorities.add(text)
    // What is under way goes on with the trust that it began with.
    this.#former.push(this.#secure)
    this.#secure = this.#secureAgent()
  }

  #secureAgent(): HttpsAgent {
    const ca = this.#authorities.size === 0 ? {} : { ca: [...rootCertificates, ...this.#authorities] }
    return new HttpsAgent({ keepAlive: true, maxSockets: 64, ...ca })
  }

  /** Whether a device may be told to use this address. */
  accepts(address: string): boolean {
    if (!URL.canParse(address)) return false
    const { protocol } = new URL(address)
    return protocol === 'https:' || (protocol === 'http:' && this.allowPlainHttp)
  }

  /** Throws `Unreachable`. Redirections keep method and body, as devices do. */
  async send(address: string, request: DeviceRequest): Promise<DeviceReply> {
    let next = address
    for (let redirections = 0; redirections <= MOST_REDIRECTIONS; redirections += 1) {
      if (!this.accepts(next)) throw new Unreachable(`A device does not open ${next}`)
      const url = new URL(next)
      const reply = await this.#once(url, request)
      const location = reply.headers.location
      if (!REDIRECTIONS.has(reply.status) || location === undefined) return reply
      next = new URL(location, url).href
    }
    throw new Unreachable(`${address} redirects without end`)
  }

  /** A kept connection that the server closed just before it was used has carried nothing: the request goes out anew. */
  async #once(url: URL, request: DeviceRequest): Promise<DeviceReply> {
    for (;;) {
      const reply = await this.#attempt(url, request)
      if (reply !== 'stale connection') return reply
    }
  }

  #attempt(
    url: URL,
    { method, headers = {}, body }: DeviceRequest,
  ): Promise<DeviceReply | 'stale connection'> {
    const isPlain = url.protocol === 'http:'
    const agent: PlainAgent = isPlain ? this.#plain : this.#secure
    const length = body === undefined ? {} : { 'content-length': String(body.length) }
    const options = { method, agent, headers: { 'user-agent': 'MDM/1.0', ...headers, ...length } }
    const { promise, resolve, reject } = Promise.withResolvers<DeviceReply | 'stale connection'>()
    const fail = (error: Error): void => reject(new Unreachable(`${url.origin}: ${error.message}`))
    const call = (isPlain ? httpRequest : httpsRequest)(url, options, (response) => {
      bodyOf(response).then(
        (content) =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: content, url }),
        fail,
      )
    })
    call.setTimeout(PATIENCE_MS, () => call.destroy(new Error('no answer')))
    call.on('error', (error: NodeJS.ErrnoException) => {
      if (call.reusedSocket && error.code === 'ECONNRESET') resolve('stale connection')
      else fail(error)
    })
    call.end(body)
    return promise
  }

  [Symbol.dispose](): void {
    this.#plain.destroy()
    for (const agent of [...this.#former, this.#secure]) agent.destroy()
  }
}

async function bodyOf(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > MOST_BYTES) throw new Error('the answer has no end')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
