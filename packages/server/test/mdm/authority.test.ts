import { X509Certificate } from 'node:crypto'
import { authoritiesOf } from '@apportion/server/mdm/authorities'
import {
  type AuthorityPorts,
  authorityNamed,
  currentAuthorities,
  profileSignerOf,
} from '@apportion/server/mdm/authority'
import { certificateParts, hasDigitalSignatureUsage } from '@apportion/server/mdm/certificate-parts'
import { readDer } from '@apportion/server/mdm/der'
import { createSecretBox } from '@apportion/server/platform/secrets'
import forge from 'node-forge'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ManualClock } from '../support/manual-clock.ts'
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts'

const dayMs = 86_400_000

describe('The device authority', () => {
  let database: TestDatabase
  let ports: AuthorityPorts & { readonly clock: ManualClock }
  beforeAll(async () => {
    database = await createTestDatabase()
    ports = { db: database.kysely, clock: new ManualClock(), secretBox: createSecretBox(Buffer.alloc(32, 1)) }
  })
  afterAll(() => database[Symbol.asyncDispose]())

  const rows = async () => (await database.pool.query('SELECT * FROM device_authorities ORDER BY id')).rows

  test('is made once, however many processes need it first', async () => {
    const made = await Promise.all([1, 2, 3].map(() => currentAuthorities(ports)))
    expect(new Set(made.map(({ authority }) => authority.certificate.fingerprint256)).size).toBe(1)
    expect((await rows()).map(({ purpose }) => purpose)).toEqual(['authority', 'profiles'])
  })

  test('signs itself, may issue devices’ certificates alone, and takes part in SCEP', async () => {
    const { authority } = await currentAuthorities(ports)
    const { certificate } = authority
    expect(certificate.ca).toBe(true)
    expect(certificate.verify(certificate.publicKey)).toBe(true)
    expect(certificate.checkIssued(certificate)).toBe(true)
    expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(3072)
    // Another library reads the extensions.
    const read = forge.pki.certificateFromPem(certificate.toString())
    expect(read.getExtension('basicConstraints')).toMatchObject({
      cA: true,
      pathLenConstraint: 0,
      critical: true,
    })
    expect(read.getExtension('keyUsage')).toMatchObject({
      keyCertSign: true,
      digitalSignature: true,
      keyEncipherment: true,
      cRLSign: false,
      critical: true,
    })
  })

  test('issues the signer of profiles, which can issue nothing and is no device', async () => {
    const { authority, profiles } = await currentAuthorities(ports)
    expect(profiles.certificate.verify(authority.certificate.publicKey)).toBe(true)
    expect(profiles.certificate.checkIssued(authority.certificate)).toBe(true)
    expect([profiles.certificate.ca, profiles.certificate.keyUsage]).toEqual([false, undefined])
    expect(hasDigitalSignatureUsage(certificateParts(readDer(profiles.certificate.raw)))).toBe(true)
  })

  test('has its keys sealed, each for its own place', async () => {
    for (const { purpose, private_key: key } of await rows()) {
      const opened = ports.secretBox.open(key, `device-authority:${purpose}`)
      expect(readDer(opened).children.length).toBeGreaterThan(2)
      expect(() => ports.secretBox.open(key, 'device-authority:other')).toThrow()
      expect(key.includes(opened.subarray(0, 40))).toBe(false)
    }
  })

  test('is followed by a new one before it ends, and what it issued stays trusted', async () => {
    const old = await currentAuthorities(ports)
    const then = ports.clock.now()
    await ports.clock.advance(3230 * dayMs)
    const now = await currentAuthorities(ports)
    expect(now.authority.certificate.fingerprint256).not.toBe(old.authority.certificate.fingerprint256)
    const trusted = await authoritiesOf(ports.db, ports.clock.now())
    expect(trusted.map(({ fingerprint256 }) => fingerprint256)).toEqual([
      now.authority.certificate.fingerprint256,
      old.authority.certificate.fingerprint256,
    ])
    const named = await authorityNamed(
      ports,
      ({ serialNumber }) => serialNumber === old.authority.certificate.serialNumber,
    )
    expect(named?.certificate.fingerprint256).toBe(old.authority.certificate.fingerprint256)
    // A profile that the old signer signed is replaced by one that the old signer signed.
    expect((await profileSignerOf(ports, then))?.certificate.serialNumber).toBe(
      old.profiles.certificate.serialNumber,
    )
    expect((await profileSignerOf(ports, ports.clock.now()))?.certificate.serialNumber).toBe(
      now.profiles.certificate.serialNumber,
    )
  })

  test('is trusted no more once it has ended', async () => {
    await ports.clock.advance(500 * dayMs)
    expect(await authoritiesOf(ports.db, ports.clock.now())).toHaveLength(1)
    const [row] = await rows()
    const ended = new X509Certificate(row.certificate)
    expect(
      await authorityNamed(ports, ({ serialNumber }) => serialNumber === ended.serialNumber),
    ).toBeUndefined()
  })
})
