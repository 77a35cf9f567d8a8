/** A large fleet straight in a database of its own, for benches that measure sets. */
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, type Db, openDatabase } from '@apportion/server/platform/db/database'
import { silentLog } from '@apportion/server/platform/db/log'
import { migrate } from '@apportion/server/platform/db/migrate'
import { startEmbeddedPostgres } from '@apportion/server/platform/postgres/embedded'
import { sql } from 'kysely'

/** An open database with all migrations; disposing stops PostgreSQL and removes it. */
export interface BenchDatabase extends AsyncDisposable {
  readonly db: Db
  readonly database: Database
}

/** Starts an embedded PostgreSQL as the product does, durable, with no rows in it. */
export async function startBenchDatabase(): Promise<BenchDatabase> {
  const folder = await mkdtemp(join(tmpdir(), 'apportion-bench-'))
  const postgres = await startEmbeddedPostgres({ folder, log: silentLog })
  const database = await openDatabase(postgres.connection, { log: silentLog })
  await migrate(database.pool, { log: silentLog })
  return {
    db: database.kysely,
    database,
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]()
      await postgres[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A fleet of devices of people, all in one group, and apps of which half of the devices hold a license. */
export interface BenchFleet {
  readonly locationId: number
  readonly assetIds: readonly number[]
  readonly groupId: number
}

/** Stores a fleet. Every second device holds a license of every app, given by us. */
export async function storeFleet(
  db: Db,
  { devices, apps }: { readonly devices: number; readonly apps: number },
): Promise<BenchFleet> {
  const locationId = await idFrom(
    db,
    sql`INSERT INTO locations (uid, name, organization_name, account_type, country, store_platform, token_sealed, token_hash,
      token_expires_at, token_uploaded_at, mdm_id, next_sync_at, created_at)
    VALUES (${randomUUID()}, 'Bench', 'Bench', 'business', 'NL', 'volumestore', '', ${randomBytes(32)}, '2040-01-01', now(),
      ${randomUUID()}, '2040-01-01', now()) RETURNING id`,
  )
  await sql`INSERT INTO devices (serial_number, name, platform, os_version, model, created_at, updated_at)
    SELECT 'F' || lpad(i::text, 9, '0'), 'iPad ' || i, 'iPadOS', '26.1', 'iPad Air', now(), now()
    FROM generate_series(1, ${devices}::int) AS i`.execute(db)
  const groupId = await idFrom(
    db,
    sql`INSERT INTO groups (kind, name, created_at, updated_at) VALUES ('device', 'Everybody', now(), now()) RETURNING id`,
  )
  await sql`INSERT INTO group_devices (group_id, device_id, added_at) SELECT ${groupId}, id, now() FROM devices`.execute(
    db,
  )
  const assetIds: number[] = []
  for (let app = 0; app < apps; app += 1) assetIds.push(await storeApp(db, { locationId, app, devices }))
  await sql`ANALYZE`.execute(db)
  return { locationId, assetIds, groupId }
}

async function storeApp(
  db: Db,
  {
    locationId,
    app,
    devices,
  }: { readonly locationId: number; readonly app: number; readonly devices: number },
): Promise<number> {
  const adamId = String(800_000 + app)
  await sql`INSERT INTO titles (country, adam_id, kind, name, families, minimum_os, looked_up_at, found_at)
    VALUES ('NL', ${adamId}, 'app', ${`App ${app}`}, '{ipad,iphone}', '17.0', now(), now())`.execute(db)
  const half = Math.floor(devices / 2)
  const assetId = await idFrom(
    db,
    sql`INSERT INTO assets (location_id, adam_id, pricing_param, product_type, total, assigned, available, retired,
      device_assignable, revocable, platforms, counted_at, first_seen_at, held)
    VALUES (${locationId}, ${adamId}, 'STDQ', 'App', ${devices}, 0, ${devices}, 0, true, true, '{iOS}', now(), now(),
      ${half}) RETURNING id`,
  )
  await sql`INSERT INTO licenses (location_id, asset_id, holder_kind, holder, state, ours, since)
    SELECT ${locationId}, ${assetId}, 'device', serial_number, 'held', true, now() FROM devices WHERE id % 2 = 0
    ORDER BY serial_number LIMIT ${half}`.execute(db)
  return assetId
}

async function idFrom(db: Db, insert: ReturnType<typeof sql>): Promise<number> {
  const { rows } = await sql<{ id: number }>`${insert}`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('Nothing was inserted')
  return row.id
}
