/** The SQL of content tokens and their locations. */
import type { UpdateHours } from '@apportion/core/installs/care'
import type { LeavingPhase, LicenseChoice } from '@apportion/core/tokens/leaving'
import type { Holder } from '@apportion/core/tokens/token-state'
import { sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'

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
  /** All null, or none. */
  readonly update_from: string | null
  readonly update_until: string | null
  readonly update_zone: string | null
  readonly token_expires_at: Date
  readonly token_uploaded_at: Date
  readonly token_state: 'valid' | 'revoked' | 'invalid'
  readonly mdm_id: string
  readonly managed_by: Holder | null
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
  readonly website_url: string | null
  readonly created_at: Date
  readonly apple_country: string | null
  readonly answered_at: Date | null
  readonly slowed_at: Date | null
  readonly notification_base: string | null
  readonly notifications_off: 'unreachable' | 'unheard' | 'silent' | null
  readonly notifications_off_since: Date | null
  readonly registered_at: Date | null
  readonly leaving_since: Date | null
  readonly leaving_by: string | null
  readonly leaving_licenses: LicenseChoice | null
  readonly leaving_phase: LeavingPhase | null
  readonly leaving_count: number | null
}

const columns = sql`l.id, l.uid, l.name, l.organization_name, l.location_name, l.account, l.account_type, l.country,
  l.store_platform, l.automatic_updates, l.update_from, l.update_until, l.update_zone, l.token_expires_at, l.token_uploaded_at, l.token_state, l.mdm_id, l.managed_by,
  l.sync_every_minutes, l.next_sync_at, l.exact_as_of, l.assets_version, l.assignments_version, l.users_version,
  l.notifications_from, l.compared_at, l.users_doubted, l.swept_at, l.sweep_problem_code, l.sweep_problem_detail,
  l.website_url, l.created_at, l.apple_country, l.answered_at, l.slowed_at, l.notification_base,
  l.notifications_off, l.notifications_off_since, l.registered_at, l.leaving_since, l.leaving_by, l.leaving_licenses,
  l.leaving_phase, l.leaving_count`

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
  readonly appleCountry: string | null
  readonly storePlatform: string
  readonly websiteUrl: string | null
  readonly automaticUpdates: boolean
  readonly tokenSealed: Buffer
  readonly tokenHash: Buffer
  readonly tokenExpiresAt: Date
  readonly mdmId: string
  readonly at: Date
}

/** Stores a new location and gives its id; undefined when another administrator was first. */
export async function insertLocation(tx: Tx, location: NewLocation): Promise<number | undefined> {
  const { rows } = await sql<{ id: number }>`
    INSERT INTO locations (uid, name, organization_name, location_name, account, account_type, country, store_platform,
      website_url, automatic_updates, consent_at, token_sealed, token_hash, token_expires_at, token_uploaded_at, mdm_id,
      next_sync_at, created_at, apple_country)
    VALUES (${location.uid}, ${location.name}, ${location.organizationName}, ${location.locationName},
      ${location.account}, ${location.accountType}, ${location.country}, ${location.storePlatform},
      ${location.websiteUrl}, ${location.automaticUpdates}, ${location.at}, ${location.tokenSealed},
      ${location.tokenHash}, ${location.tokenExpiresAt}, ${location.at}, ${location.mdmId}, ${location.at},
      ${location.at}, ${location.appleCountry})
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
      token_error_number = NULL, answered_at = ${token.at}, tend_at = ${token.at},
      leaving_look_at = CASE WHEN leaving_since IS NOT NULL THEN ${token.at}::timestamptz END WHERE id = ${id}`.execute(
    tx,
  )
}

/** The hours in which devices update apps by themselves; null for any. */
export function updateHoursOf({
  update_from: from,
  update_until: until,
  update_zone: zone,
}: Pick<LocationRow, 'update_from' | 'update_until' | 'update_zone'>): UpdateHours | null {
  return from === null || until === null || zone === null ? null : { from, until, zone }
}

/** Changes what an administrator may change. */
export async function updateLocation(
  tx: Tx,
  id: number,
  change: {
    readonly name: string
    readonly account: string | null
    readonly automaticUpdates: boolean
    readonly updateHours: UpdateHours | null
    readonly syncEveryMinutes: number
    readonly nextSyncAt: Date
    readonly country: string
    readonly accountType: 'business' | 'education'
  },
): Promise<void> {
  await sql`UPDATE locations SET name = ${change.name}, account = ${change.account},
      automatic_updates = ${change.automaticUpdates}, update_from = ${change.updateHours?.from ?? null},
      update_until = ${change.updateHours?.until ?? null}, update_zone = ${change.updateHours?.zone ?? null}, sync_every_minutes = ${change.syncEveryMinutes},
      next_sync_at = ${change.nextSyncAt}, country = ${change.country}, account_type = ${change.accountType}
    WHERE id = ${id}`.execute(tx)
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
