/** The other end of pushes as a test needs it: real HTTP/2 over TLS, with answers that the test chooses. */
import { once } from 'node:events'
import {
  createSecureServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2'
import { text } from 'node:stream/consumers'
import { TLSSocket } from 'node:tls'
import forge from 'node-forge'
import { authorityExtensions, newTestCertificate } from './test-identities.ts'

export interface HeardPush {
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** The common name of the certificate that the client showed. */
  readonly from: string | undefined
}

export interface PeerAnswer {
  readonly status: number
  readonly body?: Record<string, unknown>
}

export interface PushPeer extends AsyncDisposable {
  readonly url: URL
  /** PEM of the authority of its certificate. */
  readonly authorities: string
  /** PEM of a certificate and key of a client. */
  readonly client: { readonly certificate: string; readonly privateKey: string }
  readonly heard: readonly HeardPush[]
  readonly sessions: readonly ServerHttp2Session[]
  readonly pings: number
  /** The most that were under way at once. */
  readonly mostAtOnce: number
  /** What it answers from now on; `undefined` ends the connection instead. */
  answerWith(answer: (push: HeardPush) => PeerAnswer | undefined | Promise<PeerAnswer | undefined>): void
}

/** Keys take long to make; all peers of a test run may have the same ones. */
let identities: ReturnType<typeof makeIdentities> | undefined

function makeIdentities() {
  const authority = newTestCertificate({ subject: 'Push authority', extensions: authorityExtensions })
  const until = new Date('2098-01-01T00:00:00Z')
  const own = newTestCertificate({
    issuer: authority,
    subject: 'localhost',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] }],
    until,
  })
  return { authority, own, client: newTestCertificate({ issuer: authority, subject: 'push client', until }) }
}

export async function startPushPeer(maxConcurrentStreams = 100): Promise<PushPeer> {
  identities ??= makeIdentities()
  const { authority, own, client } = identities
  const heard: HeardPush[] = []
  const sessions: ServerHttp2Session[] = []
  const counts = { pings: 0, now: 0, most: 0 }
  let answer: Parameters<PushPeer['answerWith']>[0] = () => ({ status: 200 })
  const server = createSecureServer({
    key: forge.pki.privateKeyToPem(own.privateKey),
    cert: forge.pki.certificateToPem(own.certificate),
    requestCert: true,
    rejectUnauthorized: false,
    settings: { maxConcurrentStreams },
  })
  server.on('session', (session) => {
    sessions.push(session)
    session.on('ping', () => counts.pings++)
    session.on('error', () => {})
  })
  const take = async (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => {
    counts.most = Math.max(counts.most, ++counts.now)
    stream.on('error', () => {})
    const body = await text(stream)
    const { session } = stream
    const socket = session?.socket
    const from = socket instanceof TLSSocket ? socket.getPeerCertificate().subject?.CN : undefined
    const push = { headers, body, from: Array.isArray(from) ? from[0] : from }
    heard.push(push)
    const reply = await answer(push)
    counts.now--
    if (reply === undefined) {
      session?.destroy()
      return
    }
    stream.respond({ ':status': reply.status })
    stream.end(reply.body === undefined ? '' : JSON.stringify(reply.body))
  }
  server.on('stream', (stream, headers) => {
    take(stream, headers).catch(() => {})
  })
  server.on('sessionError', () => {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: new URL(`https://localhost:${port}`),
    authorities: forge.pki.certificateToPem(authority.certificate),
    client: {
      certificate: forge.pki.certificateToPem(client.certificate),
      privateKey: forge.pki.privateKeyToPem(client.privateKey),
    },
    heard,
    sessions,
    get pings() {
      return counts.pings
    },
    get mostAtOnce() {
      return counts.most
    },
    answerWith(next) {
      answer = next
    },
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
