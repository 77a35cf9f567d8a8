/** The SQL of administrators, their sessions and the setup code. */
import { sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'
import type { Language } from './schema.ts'

export interface AdministratorRow {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly language: Language
}

export interface SessionRow {
  readonly administrator: AdministratorRow
  readonly csrfToken: string
  readonly lastSeenAt: Date
  /** The end whatever happens; the end by idleness comes on top. */
  readonly expiresAt: Date
}

export async function hasAdministrators(db: Db | Tx): Promise<boolean> {
  return (await db.selectFrom('administrators').select('id').limit(1).executeTakeFirst()) !== undefined
}

/** The account that may sign in with this address, in any spelling; `passwordHash` null when it has no password. */
export async function findByEmail(
  db: Db,
  email: string,
): Promise<(AdministratorRow & { readonly passwordHash: string | null }) | undefined> {
  return await db
    .selectFrom('administrators')
    .select(['id', 'email', 'name', 'language', 'password_hash as passwordHash'])
    .where(sql`lower(email)`, '=', email.toLowerCase())
    .where('disabled_at', 'is', null)
    .executeTakeFirst()
}

export async function insertAdministrator(
  tx: Tx,
  row: AdministratorRow & { readonly passwordHash: string; readonly createdAt: Date },
): Promise<void> {
  const { id, email, name, language, passwordHash, createdAt } = row
  await tx
    .insertInto('administrators')
    .values({ id, email, name, language, password_hash: passwordHash, created_at: createdAt })
    .execute()
}

export async function updatePasswordHash(tx: Tx, id: string, passwordHash: string): Promise<void> {
  await tx.updateTable('administrators').set({ password_hash: passwordHash }).where('id', '=', id).execute()
}

export async function updateLanguage(tx: Tx, id: string, language: Language): Promise<void> {
  await tx.updateTable('administrators').set({ language }).where('id', '=', id).execute()
}

export interface NewSession {
  readonly idHash: Buffer
  readonly administratorId: string
  readonly csrfToken: string
  readonly at: Date
  readonly expiresAt: Date
  readonly userAgent: string | null
}

export async function insertSession(tx: Tx, session: NewSession): Promise<void> {
  await tx
    .insertInto('sessions')
    .values({
      id_hash: session.idHash,
      administrator_id: session.administratorId,
      csrf_token: session.csrfToken,
      created_at: session.at,
      last_seen_at: session.at,
      expires_at: session.expiresAt,
      user_agent: session.userAgent,
    })
    .execute()
}

/** A session that has not ended: neither by age nor because it was last seen before `idleSince`. */
export async function findSession(
  db: Db,
  { idHash, now, idleSince }: { readonly idHash: Buffer; readonly now: Date; readonly idleSince: Date },
): Promise<SessionRow | undefined> {
  const row = await db
    .selectFrom('sessions as s')
    .innerJoin('administrators as a', 'a.id', 's.administrator_id')
    .select(['a.id', 'a.email', 'a.name', 'a.language', 's.csrf_token', 's.last_seen_at', 's.expires_at'])
    .where('s.id_hash', '=', idHash)
    .where('s.expires_at', '>', now)
    .where('s.last_seen_at', '>', idleSince)
    .where('a.disabled_at', 'is', null)
    .executeTakeFirst()
  if (row === undefined) return undefined
  const { csrf_token, last_seen_at, expires_at, ...administrator } = row
  return { administrator, csrfToken: csrf_token, lastSeenAt: last_seen_at, expiresAt: expires_at }
}

export async function touchSession(db: Db, idHash: Buffer, at: Date): Promise<void> {
  await db.updateTable('sessions').set({ last_seen_at: at }).where('id_hash', '=', idHash).execute()
}

export async function deleteSession(tx: Tx, idHash: Buffer): Promise<void> {
  await tx.deleteFrom('sessions').where('id_hash', '=', idHash).execute()
}

/** Removes sessions that have ended; gives how many. */
export async function deleteEndedSessions(db: Db, now: Date, idleSince: Date): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('sessions')
    .where((row) => row.or([row('expires_at', '<=', now), row('last_seen_at', '<=', idleSince)]))
    .executeTakeFirst()
  return Number(numDeletedRows)
}

/** Puts a code in place of the one before. */
export async function replaceSetupCode(db: Db, codeHash: Buffer, at: Date): Promise<void> {
  await db
    .insertInto('setup_codes')
    .values({ code_hash: codeHash, created_at: at, used_at: null })
    .onConflict((conflict) =>
      conflict.column('only_row').doUpdateSet({ code_hash: codeHash, created_at: at, used_at: null }),
    )
    .execute()
}

/** Uses up the code if it is the one in force; false when it is not, or was used. Others wait for the answer. */
export async function useSetupCode(tx: Tx, codeHash: Buffer, at: Date): Promise<boolean> {
  const used = await tx
    .updateTable('setup_codes')
    .set({ used_at: at })
    .where('code_hash', '=', codeHash)
    .where('used_at', 'is', null)
    .returning('used_at')
    .executeTakeFirst()
  return used !== undefined
}

/** Whether the code is the one in force, before any costly work is done for whoever sends it. */
export async function isSetupCode(db: Db, codeHash: Buffer): Promise<boolean> {
  const row = await db
    .selectFrom('setup_codes')
    .select('created_at')
    .where('code_hash', '=', codeHash)
    .where('used_at', 'is', null)
    .executeTakeFirst()
  return row !== undefined
}
