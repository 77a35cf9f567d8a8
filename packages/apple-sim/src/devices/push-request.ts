/** Checks one request to the push service by Apple's rules; pure. */
import type { IncomingHttpHeaders } from 'node:http2'

export interface PushRequest {
  /** Lower-case hexadecimal. */
  readonly token: string
  readonly topic: string
  readonly magic: string
  /** Milliseconds; undefined when it is tried once and not stored. */
  readonly storedUntil: number | undefined
}

export interface PushRefusal {
  readonly status: number
  readonly reason: string
}

const MOST_BYTES = 4096
/** Apple keeps what it cannot deliver for 30 days at most. */
const LONGEST_STORAGE_MS = 30 * 24 * 3_600_000

const refuse = (status: number, reason: string): PushRefusal => ({ status, reason })

/** `topic` is that of the client's certificate, `now` in milliseconds. */
export function readPushRequest(
  headers: IncomingHttpHeaders,
  body: Buffer,
  { topic, now }: { readonly topic: string; readonly now: number },
): PushRequest | PushRefusal {
  const token = tokenIn(headers)
  if (typeof token !== 'string') return token
  const refused = headerRefusal(headers, topic)
  if (refused !== undefined) return refused
  const expiration = headers['apns-expiration'] ?? '0'
  if (typeof expiration !== 'string' || !/^\d{1,12}$/.test(expiration))
    return refuse(400, 'BadExpirationDate')
  if (body.length === 0) return refuse(400, 'PayloadEmpty')
  if (body.length > MOST_BYTES) return refuse(413, 'PayloadTooLarge')
  const magic = magicIn(body)
  if (magic === undefined) return refuse(400, 'BadPayload')
  const until = Number(expiration) * 1000
  const storedUntil = until === 0 ? undefined : Math.min(until, now + LONGEST_STORAGE_MS)
  return { token, topic, magic, storedUntil }
}

function tokenIn(headers: IncomingHttpHeaders): string | PushRefusal {
  if (headers[':method'] !== 'POST') return refuse(405, 'MethodNotAllowed')
  const path = /^\/3\/device\/(.*)$/.exec(headers[':path'] ?? '')
  if (path === null) return refuse(404, 'BadPath')
  const token = path[1] ?? ''
  if (token === '') return refuse(400, 'MissingDeviceToken')
  const isToken = /^[0-9a-f]{2,200}$/.test(token) && token.length % 2 === 0
  return isToken ? token : refuse(400, 'BadDeviceToken')
}

function headerRefusal(headers: IncomingHttpHeaders, topic: string): PushRefusal | undefined {
  const asked = headers['apns-topic']
  if (asked === undefined) return refuse(400, 'MissingTopic')
  if (asked !== topic) return refuse(400, 'BadTopic')
  if (headers['apns-push-type'] !== 'mdm') return refuse(400, 'InvalidPushType')
  if ((headers['apns-priority'] ?? '10') !== '10') return refuse(400, 'BadPriority')
  const id = headers['apns-id']
  if (id !== undefined && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(String(id))) {
    return refuse(400, 'BadMessageId')
  }
  return undefined
}

/** The body is `{"mdm": magic}` and nothing else. */
function magicIn(body: Buffer): string | undefined {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'))
    if (typeof value !== 'object' || value === null) return undefined
    const [[key, magic] = [], ...more] = Object.entries(value)
    return key === 'mdm' && more.length === 0 && typeof magic === 'string' ? magic : undefined
  } catch {
    return undefined
  }
}
