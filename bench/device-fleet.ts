/** A fleet of enrolled devices straight in a database, with identities that they can sign with. */
import {
  createHash,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  randomUUID,
  X509Certificate,
} from 'node:crypto'
import { certificateParts } from '@apportion/apple-sim/devices/certificates'
import { signMessage } from '@apportion/apple-sim/devices/signed-message'
import { makeCertificate } from '@apportion/server/mdm/new-certificate'
import type { Db } from '@apportion/server/platform/db/database'
import { sql } from 'kysely'
import type { SignedReport } from './device-load.ts'

export interface BenchDevice {
  readonly identifier: string
  readonly certificate: Buffer
}

export interface EnrolledFleet {
  readonly devices: readonly BenchDevice[]
  /** Of all devices: keys take long to make, and certificates differ all the same. */
  readonly privateKey: KeyObject
}

const from = new Date('2026-01-01T00:00:00Z')
const until = new Date('2036-01-01T00:00:00Z')

/** How large a fleet is, and how many of it come by: only these need an identity that they can sign with. */
export interface FleetSize {
  readonly enrolled: number
  readonly coming: number
}

/** Stores devices as they are some time after they have enrolled, with nothing waiting. Gives those that come by. */
export async function storeEnrolledFleet(db: Db, { enrolled, coming }: FleetSize): Promise<EnrolledFleet> {
  const authorityKeys = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const times = { notBefore: from, notAfter: until }
  const authority = makeCertificate({
    purpose: 'authority',
    commonName: 'Bench',
    publicKey: authorityKeys.publicKey.export({ type: 'spki', format: 'der' }),
    ...times,
    issuer: { certificate: null, privateKey: authorityKeys.privateKey },
  })
  await sql`INSERT INTO device_authorities (purpose, certificate, private_key, not_before, not_after)
    VALUES ('authority', ${authority.der}, '\\x00', ${from}, ${until})`.execute(db)
  const issuer = { certificate: new X509Certificate(authority.der), privateKey: authorityKeys.privateKey }
  const key = publicKey.export({ type: 'spki', format: 'der' })
  const made = Array.from({ length: coming }, () => {
    const identifier = randomUUID().toUpperCase()
    const wanted = { purpose: 'device', commonName: identifier, publicKey: key, ...times, issuer } as const
    return { identifier, ...makeCertificate(wanted) }
  })
  const others = Array.from({ length: enrolled - coming }, () => ({
    identifier: randomUUID().toUpperCase(),
    certificate: randomBytes(16).toString('hex'),
    fingerprint: randomBytes(32).toString('hex'),
    pending: randomUUID(),
  }))
  await storeDevices(db, [
    ...others,
    ...made.map(({ identifier, serialNumber, der }) => ({
      identifier,
      certificate: serialNumber,
      fingerprint: createHash('sha256').update(der).digest('hex'),
      pending: randomUUID(),
    })),
  ])
  return { devices: made.map(({ identifier, der }) => ({ identifier, certificate: der })), privateKey }
}

interface StoredDevice {
  readonly identifier: string
  readonly certificate: string
  readonly fingerprint: string
  readonly pending: string
}

async function storeDevices(db: Db, devices: readonly StoredDevice[]): Promise<void> {
  const rows = sql`jsonb_to_recordset(${JSON.stringify(devices)}::jsonb)
    AS x(identifier text, certificate text, fingerprint text, pending uuid)`
  await sql`INSERT INTO devices (serial_number, name, platform, created_at, updated_at)
    SELECT upper(left(replace(x.identifier, '-', ''), 32)), 'iPad', 'iPadOS', now(), now() FROM ${rows}`.execute(
    db,
  )
  await sql`INSERT INTO enrollments (channel, identifier, kind, device_id, ownership, state, topic, push_token, push_magic,
      token_at, authenticated_at, enrolled_at, last_seen_at, facts_asked_at)
    SELECT 'mdm', x.identifier, 'device', d.id, 'corporate', 'enrolled', 'com.apple.mgmt.bench', '\\x00', '\\x00', now(),
      now(), now(), now(), now()
    FROM ${rows} JOIN devices d ON d.serial_number = upper(left(replace(x.identifier, '-', ''), 32))`.execute(
    db,
  )
  await sql`INSERT INTO pending_enrollments (id, ownership, challenge_hash, created_at, expires_at, issued_at)
    SELECT x.pending, 'corporate', decode(x.fingerprint, 'hex'), now(), now(), now() FROM ${rows}`.execute(db)
  await sql`INSERT INTO identity_certificates (serial_number, fingerprint, pending_id, enrollment_id, state, not_before,
      not_after, issued_at)
    SELECT x.certificate, decode(x.fingerprint, 'hex'), x.pending, e.id, 'pinned', ${from}, ${until}, now()
    FROM ${rows} JOIN enrollments e ON e.identifier = x.identifier`.execute(db)
  await sql`VACUUM ANALYZE`.execute(db)
}

/** A report of a device, signed as devices do. */
export function signedReport({ privateKey }: EnrolledFleet, device: BenchDevice, body: string): SignedReport {
  const wish = { content: Buffer.from(body), attached: false, attributes: [], lengths: 'open' } as const
  const certificate = certificateParts(device.certificate)
  const signature = signMessage(wish, { privateKey, certificate, digest: 'sha256' })
  return { body, signature: signature.toString('base64') }
}
