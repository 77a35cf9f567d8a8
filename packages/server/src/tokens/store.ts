/** The SQL of content tokens and their locations. */
import { sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'

/** Another service that holds a location at Apple, from its `mdmInfo`. */
export interface ForeignHolder {
  readonly id: string | null
  readonly name: string | null
  readonly metadata: string | null
}

/** A location with its token, without what the token says. */
export interface LocationRow {
  readonly id: number
  readonly uid: string
  readonly name: string
  readonly organization_name: string
  readonly location_name: string | null
  readonly account: string | null
  readonly account_type: 'business' | 'education'
  readonly country: string
  readonly store_platform: string
  readonly automatic_updates: boolean
  readonly token_expires_at: Date
  readonly token_uploaded_at: Date
  readonly token_state: 'valid' | 'revoked' | 'invalid'
  readonly mdm_id: string
  readonly managed_by: ForeignHolder | null
  readonly sync_every_minutes: number
  readonly next_sync_at: Date
  readonly exact_as_of: Date | null
  readonly assets_version: string | null
  readonly assignments_version: string | null
  readonly users_version: string | null
  readonly notifications_from: Date | null
  readonly compared_at: Date | null
  readonly users_doubted: boolean
  readonly swept_at: Date | null
  readonly sweep_problem_code: string | null
  readonly sweep_problem_detail: string | null
}

const columns = sql`l.id, l.uid, l.name, l.organization_name, l.location_name, l.account, l.account_type, l.country,
  l.store_platform, l.automatic_updates, l.token_expires_at, l.token_uploaded_at, l.token_state, l.mdm_id, l.managed_by,
  l.sync_every_minutes, l.next_sync_at, l.exact_as_of, l.assets_version, l.assignments_version, l.users_version,
  l.notifications_from, l.compared_at, l.users_doubted, l.swept_at, l.sweep_problem_code, l.sweep_problem_detail`

/** One location, or undefined. */
export async function findLocation(db: Db | Tx, id: number): Promise<LocationRow | undefined> {
  const { rows } = await sql<LocationRow>`SELECT ${columns} FROM locations l WHERE l.id = ${id}`.execute(db)
  return rows[0]
}

/** The location that Apple calls `uid`, or undefined. */
export async function findLocationByUid(db: Db | Tx, uid: string): Promise<LocationRow | undefined> {
  const { rows } = await sql<LocationRow>`SELECT ${columns} FROM locations l WHERE l.uid = ${uid}`.execute(db)
  return rows[0]
}

/** Some locations in the order of their names, after a name and id. */
export async function pageOfLocations(
  db: Db,
  page: { readonly limit: number; readonly after: readonly [string, number] | null; readonly search: string },
): Promise<readonly LocationRow[]> {
  const [name, id] = page.after ?? ['', 0]
  const { rows } = await sql<LocationRow>`SELECT ${columns} FROM locations l
    WHERE (lower(l.name), l.id) > (${name}, ${id})
      AND (${page.search} = '' OR strpos(lower(l.name || ' ' || l.organization_name || ' ' || coalesce(l.location_name, '') || ' ' || l.uid), ${page.search}) > 0)
    ORDER BY lower(l.name), l.id LIMIT ${page.limit}`.execute(db)
  return rows
}

/** The sealed token of a location, or undefined. */
export async function sealedToken(db: Db | Tx, id: number): Promise<Buffer | undefined> {
  const { rows } = await sql<{
    token_sealed: Buffer
  }>`SELECT token_sealed FROM locations WHERE id = ${id}`.execute(db)
  return rows[0]?.token_sealed
}

/** What a new location starts with. */
export interface NewLocation {
  readonly uid: string
  readonly name: string
  readonly organizationName: string
  readonly locationName: string | null
  readonly account: string | null
  readonly accountType: 'business' | 'education'
  readonly country: string
  readonly storePlatform: string
  readonly websiteUrl: string | null
  readonly automaticUpdates: boolean
  readonly tokenSealed: Buffer
  readonly tokenHash: Buffer
  readonly tokenExpiresAt: Date
  readonly mdmId: string
  readonly notificationsFrom: Date | null
  readonly at: Date
}

/** Stores a new location and gives its id; undefined when another administrator was first. */
export async function insertLocation(tx: Tx, location: NewLocation): Promise<number | undefined> {
  const { rows } = await sql<{ id: number }>`
    INSERT INTO locations (uid, name, organization_name, location_name, account, account_type, country, store_platform,
      website_url, automatic_updates, consent_at, token_sealed, token_hash, token_expires_at, token_uploaded_at, mdm_id,
      next_sync_at, notifications_from, created_at)
    VALUES (${location.uid}, ${location.name}, ${location.organizationName}, ${location.locationName},
      ${location.account}, ${location.accountType}, ${location.country}, ${location.storePlatform},
      ${location.websiteUrl}, ${location.automaticUpdates}, ${location.at}, ${location.tokenSealed},
      ${location.tokenHash}, ${location.tokenExpiresAt}, ${location.at}, ${location.mdmId}, ${location.at},
      ${location.notificationsFrom}, ${location.at})
    ON CONFLICT DO NOTHING RETURNING id`.execute(tx)
  return rows[0]?.id
}

/** Puts a newer token in the place of the present one. */
export async function replaceToken(
  tx: Tx,
  id: number,
  token: { readonly sealed: Buffer; readonly hash: Buffer; readonly expiresAt: Date; readonly at: Date },
): Promise<void> {
  await sql`UPDATE locations SET token_sealed = ${token.sealed}, token_hash = ${token.hash},
      token_expires_at = ${token.expiresAt}, token_uploaded_at = ${token.at}, token_state = 'valid',
      token_error_number = NULL WHERE id = ${id}`.execute(tx)
}

/** Changes what an administrator may change. */
export async function updateLocation(
  tx: Tx,
  id: number,
  change: {
    readonly name: string
    readonly account: string | null
    readonly automaticUpdates: boolean
    readonly syncEveryMinutes: number
    readonly nextSyncAt: Date
  },
): Promise<void> {
  await sql`UPDATE locations SET name = ${change.name}, account = ${change.account},
      automatic_updates = ${change.automaticUpdates}, sync_every_minutes = ${change.syncEveryMinutes},
      next_sync_at = ${change.nextSyncAt} WHERE id = ${id}`.execute(tx)
}

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

/** Remembers who holds the location at Apple; null: we do. */
export async function noteHolder(db: Db | Tx, id: number, holder: ForeignHolder | null): Promise<void> {
  const json = holder === null ? null : JSON.stringify(holder)
  await sql`UPDATE locations SET managed_by = ${json}::jsonb
    WHERE id = ${id} AND managed_by IS DISTINCT FROM ${json}::jsonb`.execute(db)
}

/** We hold the location now, with notifications since a moment or without. */
export async function noteClaim(tx: Tx, id: number, notificationsFrom: Date | null): Promise<void> {
  await sql`UPDATE locations SET managed_by = NULL, notifications_from = ${notificationsFrom} WHERE id = ${id}`.execute(
    tx,
  )
}

/** What Apple says of a location itself. */
export async function noteLocationFacts(
  db: Db | Tx,
  id: number,
  facts: {
    readonly locationName: string | null
    readonly storePlatform: string
    readonly expiresAt: Date | null
  },
): Promise<void> {
  await sql`UPDATE locations SET location_name = ${facts.locationName}, store_platform = ${facts.storePlatform},
      token_expires_at = coalesce(${facts.expiresAt}::timestamptz, token_expires_at) WHERE id = ${id}`.execute(
    db,
  )
}

/** Counts of all assets of some locations. Unlimited assets have no total. */
export interface LocationCounts {
  readonly location_id: number
  readonly assets: number
  readonly total: number
  readonly used: number
  readonly available: number
  readonly held_outside: number
  readonly waiting: number
}

/** Counts by location, in one query for all. */
export async function countsOfLocations(db: Db, ids: readonly number[]): Promise<readonly LocationCounts[]> {
  const { rows } = await sql<LocationCounts>`
    SELECT a.location_id, count(*)::int AS assets,
      coalesce(sum(a.total) FILTER (WHERE NOT a.unlimited), 0)::int AS total,
      coalesce(sum(a.held + a.reserved) FILTER (WHERE NOT a.unlimited), 0)::int AS used,
      coalesce(sum(greatest(0, a.total - a.retired - a.held - a.reserved)) FILTER (WHERE NOT a.unlimited), 0)::int AS available,
      coalesce(sum(a.held_outside) FILTER (WHERE NOT a.unlimited), 0)::int AS held_outside,
      coalesce(sum(a.waiting), 0)::int AS waiting
    FROM assets a
    WHERE a.location_id = ANY(${[...ids]}::int[]) AND a.gone_at IS NULL GROUP BY a.location_id`.execute(db)
  return rows
}

/** An address for Apple's notifications, not yet confirmed. */
export async function insertWebhook(
  tx: Tx,
  webhook: { readonly pathKey: string; readonly uid: string; readonly secretHash: Buffer; readonly at: Date },
): Promise<void> {
  await sql`INSERT INTO webhooks (path_key, uid, secret_hash, created_at)
    VALUES (${webhook.pathKey}, ${webhook.uid}, ${webhook.secretHash}, ${webhook.at})`.execute(tx)
}

/** Apple accepted the address: older ones of the location are forgotten. */
export async function confirmWebhook(tx: Tx, pathKey: string, at: Date): Promise<void> {
  await sql`WITH confirmed AS (
      UPDATE webhooks SET confirmed_at = ${at} WHERE path_key = ${pathKey} RETURNING uid
    ) DELETE FROM webhooks w USING confirmed c WHERE w.uid = c.uid AND w.path_key <> ${pathKey}`.execute(tx)
}

/** Apple refused the address. */
export async function forgetWebhook(db: Db, pathKey: string): Promise<void> {
  await sql`DELETE FROM webhooks WHERE path_key = ${pathKey}`.execute(db)
}
