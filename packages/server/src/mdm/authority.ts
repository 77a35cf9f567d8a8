/**
 * Our own keys: the authority that issues the identities of devices, and the signer of profiles. Both are made when they
 * are first needed, once for all server processes, and again long before they end. What an older authority issued stays
 * trusted until it ends by itself.
 */
import { createPrivateKey, generateKeyPair, type KeyObject, X509Certificate } from 'node:crypto'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import type { SecretBox } from '../platform/secrets.ts'
import { makeCertificate, wholeSeconds } from './new-certificate.ts'

/** What making and reading our own keys touches. */
export interface AuthorityPorts {
  readonly db: Db
  readonly clock: Pick<Clock, 'now'>
  readonly secretBox: SecretBox
}

/** Where what was made is read, also inside a transaction. */
export interface AuthorityReadPorts extends Omit<AuthorityPorts, 'db'> {
  readonly db: Db | Tx
}

/** A certificate of ours with its key. */
export interface OwnIdentity {
  readonly certificate: X509Certificate
  readonly privateKey: KeyObject
}

/** What issues and signs now. */
export interface Authorities {
  readonly authority: OwnIdentity
  /** Its certificate is from the authority. */
  readonly profiles: OwnIdentity
}

type Purpose = 'authority' | 'profiles'

const dayMs = 86_400_000
const lifetimeDays = 3650
/** Longer than an identity lives, so that none outlives the authority that issued it. */
export const replacedBeforeDays = 430
/** Clocks of devices may be behind. */
const behindMs = 10 * 60_000
const keyBits = 3072

const commonNames: Readonly<Record<Purpose, string>> = {
  authority: 'Apportion device authority',
  profiles: 'Apportion profiles',
}

/** The identities in use; makes them when there are none, or when they end within `replacedBeforeDays`. */
export async function currentAuthorities(ports: AuthorityPorts): Promise<Authorities> {
  const known = await readCurrent(ports, ports.db)
  if (known !== undefined) return known
  // Keys take seconds to make: nobody waits for a lock meanwhile. Whoever is second throws its keys away.
  const made = await makeAuthorities(ports.clock.now())
  return await inTransaction(ports.db, async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(hashtext('device_authorities'))`.execute(tx)
    const others = await readCurrent(ports, tx)
    if (others !== undefined) return others
    const at = ports.clock.now()
    await sql`UPDATE device_authorities SET replaced_at = ${at} WHERE replaced_at IS NULL`.execute(tx)
    await insert(ports, tx, 'authority', made.authority)
    await insert(ports, tx, 'profiles', made.profiles)
    return made
  })
}

/**
 * The authority that is meant, also one that was replaced and has not ended: a device that asked for its certificate
 * before a change goes on with it.
 */
export async function authorityNamed(
  { db, clock, secretBox }: AuthorityPorts,
  isNamed: (certificate: X509Certificate) => boolean,
): Promise<OwnIdentity | undefined> {
  const { rows } = await sql<AuthorityRow>`
    SELECT purpose, certificate, private_key FROM device_authorities
    WHERE purpose = 'authority' AND not_after > ${clock.now()} ORDER BY id DESC`.execute(db)
  const row = rows.find(({ certificate }) => isNamed(new X509Certificate(certificate)))
  return row === undefined ? undefined : opened(secretBox, row)
}

/**
 * The signer that was in use at a moment, as long as it is good: a device replaces a profile only by one of the same
 * signer (Apple's errors 12009 and 12012). Undefined when it has ended.
 */
export async function profileSignerOf(
  { db, clock, secretBox }: AuthorityReadPorts,
  moment: Date,
): Promise<OwnIdentity | undefined> {
  const { rows } = await sql<AuthorityRow>`
    SELECT purpose, certificate, private_key FROM device_authorities
    WHERE purpose = 'profiles' AND not_after > ${clock.now()} AND (replaced_at IS NULL OR replaced_at > ${moment})
    ORDER BY id LIMIT 1`.execute(db)
  return rows[0] === undefined ? undefined : opened(secretBox, rows[0])
}

interface AuthorityRow {
  readonly purpose: Purpose
  readonly certificate: Buffer
  readonly private_key: Buffer
}

async function readCurrent(
  { clock, secretBox }: AuthorityReadPorts,
  db: Db | Tx,
): Promise<Authorities | undefined> {
  const lasting = new Date(clock.now().getTime() + replacedBeforeDays * dayMs)
  const { rows } = await sql<AuthorityRow>`
    SELECT purpose, certificate, private_key FROM device_authorities
    WHERE replaced_at IS NULL AND not_after > ${lasting}`.execute(db)
  const authority = rows.find(({ purpose }) => purpose === 'authority')
  const profiles = rows.find(({ purpose }) => purpose === 'profiles')
  if (authority === undefined || profiles === undefined) return undefined
  return { authority: opened(secretBox, authority), profiles: opened(secretBox, profiles) }
}

function opened(secretBox: SecretBox, { purpose, certificate, private_key }: AuthorityRow): OwnIdentity {
  const key = secretBox.open(private_key, sealedFor(purpose))
  return {
    certificate: new X509Certificate(certificate),
    privateKey: createPrivateKey({ key, format: 'der', type: 'pkcs8' }),
  }
}

const sealedFor = (purpose: Purpose) => `device-authority:${purpose}`

const makeKeys = promisify(generateKeyPair)

async function makeAuthorities(now: Date): Promise<Authorities> {
  const notBefore = wholeSeconds(new Date(now.getTime() - behindMs))
  const notAfter = new Date(notBefore.getTime() + lifetimeDays * dayMs)
  const make = async (purpose: Purpose, issuer: OwnIdentity | null): Promise<OwnIdentity> => {
    const { publicKey, privateKey } = await makeKeys('rsa', { modulusLength: keyBits })
    const { der } = makeCertificate({
      purpose,
      commonName: commonNames[purpose],
      publicKey: publicKey.export({ type: 'spki', format: 'der' }),
      notBefore,
      notAfter,
      issuer: issuer ?? { certificate: null, privateKey },
    })
    return { certificate: new X509Certificate(der), privateKey }
  }
  const authority = await make('authority', null)
  return { authority, profiles: await make('profiles', authority) }
}

async function insert(
  { secretBox }: AuthorityPorts,
  tx: Tx,
  purpose: Purpose,
  { certificate, privateKey }: OwnIdentity,
): Promise<void> {
  const key = secretBox.seal(privateKey.export({ type: 'pkcs8', format: 'der' }), sealedFor(purpose))
  await sql`INSERT INTO device_authorities (purpose, certificate, private_key, not_before, not_after)
    VALUES (${purpose}, ${certificate.raw}, ${key}, ${certificate.validFromDate}, ${certificate.validToDate})`.execute(
    tx,
  )
}
