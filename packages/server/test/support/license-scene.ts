/** A location with an asset, devices and groups, written straight into the database. */
import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Db } from '../../src/platform/db/database.ts'

/** Adds a location and gives its id. */
export async function addLocation(db: Db, uid = randomUUID()): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    INSERT INTO locations (uid, name, organization_name, account_type, country, store_platform, token_sealed, token_hash,
      token_expires_at, token_uploaded_at, mdm_id, next_sync_at, created_at)
    VALUES (${uid}, 'Utrecht', 'Meridian', 'education', 'NL', 'volumestore', '', ${randomBytes(32)}, '2030-01-01', now(),
      ${randomUUID()}, '2030-01-01', now()) RETURNING id`.execute(db)
  return idOf(rows)
}

/** Adds an asset of which `total` licenses are owned, and gives its id. */
export async function addAsset(
  db: Db,
  { locationId, total, unlimited = false }: { locationId: number; total: number; unlimited?: boolean },
): Promise<number> {
  const adamId = String(900_000 + Math.floor(Math.random() * 1_000_000_000))
  const { rows } = await sql<{ id: number }>`
    INSERT INTO assets (location_id, adam_id, pricing_param, product_type, unlimited, total, assigned, available, retired,
      device_assignable, revocable, counted_at, first_seen_at)
    VALUES (${locationId}, ${adamId}, 'STDQ', 'App', ${unlimited}, ${total}, 0, ${total}, 0, true, true, now(), now())
    RETURNING id`.execute(db)
  return idOf(rows)
}

/** Adds a device group with `count` new devices and gives its id. */
export async function addGroup(
  db: Db,
  { name, count, prefix }: { name: string; count: number; prefix: string },
) {
  const { rows } = await sql<{ id: number }>`
    INSERT INTO groups (kind, name, created_at, updated_at) VALUES ('device', ${name}, now(), now()) RETURNING id`.execute(
    db,
  )
  const id = idOf(rows)
  await sql`WITH added AS (
      INSERT INTO devices (serial_number, name, platform, created_at, updated_at)
      SELECT ${prefix} || lpad(i::text, 5, '0'), 'Pad ' || i, 'iPadOS', now(), now() FROM generate_series(1, ${count}::int) AS i
      RETURNING id
    ) INSERT INTO group_devices (group_id, device_id, added_at) SELECT ${id}, id, now() FROM added`.execute(
    db,
  )
  return id
}

/** Assigns an asset to a group, and asks to look at it. */
export async function assign(
  db: Db,
  { assetId, groupId, intent = 'required' }: { assetId: number; groupId: number; intent?: string },
): Promise<void> {
  await sql`INSERT INTO assignments (asset_id, group_id, mode, intent, created_at, created_by)
    VALUES (${assetId}, ${groupId}, 'include', ${intent}, now(), 'test')
    ON CONFLICT (asset_id, group_id) DO UPDATE SET intent = excluded.intent`.execute(db)
  await sql`INSERT INTO outbox (topic, location_id, key) SELECT 'asset.look_again', location_id, id::text FROM assets
    WHERE id = ${assetId} ON CONFLICT DO NOTHING`.execute(db)
}

/** Counts on the asset beside the rows they stand for. */
export async function countsOf(db: Db, assetId: number) {
  const { rows } = await sql<{
    held: number
    reserved: number
    waiting: number
    rows_held: number
    rows_reserved: number
  }>`SELECT a.held, a.reserved, a.waiting,
      (SELECT count(*)::int FROM licenses l WHERE l.asset_id = a.id AND l.state <> 'granting') AS rows_held,
      (SELECT count(*)::int FROM licenses l WHERE l.asset_id = a.id AND l.state = 'granting') AS rows_reserved
    FROM assets a WHERE a.id = ${assetId}`.execute(db)
  const [counts] = rows
  if (counts === undefined) throw new Error(`No asset ${assetId}`)
  return counts
}

function idOf(rows: readonly { readonly id: number }[]): number {
  const [row] = rows
  if (row === undefined) throw new Error('Nothing was inserted')
  return row.id
}
