/** The SQL of push certificates. */
import { sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'
import { Refusal } from '../platform/errors.ts'

/** A push certificate without its key. */
export interface PushCertificateRow {
  readonly topic: string
  /** PEM, the leaf first. */
  readonly certificate: string
  readonly notBefore: Date
  readonly notAfter: Date
  readonly uploadedAt: Date
  readonly refusedAt: Date | null
  readonly refusedReason: string | null
  /** Devices that can be woken with this one alone. */
  readonly enrollments: number
}

/** All, the one that new devices get first. */
export async function listPushCertificates(db: Db | Tx): Promise<readonly PushCertificateRow[]> {
  const { rows } = await sql<PushCertificateRow>`
    SELECT c.topic, c.certificate, c.not_before AS "notBefore", c.not_after AS "notAfter",
      c.uploaded_at AS "uploadedAt", c.refused_at AS "refusedAt", c.refused_reason AS "refusedReason",
      (SELECT count(*)::int FROM enrollments e WHERE e.topic = c.topic AND e.state <> 'left') AS enrollments
    FROM push_certificates c ORDER BY c.uploaded_at DESC, c.topic`.execute(db)
  return rows
}

/** The topic that new devices get. Throws Refusal `push.missing` or `push.expired`. */
export async function currentTopic(db: Db | Tx, now: Date): Promise<string> {
  const { rows } = await sql<{ topic: string; not_after: Date }>`
    SELECT topic, not_after FROM push_certificates ORDER BY uploaded_at DESC, topic LIMIT 1`.execute(db)
  const [current] = rows
  if (current === undefined) {
    throw new Refusal(
      'push.missing',
      'There is no push certificate, so that no device can be woken. Make a signing request and upload the certificate that Apple gives for it.',
    )
  }
  if (current.not_after > now) return current.topic
  const ended = current.not_after.toISOString().slice(0, 10)
  throw new Refusal(
    'push.expired',
    `The push certificate ended on ${ended}. Renew it at Apple, with the same Apple Account, and upload it.`,
    { topic: current.topic },
  )
}

/** A push certificate that is to be stored. */
export interface NewPushCertificate {
  readonly topic: string
  readonly certificate: string
  /** Sealed. */
  readonly privateKey: Buffer
  readonly notBefore: Date
  readonly notAfter: Date
  readonly uploadedAt: Date
}

/** Stores one, in place of the one of its topic. What Apple refused of that is forgotten. */
export async function putPushCertificate(tx: Tx, made: NewPushCertificate): Promise<void> {
  await sql`INSERT INTO push_certificates (topic, certificate, private_key, not_before, not_after, uploaded_at)
    VALUES (${made.topic}, ${made.certificate}, ${made.privateKey}, ${made.notBefore}, ${made.notAfter}, ${made.uploadedAt})
    ON CONFLICT (topic) DO UPDATE SET certificate = excluded.certificate, private_key = excluded.private_key,
      not_before = excluded.not_before, not_after = excluded.not_after, uploaded_at = excluded.uploaded_at,
      refused_at = NULL, refused_reason = NULL`.execute(tx)
}

/** A signing request as it is stored. */
export interface SigningRequestRow {
  /** PEM. */
  readonly request: string
  /** Sealed. */
  readonly privateKey: Buffer
  readonly createdAt: Date
}

/** The signing request whose certificate is not back yet. */
export async function findSigningRequest(db: Db | Tx): Promise<SigningRequestRow | undefined> {
  const { rows } = await sql<SigningRequestRow>`
    SELECT request, private_key AS "privateKey", created_at AS "createdAt" FROM push_signing_requests`.execute(
    db,
  )
  return rows[0]
}

/** Stores one; undefined when another was there first. */
export async function insertSigningRequest(tx: Tx, row: SigningRequestRow): Promise<boolean> {
  const { rows } = await sql`INSERT INTO push_signing_requests (private_key, request, created_at)
    VALUES (${row.privateKey}, ${row.request}, ${row.createdAt}) ON CONFLICT DO NOTHING RETURNING id`.execute(
    tx,
  )
  return rows.length > 0
}

/** Its certificate has come, or another is wanted. */
export async function deleteSigningRequest(tx: Tx): Promise<void> {
  await sql`DELETE FROM push_signing_requests`.execute(tx)
}
