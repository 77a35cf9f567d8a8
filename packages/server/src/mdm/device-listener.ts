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
import { checkIn, type DeviceMessagePorts } from './check-in.ts'
import { connect } from './connect.ts'
import { type DeviceReply, MessageRefused, refusalReply } from './device-reply.ts'
import { createDeviceProof, type DeviceProof } from './prove-device.ts'
import { type BodyReader, BodyRefused, createBodyReader } from './read-body.ts'
import { SignatureRefused } from './signature-refused.ts'

export interface DeviceListenerPorts extends DeviceMessagePorts {
  readonly clock: Clock
  readonly log: Log
  readonly host: string
  readonly config: Pick<DeviceConfig, 'port' | 'certificateHeader'>
  readonly trustProxy: boolean | readonly string[]
}

/** The open port. Disposing it finishes the requests under way. */
export interface OpenDeviceListener extends AsyncDisposable {
  /** `http://host:port`, with the port that was really taken. */
  readonly url: string
}

const mebibyte = 1024 * 1024
const largestCheckIn = mebibyte
/** Lists of apps are large. */
const largestReport = 16 * mebibyte

/** A signature with its certificates is longer than Node's own limit for all headers. */
const largestHead = 64 * 1024
/** Milliseconds for the head, for the whole message, and between two messages of a connection. */
const headTime = 20_000
const messageTime = 120_000
const idleTime = 60_000

/** Opens the port. Throws StartFailure when it cannot. */
export async function openDeviceListener(ports: DeviceListenerPorts): Promise<OpenDeviceListener> {
  const proxies = createProxyTrust(ports.trustProxy)
  const { certificateHeader, port } = ports.config
  const world = {
    ...ports,
    proxies,
    proof: createDeviceProof({ ...ports, proxies, certificateHeader }),
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

function send(
  request: IncomingMessage,
  response: ServerResponse,
  { status, contentType, text = '' }: DeviceReply,
): void {
  const body = Buffer.from(text)
  response.writeHead(status, {
    'content-length': body.length,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...(contentType === undefined ? {} : { 'content-type': contentType }),
    ...(status === 405 ? { allow: 'PUT' } : {}),
    ...(status === 503 ? { 'retry-after': '60' } : {}),
    // What was not read of a body would be taken for the next request.
    ...(request.complete ? {} : { connection: 'close' }),
  })
  response.end(body)
}

async function replyTo(world: World, request: IncomingMessage): Promise<DeviceReply> {
  const path = request.url?.split('?', 1)[0] ?? ''
  if (path !== '/mdm' && path !== '/checkin') return { status: 404 }
  if (request.method !== 'PUT') return { status: 405 }
  const isCheckIn = path === '/checkin' || isMediaType(request, CHECK_IN_MEDIA_TYPE)
  return await replyToMessage(world, request, isCheckIn)
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
  if (!world.proof.isClaimed(request)) {
    throw new SignatureRefused('signature.missing', 'The message is not signed')
  }
  const body = await world.bodies.read(request, isCheckIn ? largestCheckIn : largestReport)
  const { fingerprint } = await world.proof.verify(request, body)
  const message = { fingerprint, dict: readPlistDict(body), at: world.clock.now() }
  return isCheckIn ? await checkIn(world, message) : await connect(world, message)
}

function replyToFailure(world: World, request: IncomingMessage, error: unknown): DeviceReply {
  const from = world.proxies.callerOf(request.socket.remoteAddress, forwardedFor(request))
  const path = request.url?.split('?', 1)[0]
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
  if (error instanceof BodyRefused) return { status: bodyStatus[error.problem] }
  const { code } = failureOf(error, {})
  world.log.error({ err: error, from, path }, 'A message of a device failed')
  return { status: code === 'database.unavailable' || code === 'disk.full' ? 503 : 500 }
}

const bodyStatus = { too_large: 413, too_busy: 503, cut_off: 400 } as const

function forwardedFor({ headers }: IncomingMessage): string | undefined {
  const value = headers['x-forwarded-for']
  return Array.isArray(value) ? value.join(',') : value
}
