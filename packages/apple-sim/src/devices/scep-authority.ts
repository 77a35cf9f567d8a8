/** The server of identities before a request: what it can do, and who it is. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { type CertificateParts, certificateParts, type NameParts } from './certificates.ts'
import type { DeviceHttp, DeviceReply } from './device-http.ts'
import type { CipherName } from './enveloped-message.ts'
import { certificatesIn, type DigestName } from './signed-message.ts'

/** Apple's `MCSCEPErrorDomain`, and why. */
export class ScepFailed extends Error {
  override readonly name = 'ScepFailed'
  readonly number: number

  constructor(number: number, message: string) {
    super(message)
    this.number = number
  }
}

/** The payload `com.apple.security.scep`, read. */
export interface ScepSettings {
  readonly url: string
  readonly name: string
  readonly subject: NameParts
  readonly challenge: string
  readonly keySize: number
  /** SHA-1, SHA-256 or MD5 of the authority's certificate. */
  readonly fingerprint?: Uint8Array
  readonly retries: number
}

/** What the server can do, as far as the client uses it. */
export interface Abilities {
  readonly digest: DigestName
  readonly cipher: CipherName
  readonly post: boolean
}

/** GetCACaps. Throws `ScepFailed`. */
export async function capabilitiesOf(http: DeviceHttp, { url, name }: ScepSettings): Promise<Abilities> {
  const reply = await http.send(withQuery(url, { operation: 'GetCACaps', message: name }), { method: 'GET' })
  expectOk(reply)
  const lines = new Set(
    reply.body
      .toString('latin1')
      .split(/\r?\n/)
      .map((line) => line.trim().toUpperCase()),
  )
  const digest = (['sha512', 'sha256', 'sha1'] as const).find((one) => lines.has(one.replace('sha', 'SHA-')))
  if (digest === undefined) throw new ScepFailed(22006, 'GetCACaps names no digest')
  return {
    digest,
    cipher: lines.has('AES') || lines.has('SCEPSTANDARD') ? 'aes-128-cbc' : 'des-ede3-cbc',
    post: lines.has('POSTPKIOPERATION') || lines.has('SCEPSTANDARD'),
  }
}

/** Whom the answers must come from. */
export interface Authorities {
  /** Who issues. */
  readonly issuer: CertificateParts
  /** Who signs answers and opens requests. */
  readonly speaker: CertificateParts
}

/** GetCACert, checked against the fingerprint of the profile. Throws `ScepFailed`. */
export async function authoritiesOf(http: DeviceHttp, settings: ScepSettings): Promise<Authorities> {
  const address = withQuery(settings.url, { operation: 'GetCACert', message: settings.name })
  const reply = await http.send(address, { method: 'GET' })
  expectOk(reply)
  const found = readAuthorities(reply)
  if (settings.fingerprint !== undefined && !matches(found.issuer.certificate, settings.fingerprint)) {
    throw new ScepFailed(22002, 'The authority is not the one whose fingerprint the profile has')
  }
  return found
}

function readAuthorities({ headers, body }: DeviceReply): Authorities {
  const type = (headers['content-type'] ?? '').split(';')[0]?.trim()
  try {
    if (type === 'application/x-x509-ca-cert') {
      const issuer = certificateParts(body)
      return { issuer, speaker: issuer }
    }
    if (type === 'application/x-x509-ca-ra-cert') {
      const all = certificatesIn(body)
      const issuer = all.find((one) => one.issuer.equals(one.subject))
      const speaker = all.find((one) => one !== issuer) ?? issuer
      if (issuer !== undefined && speaker !== undefined) return { issuer, speaker }
    }
  } catch {
    throw new ScepFailed(22002, 'GetCACert does not answer a certificate')
  }
  throw new ScepFailed(22002, `GetCACert answers ${type ?? 'without a type'}`)
}

function matches(certificate: Buffer, fingerprint: Uint8Array): boolean {
  const algorithm = { 16: 'md5', 20: 'sha1', 32: 'sha256' }[fingerprint.length]
  return (
    algorithm !== undefined &&
    timingSafeEqual(createHash(algorithm).update(certificate).digest(), fingerprint)
  )
}

/** SCEP answers 200 even where it refuses. */
export function expectOk({ status, url }: DeviceReply): void {
  if (status !== 200) throw new ScepFailed(22004, `${url.pathname} answers ${status}`)
}

/** The address with these parameters. */
export function withQuery(address: string, query: Readonly<Record<string, string>>): string {
  const url = new URL(address)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url.href
}
