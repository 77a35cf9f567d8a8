/** The SQL of what Apple's answers tell of a location: that the token is good, who holds it, that we are too fast. */
import type { Holder } from '@apportion/core/tokens/token-state'
import { sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'
import type { LocationRow } from './store.ts'

/** Moments are exact to a minute, so that thousands of answers cost one row written. */
const grain = sql`interval '1 minute'`

/** Remembers that Apple no longer accepts the token, unless another one has been uploaded since. */
export async function noteTokenAnswer(
  db: Db | Tx,
  { id, token_uploaded_at }: Pick<LocationRow, 'id' | 'token_uploaded_at'>,
  answer: { readonly state: 'revoked' | 'invalid'; readonly errorNumber: number | null },
): Promise<void> {
  await sql`UPDATE locations SET token_state = ${answer.state}, token_error_number = ${answer.errorNumber}
    WHERE id = ${id} AND token_state <> ${answer.state}
      AND date_trunc('milliseconds', token_uploaded_at) = ${token_uploaded_at}`.execute(db)
}

/** Apple answered to the token. */
export async function noteAnswered(db: Db, id: number, at: Date): Promise<void> {
  await sql`UPDATE locations SET answered_at = ${at} WHERE id = ${id}
    AND (answered_at IS NULL OR answered_at < ${at}::timestamptz - ${grain})`.execute(db)
}

/** Apple accepts a token again that it had refused, unless another one has been uploaded since. Gives whether it had. */
export async function noteAccepted(
  tx: Tx,
  { id, token_uploaded_at }: Pick<LocationRow, 'id' | 'token_uploaded_at'>,
): Promise<boolean> {
  const { numAffectedRows = 0n } =
    await sql`UPDATE locations SET token_state = 'valid', token_error_number = NULL
    WHERE id = ${id} AND token_state <> 'valid'
      AND date_trunc('milliseconds', token_uploaded_at) = ${token_uploaded_at}`.execute(tx)
  return numAffectedRows > 0n
}

/** Apple asked the location to slow down (9646, 429 or `Retry-After`). */
export async function noteSlowed(db: Db, uid: string, at: Date): Promise<void> {
  await sql`UPDATE locations SET slowed_at = ${at} WHERE uid = ${uid}
    AND (slowed_at IS NULL OR slowed_at < ${at}::timestamptz - ${grain})`.execute(db)
}

/**
 * Remembers who holds the location at Apple; null: we do. An answer to a request that was made before we claimed the
 * location under a new id says nothing of the present.
 */
export async function noteHolder(
  db: Db | Tx,
  { id, mdm_id }: Pick<LocationRow, 'id' | 'mdm_id'>,
  holder: Holder | null,
): Promise<void> {
  const json = holder === null ? null : JSON.stringify(holder)
  await sql`UPDATE locations SET managed_by = ${json}::jsonb
    WHERE id = ${id} AND mdm_id = ${mdm_id} AND managed_by IS DISTINCT FROM ${json}::jsonb`.execute(db)
}

/** What Apple says beside what the administrator chose (T7). */
export async function noteAppleFacts(
  db: Db,
  id: number,
  facts: { readonly country: string | null; readonly websiteUrl: string | null },
): Promise<void> {
  await sql`UPDATE locations SET apple_country = coalesce(${facts.country}::text, apple_country),
      website_url = coalesce(${facts.websiteUrl}::text, website_url)
    WHERE id = ${id} AND (apple_country, website_url) IS DISTINCT FROM
      (coalesce(${facts.country}::text, apple_country), coalesce(${facts.websiteUrl}::text, website_url))`.execute(
    db,
  )
}

/**
 * A copy of this installation holds the location under our own id, at `host`. Not believed when an address was registered
 * while Apple answered: `location` is the row as it was before the request.
 */
export async function noteCopy(
  db: Db,
  { id, registered_at }: Pick<LocationRow, 'id' | 'registered_at'>,
  { host, name }: { readonly host: string; readonly name: string },
): Promise<boolean> {
  const holder: Holder = { id: null, name, metadata: host }
  const { numAffectedRows = 0n } =
    await sql`UPDATE locations SET managed_by = ${JSON.stringify(holder)}::jsonb
    WHERE id = ${id} AND date_trunc('milliseconds', registered_at) = ${registered_at}`.execute(db)
  return numAffectedRows > 0n
}

/** A moment that stands for "now, and ask Apple". */
export const askedFor = new Date('2000-01-01T00:00:00Z')

/** Asks to look after the location at once, and to ask Apple about it. */
export async function askForCare(db: Db | Tx, id: number): Promise<void> {
  await sql`UPDATE locations SET tend_at = ${askedFor} WHERE id = ${id}`.execute(db)
}
