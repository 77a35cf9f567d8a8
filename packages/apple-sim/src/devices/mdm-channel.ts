/** Sends messages to the management server, signed, and says what the answer means for the device. */
import { CHECK_IN_MEDIA_TYPE, REPORT_MEDIA_TYPE } from '@apportion/apple-wire/mdm-profile'
import { type PlistDict, readPlistDict, writePlist } from '@apportion/apple-wire/plist'
import { textField } from '@apportion/apple-wire/plist-fields'
import { pem } from './certificates.ts'
import { type DeviceReply, Unreachable } from './device-http.ts'
import type { DeviceState } from './device-state.ts'
import type { Enrollment } from './enrollment.ts'
import { signingTime, signMessage } from './signed-message.ts'

/** `removed`: the server disowns the device. `failed`: nobody knows whether the message arrived; it is sent again. */
export type Outcome =
  | { readonly kind: 'taken'; readonly body: Buffer }
  | { readonly kind: 'removed'; readonly status: number }
  | { readonly kind: 'failed'; readonly why: string; readonly status?: number }

export type MessageKind = 'check-in' | 'report'

type Identified = Pick<Enrollment, 'profile' | 'keys' | 'certificate'>

/** The headers by which a device proves who it is, for a body that may be empty. */
function proofOf(
  device: DeviceState,
  { profile, keys, certificate }: Identified,
  body: Buffer,
): Readonly<Record<string, string>> {
  return profile.management.signMessage
    ? { 'mdm-signature': signatureOf(device, { keys, certificate }, body) }
    : shownCertificate(device, certificate)
}

/** Fetches a file as a message to the server is sent, or as anybody would. Throws `Unreachable`. */
export function fetchFile(
  device: DeviceState,
  enrollment: Identified,
  { address, proves }: { readonly address: string; readonly proves: boolean },
): Promise<DeviceReply> {
  const headers = proves ? proofOf(device, enrollment, Buffer.alloc(0)) : {}
  return device.ports.http.send(address, { method: 'GET', headers })
}

/** One message of an enrollment, `Authenticate` among them; the identifiers are added. Never throws for the network. */
export async function sendMessage(
  device: DeviceState,
  enrollment: Identified & Pick<Enrollment, 'ids'>,
  { kind, message }: { readonly kind: MessageKind; readonly message: PlistDict },
): Promise<Outcome> {
  const { management } = enrollment.profile
  const body = Buffer.from(writePlist({ ...message, ...enrollment.ids }))
  const headers = {
    'content-type': kind === 'check-in' ? CHECK_IN_MEDIA_TYPE : `${REPORT_MEDIA_TYPE}; charset=UTF-8`,
    ...proofOf(device, enrollment, body),
  }
  const url = kind === 'check-in' ? management.checkInUrl : management.serverUrl
  try {
    return outcomeOf(await device.ports.http.send(url, { method: 'PUT', headers, body }))
  } catch (error) {
    if (error instanceof Unreachable) return { kind: 'failed', why: error.message }
    throw error
  }
}

function signatureOf(
  { ports, lengths, digest }: DeviceState,
  { keys, certificate }: Pick<Enrollment, 'keys' | 'certificate'>,
  content: Buffer,
): string {
  const attributes = [signingTime(new Date(ports.clock.now()))]
  const signer = { privateKey: keys.privateKey, certificate, digest }
  return signMessage({ content, attached: false, lengths, attributes }, signer).toString('base64')
}

/** What a proxy that ends TLS tells the server of the certificate that the device showed to it. */
function shownCertificate(
  { ports }: DeviceState,
  { certificate }: Enrollment['certificate'],
): Readonly<Record<string, string>> {
  if (ports.proxy === undefined) return {}
  const { header, form } = ports.proxy
  const escaped = encodeURIComponent(pem('CERTIFICATE', certificate))
  return { [header]: form === 'rfc9440' ? `:${certificate.toString('base64')}:` : escaped }
}

function outcomeOf(reply: DeviceReply): Outcome {
  if (reply.status === 200) return { kind: 'taken', body: reply.body }
  if (reply.status === 401) return { kind: 'removed', status: 401 }
  if (reply.status === 403 && disowns(reply)) return { kind: 'removed', status: 403 }
  return { kind: 'failed', why: `${reply.url.pathname} answers ${reply.status}`, status: reply.status }
}

/** From iOS 17 on. */
function disowns({ headers, body }: DeviceReply): boolean {
  const type = headers['content-type'] ?? ''
  try {
    if (type.startsWith('application/json')) {
      const value: unknown = JSON.parse(body.toString('utf8'))
      return typeof value === 'object' && value !== null && Reflect.get(value, 'code') === DISOWNED
    }
    return type.startsWith('application/xml') && textField(readPlistDict(body), 'code') === DISOWNED
  } catch {
    return false
  }
}

const DISOWNED = 'com.apple.unrecognized.device'
