/**
 * Hands profiles out: each with a challenge of its own, which gets one certificate, once. A link gives one to a device that
 * is not managed yet; an enrollment gets one with which the device renews its identity.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { DeviceConfig } from '../config/config.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import type { NewId } from '../platform/ids.ts'
import { type Authorities, type AuthorityPorts, currentAuthorities } from './authority.ts'
import { challengeHash } from './issue.ts'
import { enrollmentProfile } from './profile.ts'
import { currentTopic } from './push-store.ts'
import { signProfile } from './sign-profile.ts'

/** What handing profiles out touches. */
export interface HandOutPorts extends AuthorityPorts {
  readonly newId: NewId
  readonly devices: DeviceConfig
}

/** Whom a profile is for. */
export interface Recipient {
  readonly linkId: string | null
  readonly enrollmentId: number | null
  readonly ownership: 'personal' | 'corporate'
  readonly userId: number | null
  /** For this device alone. */
  readonly serialNumber: string | null
}

/** A profile that is given now: its challenge is nowhere but in it. */
export interface HandedOut {
  readonly pendingId: string
  readonly challenge: string
  readonly expiresAt: Date
}

/** A person installs a profile within the hour; a device that is off takes its renewal when it is back. */
const minutesFor = { link: 60, renewal: 14 * 24 * 60 } as const

/** Stores what the profile is for; the challenge is kept as a hash alone. */
export async function openPending(
  tx: Tx,
  { newId, now }: { readonly newId: NewId; readonly now: Date },
  recipient: Recipient,
): Promise<HandedOut> {
  const pendingId = newId()
  const challenge = randomBytes(24).toString('base64url')
  const minutes = recipient.enrollmentId === null ? minutesFor.link : minutesFor.renewal
  const expiresAt = new Date(now.getTime() + minutes * 60_000)
  await sql`INSERT INTO pending_enrollments
      (id, link_id, enrollment_id, ownership, user_id, serial_number, challenge_hash, created_at, expires_at)
    VALUES (${pendingId}::uuid, ${recipient.linkId}::uuid, ${recipient.enrollmentId}, ${recipient.ownership},
      ${recipient.userId}, ${recipient.serialNumber}, ${challengeHash(challenge)}, ${now}, ${expiresAt})`.execute(
    tx,
  )
  return { pendingId, challenge, expiresAt }
}

/** What a profile shows to the person. */
export interface ProfileWords {
  readonly organization: string
  readonly description: string
}

/** The name of the organization as Apple knows it, from the first content token; a general one without any. */
export async function organizationName({ db }: { readonly db: Db | Tx }): Promise<string | undefined> {
  const { rows } = await sql<{ name: string }>`
    SELECT organization_name AS name FROM locations ORDER BY id LIMIT 1`.execute(db)
  return rows[0]?.name
}

/**
 * The profile for a challenge. `signed` false leaves the signature out, for clients in development. Throws Refusal
 * `push.missing` or `push.expired` where no device could be woken.
 */
export async function profileFor(
  ports: HandOutPorts,
  {
    challenge,
    words,
    signed,
  }: { readonly challenge: string; readonly words: ProfileWords; readonly signed: boolean },
): Promise<Buffer> {
  const topic = await currentTopic(ports.db, ports.clock.now())
  const authorities = await currentAuthorities(ports)
  const profile = enrollmentProfile({
    ...termsOf(ports, words),
    topic,
    authority: authorities.authority.certificate,
    challenge,
  })
  if (!signed) return Buffer.from(profile)
  return await signProfile(ports, profile, { since: ports.clock.now(), authorities })
}

/** A profile that renews an identity, and until when its challenge is good. */
export interface RenewalProfile {
  readonly pendingId: string
  readonly expiresAt: Date
  /** To be sent with `InstallProfile`. */
  readonly profile: Buffer
}

/**
 * The profile with which a device that is enrolled gets a new identity: the same identifier, topic and addresses, a new
 * challenge, signed by the signer of the first. Undefined when the enrollment has left or has no topic. Everything is read in
 * the transaction, but for the authorities, which may have to be made first.
 */
export async function renewalProfile(
  tx: Tx,
  ports: Omit<HandOutPorts, 'db'>,
  { enrollmentId, authorities }: { readonly enrollmentId: number; readonly authorities: Authorities },
): Promise<RenewalProfile | undefined> {
  const { rows } = await sql<{ ownership: 'personal' | 'corporate'; topic: string; since: Date }>`
    SELECT e.ownership, e.topic, coalesce(first.created_at, e.authenticated_at) AS since FROM enrollments e
    LEFT JOIN LATERAL (SELECT p.created_at FROM identity_certificates c JOIN pending_enrollments p ON p.id = c.pending_id
      WHERE c.enrollment_id = e.id ORDER BY c.issued_at LIMIT 1) first ON true
    WHERE e.id = ${enrollmentId} AND e.state <> 'left' AND e.topic IS NOT NULL FOR UPDATE OF e`.execute(tx)
  const [enrollment] = rows
  if (enrollment === undefined) return undefined
  const inside = { ...ports, db: tx }
  const { pendingId, challenge, expiresAt } = await openPending(
    tx,
    { newId: ports.newId, now: ports.clock.now() },
    { linkId: null, enrollmentId, ownership: enrollment.ownership, userId: null, serialNumber: null },
  )
  const organization = (await organizationName(inside)) ?? 'Apportion'
  const profile = enrollmentProfile({
    ...termsOf(ports, { organization, description: '' }),
    topic: enrollment.topic,
    authority: authorities.authority.certificate,
    challenge,
  })
  const signed = await signProfile(inside, profile, { since: enrollment.since, authorities })
  return { pendingId, expiresAt, profile: signed }
}

function termsOf({ devices }: Pick<HandOutPorts, 'devices'>, words: ProfileWords) {
  return {
    ...words,
    url: devices.url,
    signMessage: devices.certificateHeader === null,
    newUuid: () => randomUUID().toUpperCase(),
  }
}
