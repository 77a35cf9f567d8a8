/**
 * Gives a device the certificate by which it will be known: one for each profile that was handed out, proven by the
 * profile's challenge. What the certificate says is our choice alone.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import { sql } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import type { OwnIdentity } from './authority.ts'
import { makeCertificate, wholeSeconds } from './new-certificate.ts'

/** What issuing touches. */
export interface IssuePorts {
  readonly db: Db
  readonly clock: Pick<Clock, 'now'>
}

/** Who asks for an identity, and who issues it. */
export interface IdentityRequest {
  /** The secret from the profile. */
  readonly challenge: string
  /** DER (SubjectPublicKeyInfo), proven to be the requester's. */
  readonly publicKey: Uint8Array
  readonly authority: OwnIdentity
}

/** A new identity, and the profile that it was issued for. */
export interface IssuedIdentity {
  readonly der: Buffer
  readonly serialNumber: string
  readonly pendingId: string
}

/** How long an identity lives. */
export const identityDays = 365
const dayMs = 86_400_000
/** Clocks of devices may be behind. */
const behindMs = 10 * 60_000

/** What rests in the database in place of a challenge. */
export function challengeHash(challenge: string): Buffer {
  return createHash('sha256').update(challenge).digest()
}

/**
 * Issues and marks the challenge as used, both or neither. Undefined for a challenge that is unknown, used, expired or
 * withdrawn; several requests with one at the same time get one certificate between them.
 */
export async function issueIdentity(
  { db, clock }: IssuePorts,
  { challenge, publicKey, authority }: IdentityRequest,
): Promise<IssuedIdentity | undefined> {
  const now = clock.now()
  return await inTransaction(db, async (tx) => {
    const pendingId = await takeChallenge(tx, challengeHash(challenge), now)
    if (pendingId === undefined) return undefined
    const end = Math.min(now.getTime() + identityDays * dayMs, authority.certificate.validToDate.getTime())
    const times = {
      notBefore: wholeSeconds(new Date(now.getTime() - behindMs)),
      notAfter: wholeSeconds(new Date(end)),
    }
    const made = makeCertificate({
      purpose: 'device',
      commonName: pendingId,
      publicKey,
      ...times,
      issuer: authority,
    })
    const fingerprint = createHash('sha256').update(made.der).digest()
    await sql`INSERT INTO identity_certificates
        (serial_number, fingerprint, pending_id, enrollment_id, state, not_before, not_after, issued_at)
      VALUES (${made.serialNumber}, ${fingerprint}, ${pendingId}::uuid, NULL, 'issued',
        ${times.notBefore}, ${times.notAfter}, ${now})`.execute(tx)
    return { ...made, pendingId }
  })
}

/**
 * The pending enrollment of the challenge, marked as issued; undefined when it must not be. The link is used up by one: two
 * profiles of a link for one device get one certificate between them.
 */
async function takeChallenge(tx: Tx, hash: Buffer, now: Date): Promise<string | undefined> {
  const { rows } = await sql<{ id: string; challenge_hash: Buffer; link_id: string | null }>`
    SELECT id, challenge_hash, link_id FROM pending_enrollments
    WHERE challenge_hash = ${hash} AND issued_at IS NULL AND expires_at > ${now} FOR UPDATE`.execute(tx)
  const [pending] = rows
  if (pending === undefined || !timingSafeEqual(pending.challenge_hash, hash)) return undefined
  const isGood = pending.link_id === null ? isRenewal(tx, pending.id) : takeUse(tx, pending.link_id)
  if (!(await isGood)) return undefined
  await sql`UPDATE pending_enrollments SET issued_at = ${now} WHERE id = ${pending.id}::uuid`.execute(tx)
  return pending.id
}

async function isRenewal(tx: Tx, pendingId: string): Promise<boolean> {
  const { rows } = await sql`SELECT 1 FROM pending_enrollments p JOIN enrollments e ON e.id = p.enrollment_id
    WHERE p.id = ${pendingId}::uuid AND e.state <> 'left'`.execute(tx)
  return rows.length > 0
}

async function takeUse(tx: Tx, linkId: string): Promise<boolean> {
  const { rows } = await sql`UPDATE enrollment_links SET uses = uses + 1
    WHERE id = ${linkId}::uuid AND revoked_at IS NULL AND uses < most_uses RETURNING id`.execute(tx)
  return rows.length > 0
}
