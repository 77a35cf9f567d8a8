/**
 * The SCEP server (RFC 8894), as far as devices need it for their identity. Whoever holds the challenge of a profile that
 * we handed out gets one certificate; everybody else gets the same refusal, whatever was wrong.
 */
import type { X509Certificate } from 'node:crypto'
import type { Log } from '../platform/log.ts'
import { type AuthorityPorts, authorityNamed, currentAuthorities, type OwnIdentity } from './authority.ts'
import { certificateParts, subjectKeyIdentifierOf } from './certificate-parts.ts'
import { issuerAndSerial } from './cms-write.ts'
import { DerError, readDer, tags } from './der.ts'
import { element } from './der-write.ts'
import { type DeviceAnswer, type DeviceRequest, plainText } from './device-http.ts'
import { type ContentCipher, type Envelope, isOldCipher, type Recipient } from './envelope.ts'
import { type IssuedIdentity, issueIdentity } from './issue.ts'
import { createRequestLimit } from './request-limit.ts'
import {
  type Failure,
  failureReply,
  openScepMessage,
  type Requester,
  readScepMessage,
  type ScepMessage,
  successReply,
} from './scep-message.ts'
import { createRequestReader, type RequestReader } from './scep-request.ts'
import { SignatureRefused } from './signature-refused.ts'

/** What the SCEP server touches. */
export interface ScepPorts extends AuthorityPorts {
  readonly log: Log
  /** Whether single DES and SHA-1 are taken, for old clients in development. */
  readonly development: boolean
}

/** Answers what comes to `/scep`. */
export type ScepServer = (request: DeviceRequest) => Promise<DeviceAnswer>

const largestMessage = 64 * 1024
const pkiMessage = 'application/x-pki-message'
const pkcsRequest = '19'

/**
 * For one address, since opening a message takes milliseconds of our key; each kind of question has its own. Failures have
 * none: nobody guesses a challenge of 192 bits, and a stranger could use them up for everybody behind the address.
 */
const limit = { most: 600, windowMs: 60_000 }

/** The server; its limits count from now. */
export function createScepServer(world: ScepPorts): ScepServer {
  const ports = { ...world, read: createRequestReader() }
  const requests = createRequestLimit(ports.clock, limit)
  return async (request) => {
    const isForKey = request.query.get('operation') === 'PKIOperation'
    if (requests.count(`${isForKey ? 'key' : 'other'} ${request.address}`))
      return await operate(ports, request)
    return { ...plainText(429, 'Too many requests. Try again later.\n'), headers: { 'retry-after': '60' } }
  }
}

interface Ports extends ScepPorts {
  readonly read: RequestReader
}

async function operate(ports: Ports, request: DeviceRequest): Promise<DeviceAnswer> {
  const operation = request.query.get('operation')
  if (operation === 'PKIOperation') return await pkiOperation(ports, request)
  if (request.method !== 'GET') return garbage('This operation is asked for with GET.')
  if (operation === 'GetCACaps') return plainText(200, capabilities(ports))
  if (operation === 'GetCACert') {
    const { authority } = await currentAuthorities(ports)
    return { status: 200, contentType: 'application/x-x509-ca-cert', body: authority.certificate.raw }
  }
  return garbage('The operations are GetCACaps, GetCACert and PKIOperation.')
}

function capabilities({ development }: ScepPorts): string {
  const lines = ['POSTPKIOperation', 'SHA-256', 'SHA-512', 'AES', 'DES3', 'SCEPStandard']
  return [...lines, ...(development ? ['SHA-1'] : [])].join('\n')
}

const garbage = (why: string): DeviceAnswer => plainText(400, `${why}\n`)

async function pkiOperation(ports: Ports, request: DeviceRequest): Promise<DeviceAnswer> {
  const bytes = messageOf(request)
  if (bytes === undefined || bytes.length === 0 || bytes.length > largestMessage) {
    return garbage('There is no SCEP message that can be read.')
  }
  const message = readMessage(bytes)
  if (message === undefined) return garbage('This is no SCEP message.')
  const result = await answerTo(ports, message)
  if ('failure' in result) {
    const { failure, why, authority } = result
    ports.log.warn({ why, failure, from: request.address }, 'a request for a certificate was refused')
    const body = failureReply(message, authority, failure)
    return { status: 200, contentType: pkiMessage, body }
  }
  const { serialNumber, pendingId } = result.issued
  ports.log.info({ pendingId, certificate: serialNumber, from: request.address }, 'issued an identity')
  const body = successReply(message, { ...result, certificate: result.issued.der })
  return { status: 200, contentType: pkiMessage, body }
}

/** The body of a POST, or what stands in the address, in either alphabet and with `+` unescaped. */
function messageOf({ method, body, query }: DeviceRequest): Buffer | undefined {
  if (method === 'POST' && body.length > 0) return body
  const text = (query.get('message') ?? '')
    .replaceAll(/[ -]/g, '+')
    .replaceAll('_', '/')
    .replaceAll(/[\r\n]/g, '')
  return /^[A-Za-z0-9+/]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : undefined
}

function readMessage(bytes: Buffer): ScepMessage | undefined {
  try {
    return readScepMessage(bytes)
  } catch (error) {
    if (error instanceof DerError || error instanceof SignatureRefused) return undefined
    throw error
  }
}

type Result =
  | { readonly failure: Failure; readonly why: string; readonly authority: OwnIdentity }
  | {
      readonly issued: IssuedIdentity
      readonly authority: OwnIdentity
      readonly cipher: ContentCipher
      readonly requester: Requester
    }

async function answerTo(ports: Ports, message: ScepMessage): Promise<Result> {
  const { authority: current } = await currentAuthorities(ports)
  const allowSha1 = ports.development
  const opened = attempt(() => openScepMessage(message, { allowSha1 }))
  if ('why' in opened) return { ...opened, failure: failureOf(opened.error), authority: current }
  const { requester, envelope } = opened.value
  const found = await addressee(ports, envelope)
  if (found === undefined) return refusal('the message is not for our authority', current)
  const { authority, encryptedKey } = found
  const { cipher } = envelope
  if (cipher === undefined || (isOldCipher(cipher) && !ports.development)) {
    return { failure: 'badAlgorithm', why: 'the cipher is not accepted', authority }
  }
  if (message.messageType !== pkcsRequest) return refusal('the message asks for something else', authority)
  const { problem, ...asked } = ports.read({ envelope, cipher, encryptedKey, authority, allowSha1 })
  const issued = await issueIdentity(ports, { ...asked, authority })
  if (issued === undefined) return refusal(problem ?? 'the challenge is unknown, used or expired', authority)
  return { issued, authority, cipher, requester }
}

const refusal = (why: string, authority: OwnIdentity): Result => ({ failure: 'badRequest', why, authority })

/** Nothing that is decided here comes from what was encrypted. */
function failureOf(error: unknown): Failure {
  const code = error instanceof SignatureRefused ? error.code : ''
  const aboutAlgorithms = ['certificate.key', 'signature.algorithm', 'signature.digest_algorithm']
  return aboutAlgorithms.includes(code) ? 'badAlgorithm' : 'badMessageCheck'
}

function attempt<T>(
  work: () => T,
): { readonly value: T } | { readonly why: string; readonly error: unknown } {
  try {
    return { value: work() }
  } catch (error) {
    if (!(error instanceof DerError || error instanceof SignatureRefused)) throw error
    return { why: error.message, error }
  }
}

/** The authority to whose key the message is encrypted. */
async function addressee(
  ports: ScepPorts,
  { recipients }: Envelope,
): Promise<{ readonly authority: OwnIdentity; readonly encryptedKey: Buffer } | undefined> {
  const [recipient] = recipients
  if (recipient === undefined || recipients.length > 1) return undefined
  const authority = await authorityNamed(ports, (certificate) => isNamed(certificate, recipient))
  return authority === undefined ? undefined : { authority, encryptedKey: recipient.encryptedKey }
}

function isNamed({ raw }: X509Certificate, { named }: Recipient): boolean {
  const identifier = subjectKeyIdentifierOf(certificateParts(readDer(raw)))
  return (
    issuerAndSerial(raw).equals(named) ||
    (identifier !== undefined && element(tags.context0Primitive, identifier).equals(named))
  )
}
