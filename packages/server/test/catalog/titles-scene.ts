/** Titles at several locations, written straight into the database, and the server's routes of titles over it. */
import { randomBytes, randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Feature } from '../../src/feature.ts'
import { licenseRoutes } from '../../src/licenses/routes.ts'
import type { Db } from '../../src/platform/db/database.ts'
import { titleRoutes } from '../../src/titles/routes.ts'

/** The routes of titles and assets alone, without the work that goes on for locations. */
export const titlesFeature: Feature = {
  name: 'titles',
  open: ({ database, clock }) => ({
    routes(app) {
      titleRoutes(app, { db: database.kysely, clock })
      licenseRoutes(app, { db: database.kysely, clock })
    },
  }),
}

/** Adds a location in a country and gives its id. */
export async function addPlace(db: Db, name: string, country: string): Promise<number> {
  const { rows } = await sql<{ id: number }>`
    INSERT INTO locations (uid, name, organization_name, account_type, country, store_platform, token_sealed, token_hash,
      token_expires_at, token_uploaded_at, mdm_id, next_sync_at, created_at)
    VALUES (${randomUUID()}, ${name}, 'Meridian', 'education', ${country}, 'volumestore', '', ${randomBytes(32)},
      '2030-01-01', now(), ${randomUUID()}, '2030-01-01', now()) RETURNING id`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('Nothing was inserted')
  return row.id
}

/** What a location owns of a title. */
export interface Pool {
  readonly place: number
  readonly adamId: string
  readonly pricing?: 'STDQ' | 'PLUS'
  readonly total?: number
  readonly unlimited?: boolean
  readonly held?: number
  readonly outside?: number
  readonly waiting?: number
  readonly platforms?: readonly string[]
  readonly book?: boolean
}

/** Adds a pool and gives its id. */
export async function addPool(db: Db, pool: Pool): Promise<number> {
  const { unlimited = false, held = 0, outside = 0, waiting = 0, platforms = ['iOS'] } = pool
  const total = unlimited ? 2_147_483_647 : (pool.total ?? 0)
  const { rows } = await sql<{ id: number }>`
    INSERT INTO assets (location_id, adam_id, pricing_param, product_type, unlimited, total, assigned, available, retired,
      device_assignable, revocable, platforms, counted_at, held, held_outside, waiting, first_seen_at)
    VALUES (${pool.place}, ${pool.adamId}, ${pool.pricing ?? 'STDQ'}, ${pool.book === true ? 'Book' : 'App'},
      ${unlimited}, ${total}, ${held}, ${total - held}, 0, true, true, ${[...platforms]}, now(), ${held}, ${outside},
      ${waiting}, now()) RETURNING id`.execute(db)
  const [row] = rows
  if (row === undefined) throw new Error('Nothing was inserted')
  return row.id
}

/** What the store of a country calls a title. */
export async function addName(
  db: Db,
  title: {
    readonly country: string
    readonly adamId: string
    readonly name: string
    readonly minimumOs?: string
  },
): Promise<void> {
  await sql`INSERT INTO titles (country, adam_id, kind, name, publisher, minimum_os, looked_up_at, found_at)
    VALUES (${title.country}, ${title.adamId}, 'app', ${title.name}, 'Paperwing', ${title.minimumOs ?? null}, now(), now())`.execute(
    db,
  )
}
