import { connect } from 'node:http2'
import type { PushService } from '../../src/devices/push-service.ts'

export interface PushReply {
  readonly status: number
  readonly id: string | undefined
  readonly body: Readonly<Record<string, unknown>>
}

export interface PushClient extends AsyncDisposable {
  readonly send: (push: PushWish) => Promise<PushReply>
  /** Resolves with the reason when the service sends the client away. */
  readonly away: Promise<string>
}

export interface PushWish {
  readonly token: string
  /** The whole body; `{"mdm": magic}` is written by whoever tests it. */
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A client with a certificate, or with none. */
export function pushClient(
  service: PushService,
  credentials?: { readonly certificate: string; readonly privateKey: string },
): PushClient {
  const identity =
    credentials === undefined ? {} : { cert: credentials.certificate, key: credentials.privateKey }
  const session = connect(service.origin, { ca: service.authority.certificate, ...identity })
  const away = new Promise<string>((resolve) => {
    session.on('goaway', (_code, _last, data) => resolve(String(data ?? '')))
  })
  session.on('error', () => {})
  const send = ({ token, body, headers = {} }: PushWish): Promise<PushReply> => {
    const { promise, resolve, reject } = Promise.withResolvers<PushReply>()
    const wish = { ':method': 'POST', ':path': `/3/device/${token}`, ...headers }
    const stream = session.request(wish)
    let [status, id, text] = [0, undefined as string | undefined, '']
    stream.on('response', (answer) => {
      status = answer[':status'] ?? 0
      const given = answer['apns-id']
      id = typeof given === 'string' ? given : undefined
    })
    stream.setEncoding('utf8')
    stream.on('data', (chunk: string) => {
      text += chunk
    })
    stream.on('error', reject)
    stream.on('end', () => resolve({ status, id, body: text === '' ? {} : JSON.parse(text) }))
    stream.end(body)
    return promise
  }
  return {
    send,
    away,
    async [Symbol.asyncDispose]() {
      if (session.destroyed) return
      const closed = new Promise<void>((resolve) => session.once('close', resolve))
      session.destroy()
      await closed
    },
  }
}
