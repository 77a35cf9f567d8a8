/** People who want user licenses, for stories that begin where assignments have been worked out. */
import { sql } from 'kysely'
import type { Story } from './story.ts'

/** Somebody of the directory. */
export interface Person {
  readonly userName: string
  readonly email?: string
  readonly managedAccount?: string
}

/** Adds people to the directory; gives the ids that Apple is to know them by, in the same order. */
export async function addPeople(
  { database }: Pick<Story, 'database'>,
  people: readonly Person[],
): Promise<readonly string[]> {
  const ids: string[] = []
  for (const { userName, email = null, managedAccount = null } of people) {
    const { rows } = await sql<{ id: string }>`
      INSERT INTO users (user_name, email, managed_apple_account, created_at, updated_at)
      VALUES (${userName}, ${email}, ${managedAccount}, now(), now()) RETURNING client_user_id::text AS id`.execute(
      database.kysely,
    )
    ids.push(...rows.map((row) => row.id))
  }
  return ids
}

/** These people want a license of an asset, and one is reserved for each of them. */
export async function reserveFor(
  { database }: Pick<Story, 'database'>,
  { adamId, ids }: { readonly adamId: string; readonly ids: readonly string[] },
): Promise<void> {
  const of = sql`FROM assets a CROSS JOIN users u WHERE a.adam_id = ${adamId}
    AND u.client_user_id::text = ANY(${[...ids]}::text[])`
  await database.kysely.transaction().execute(async (tx) => {
    await sql`INSERT INTO targets (location_id, asset_id, user_id, license_type, intent, assignment_id, entered_at)
      SELECT a.location_id, a.id, u.id, 'user', 'required', 0, now() ${of}`.execute(tx)
    await sql`INSERT INTO licenses (location_id, asset_id, holder_kind, holder, state, ours, since)
      SELECT a.location_id, a.id, 'user', u.client_user_id::text, 'granting', true, '2020-01-01' ${of}`.execute(
      tx,
    )
    await sql`UPDATE assets SET reserved = reserved + ${ids.length} WHERE adam_id = ${adamId}`.execute(tx)
  })
}

/** What is known here of people at Apple, by the ids that Apple knows them by. */
export async function knownAtApple({ database }: Pick<Story, 'database'>) {
  const { rows } = await sql<{ id: string; status: string; invited: boolean; hash: string | null }>`
    SELECT client_user_id AS id, status, invitation_sealed IS NOT NULL AS invited, id_hash AS hash FROM apple_users`.execute(
    database.kysely,
  )
  return new Map(rows.map(({ id, ...known }) => [id, known]))
}
