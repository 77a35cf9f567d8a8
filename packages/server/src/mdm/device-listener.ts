/**
 * The port for the traffic of devices, apart from that of people: no cookies, no administration, nothing but what devices
 * need. Whatever comes, a device is never told 401, and never that it is unrecognized but by an administrator's wish
 * (invariant 8).
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { CHECK_IN_MEDIA_TYPE } from '@apportion/apple-wire/mdm-profile'
import { PlistError, readPlistDict } from '@apportion/apple-wire/plist'
import type { DeviceConfig } from '../config/config.ts'
import type { Clock } from '../platform/clock.ts'
import { failureOf } from '../platform/http/failures.ts'
import { drain, startListening } from '../platform/http/listener.ts'
import { createProxyTrust, type ProxyTrust } from '../platform/http/proxies.ts'
import type { Log } from '../platform/log.ts'
import { type Admission, authenticateRule, createAdmission } from './admission.ts'
import { answerAsset } from './asset-requests.ts'
import { checkIn, type DeviceMessagePorts } from './check-in.ts'
import { connect } from './connect.ts'
import { assetsPath } from './declarations.ts'
import { type DeviceAnswer, type DeviceRequest, plainText } from './device-http.ts'
import { type DeviceReply, MessageRefused, refusalReply } from './device-reply.ts'
import { createDeviceProof, type DeviceProof } from './prove-device.ts'
import { type BodyProblem, type BodyReader, BodyRefused, createBodyReader } from './read-body.ts'
import { createRequestLimit, type RequestLimit } from './request-limit.ts'
import { SignatureRefused } from './signature-refused.ts'

/** What the port for devices touches, where it is, and who answers beside it. */
export interface DeviceListenerPorts extends DeviceMessagePorts {
  readonly clock: Clock
  readonly log: Log
  readonly host: string
  readonly config: Pick<DeviceConfig, 'port' | 'certificateHeader' | 'allowSha1'>
  readonly trustProxy: boolean | readonly string[]
  /** Who answers at a path beside the messages of enrolled devices; undefined where nobody does. */
  readonly pages: (path: string) => DevicePage | undefined
}

/** Answers requests to one path: of devices that have no identity yet, and of the people who hold them. */
export type DevicePage = (request: DeviceRequest) => Promise<DeviceAnswer>

/** The open port. Disposing it finishes the requests under way. */
export interface OpenDeviceListener extends AsyncDisposable {
  /** `http://host:port`, with the port that was really taken. */
  readonly url: string
}

const mebibyte = 1024 * 1024
const largestCheckIn = mebibyte
/** Lists of apps are large. */
const largestReport = 16 * mebibyte
/** A request for a certificate, or a form. */
const largestOfPages = 128 * 1024

/** A signature with its certificates is longer than Node's own limit for all headers. */
const largestHead = 64 * 1024
/** Milliseconds for the head, for the whole message, and between two messages of a connection. */
const headTime = 20_000
const messageTime = 120_000
const idleTime = 60_000

/** Opens the port. Throws StartFailure when it cannot. */
export async function openDeviceListener(ports: DeviceListenerPorts): Promise<OpenDeviceListener> {
  const proxies = createProxyTrust(ports.trustProxy)
  const { certificateHeader, allowSha1, port } = ports.config
  const world = {
    ...ports,
    proxies,
    admission: createAdmission(ports),
    authenticates: createRequestLimit(ports.clock, authenticateRule),
    proof: createDeviceProof({ ...ports, proxies, certificateHeader, allowSha1 }),
    bodies: createBodyReader(),
  }
  const limits = {
    maxHeaderSize: largestHead,
    headersTimeout: headTime,
    requestTimeout: messageTime,
    keepAliveTimeout: idleTime,
    connectionsCheckingInterval: 5000,
  }
  const server = createServer(limits, (request, response) => void answer(world, request, response))
  const { host, clock } = ports
  const { url } = await startListening(server, { host, port, variable: 'APPORTION_DEVICE_PORT' })
  return { url, [Symbol.asyncDispose]: () => drain(server, clock) }
}

interface World extends DeviceListenerPorts {
  readonly proxies: ProxyTrust
  readonly proof: DeviceProof
  readonly admission: Admission
  readonly authenticates: RequestLimit
  readonly bodies: BodyReader
}

/** Nothing that happens here ends the process: a reply that cannot be sent is the device's to ask for again. */
async function answer(world: World, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // A connection that breaks says so here; unheard, it would end the process.
  response.on('error', () => {})
  request.on('error', () => {})
  const reply = await replyTo(world, request).catch((error: unknown) => replyToFailure(world, request, error))
  send(request, response, reply)
}

function send(request: IncomingMessage, response: ServerResponse, reply: DeviceReply | DeviceAnswer): void {
  const body = Buffer.from('body' in reply ? reply.body : (reply.text ?? ''))
  response.writeHead(reply.status, {
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...('headers' in reply ? reply.headers : {}),
    'content-length': body.length,
    ...(reply.contentType === undefined ? {} : { 'content-type': reply.contentType }),
    // What was not read of a body would be taken for the next request.
    ...(request.complete ? {} : { connection: 'close' }),
  })
  response.end(request.method === 'HEAD' ? undefined : body)
}

async function replyTo(world: World, request: IncomingMessage): Promise<DeviceReply | DeviceAnswer> {
  const [path, search] = split(request.url ?? '')
  if (path.startsWith(assetsPath)) {
    if (request.method !== 'GET' && request.method !== 'HEAD') return notAllowed('GET, HEAD')
    return await answerAsset(world, request, path.slice(assetsPath.length))
  }
  const isReport = path === '/mdm'
  if (!isReport && path !== '/checkin') return await replyOfPage(world, request, { path, search })
  if (request.method !== 'PUT') return notAllowed('PUT')
  const isCheckIn = !isReport || isMediaType(request, CHECK_IN_MEDIA_TYPE)
  return await replyToMessage(world, request, isCheckIn)
}

function split(url: string): readonly [path: string, search: string] {
  const mark = url.indexOf('?')
  return mark === -1 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)]
}

const notAllowed = (methods: string): DeviceAnswer => ({
  ...plainText(405, `This address takes ${methods} only.\n`),
  headers: { allow: methods },
})

async function replyOfPage(
  world: World,
  request: IncomingMessage,
  { path, search }: { readonly path: string; readonly search: string },
): Promise<DeviceAnswer> {
  const page = world.pages(path)
  if (page === undefined) return plainText(404, 'There is nothing at this address.\n')
  const { method = '' } = request
  if (!['GET', 'HEAD', 'POST'].includes(method)) return notAllowed('GET, HEAD, POST')
  return await page({
    // The answer to HEAD is that to GET without its body.
    method: method === 'HEAD' ? 'GET' : method,
    query: new URLSearchParams(search),
    body: await world.bodies.read(request, largestOfPages),
    address: callerOf(world, request),
    acceptLanguage: request.headers['accept-language'],
  })
}

/** Whether the type is this one, whatever parameters it has. */
function isMediaType({ headers }: IncomingMessage, type: string): boolean {
  return headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() === type
}

async function replyToMessage(
  world: World,
  request: IncomingMessage,
  isCheckIn: boolean,
): Promise<DeviceReply> {
  const proof = await world.proof.open(request)
  const { fingerprint } = proof.identity
  // A certificate is no secret: only who has its key uses its limit up.
  if (proof.isVerified) world.admission.countMessage(fingerprint)
  await world.admission.beforeBody(request, fingerprint)
  const body = await world.bodies.read(request, isCheckIn ? largestCheckIn : largestReport)
  proof.check(body)
  if (!proof.isVerified) world.admission.countMessage(fingerprint)
  const message = { fingerprint, dict: readPlistDict(body), at: world.clock.now() }
  return isCheckIn ? await checkIn(world, message) : await connect(world, message)
}

/** The path without its query, and without the secret of an enrollment link. */
function shownPath(url: string): string {
  const [path] = split(url)
  return path.replace(/^(\/+enroll\/+).+/, '$1[redacted]')
}

function replyToFailure(world: World, request: IncomingMessage, error: unknown): DeviceReply | DeviceAnswer {
  const from = callerOf(world, request)
  const path = shownPath(request.url ?? '')
  if (error instanceof MessageRefused) {
    world.log.info({ from, path, reason: error.reason }, 'A message of a device was refused')
    return refusalReply(error.reason)
  }
  if (error instanceof SignatureRefused) {
    world.log.info({ from, path, reason: error.code }, 'A message did not prove which device it is from')
    return { status: 400 }
  }
  if (error instanceof PlistError) {
    world.log.info({ from, path, reason: error.code }, 'A message of a device cannot be read')
    return { status: error.code === 'plist.too_large' ? 413 : 400 }
  }
  if (error instanceof BodyRefused) return bodyReplies[error.problem]
  const { code } = failureOf(error, {})
  world.log.error({ err: error, from, path }, 'A message of a device failed')
  return code === 'database.unavailable' || code === 'disk.full' ? tryLater : { status: 500 }
}

const tryLater: DeviceAnswer = {
  ...plainText(503, 'The server cannot take this now. Try again later.\n'),
  headers: { 'retry-after': '60' },
}

const bodyReplies = {
  too_large: { status: 413 },
  too_busy: tryLater,
  cut_off: { status: 400 },
} as const satisfies Record<BodyProblem, DeviceReply | DeviceAnswer>

function callerOf({ proxies }: World, { headers, socket }: IncomingMessage): string {
  const forwarded = headers['x-forwarded-for']
  return proxies.callerOf(socket.remoteAddress, Array.isArray(forwarded) ? forwarded.join(',') : forwarded)
}
