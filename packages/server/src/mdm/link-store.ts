/** The SQL of enrollment links. */
import { createHash } from 'node:crypto'
import { sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'

/** A link as it is stored, with its person. */
export interface LinkRow {
  readonly id: string
  readonly ownership: 'personal' | 'corporate'
  readonly userId: number | null
  readonly userName: string | null
  readonly personName: string | null
  readonly serialNumber: string | null
  readonly mostUses: number
  /** Devices that got an identity through it. */
  readonly uses: number
  readonly createdBy: string
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly revokedAt: Date | null
}

const columns = sql`l.id, l.ownership, l.user_id AS "userId", u.user_name AS "userName", u.name AS "personName",
  l.serial_number AS "serialNumber", l.most_uses AS "mostUses", l.uses, l.created_by AS "createdBy",
  l.created_at AS "createdAt", l.expires_at AS "expiresAt", l.revoked_at AS "revokedAt"`

/** Where a link stands at a moment. */
export type LinkState = 'open' | 'used' | 'expired' | 'revoked'

/** Pure. */
export function linkState(
  { revokedAt, uses, mostUses, expiresAt }: Pick<LinkRow, 'revokedAt' | 'uses' | 'mostUses' | 'expiresAt'>,
  now: Date,
): LinkState {
  if (revokedAt !== null) return 'revoked'
  if (uses >= mostUses) return 'used'
  return expiresAt <= now ? 'expired' : 'open'
}

/** What is stored in place of the secret in the address. */
export function linkTokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** A link that is to be stored. */
export interface NewLink
  extends Pick<
    LinkRow,
    'id' | 'ownership' | 'userId' | 'serialNumber' | 'mostUses' | 'createdBy' | 'createdAt' | 'expiresAt'
  > {
  readonly tokenHash: Buffer
}

/** Stores a new link. */
export async function insertLink(tx: Tx, link: NewLink): Promise<void> {
  await sql`INSERT INTO enrollment_links
      (id, token_hash, ownership, user_id, serial_number, most_uses, created_by, created_at, expires_at)
    VALUES (${link.id}::uuid, ${link.tokenHash}, ${link.ownership}, ${link.userId}, ${link.serialNumber},
      ${link.mostUses}, ${link.createdBy}, ${link.createdAt}, ${link.expiresAt})`.execute(tx)
}

/** A page, newest first; one row more than `limit` when there are more. */
export async function pageOfLinks(
  db: Db,
  { limit, after }: { readonly limit: number; readonly after: string | null },
): Promise<readonly LinkRow[]> {
  const beyond = after === null ? sql`true` : sql`l.id < ${after}::uuid`
  const { rows } =
    await sql<LinkRow>`SELECT ${columns} FROM enrollment_links l LEFT JOIN users u ON u.id = l.user_id
    WHERE ${beyond} ORDER BY l.id DESC LIMIT ${limit + 1}`.execute(db)
  return rows
}

/** Undefined when there is none with this id. */
export async function findLink(db: Db | Tx, id: string): Promise<LinkRow | undefined> {
  const { rows } =
    await sql<LinkRow>`SELECT ${columns} FROM enrollment_links l LEFT JOIN users u ON u.id = l.user_id
    WHERE l.id = ${id}::uuid`.execute(db)
  return rows[0]
}

/** The link with this secret. */
export async function findLinkByToken(db: Db | Tx, token: string): Promise<LinkRow | undefined> {
  const { rows } =
    await sql<LinkRow>`SELECT ${columns} FROM enrollment_links l LEFT JOIN users u ON u.id = l.user_id
    WHERE l.token_hash = ${linkTokenHash(token)}`.execute(db)
  return rows[0]
}

/** False when there is none that was open. */
export async function revokeLinkRow(tx: Tx, id: string, at: Date): Promise<boolean> {
  const { rows } = await sql`UPDATE enrollment_links SET revoked_at = ${at}
    WHERE id = ${id}::uuid AND revoked_at IS NULL RETURNING id`.execute(tx)
  return rows.length > 0
}

/** Forgets profiles of the link that nobody used in time, and counts those that may still be used. */
export async function tidyPending(tx: Tx, linkId: string, now: Date): Promise<number> {
  await sql`DELETE FROM pending_enrollments
    WHERE link_id = ${linkId}::uuid AND issued_at IS NULL AND expires_at <= ${now}`.execute(tx)
  const { rows } = await sql<{ open: number }>`SELECT count(*)::int AS open FROM pending_enrollments
    WHERE link_id = ${linkId}::uuid AND issued_at IS NULL`.execute(tx)
  return rows[0]?.open ?? 0
}
