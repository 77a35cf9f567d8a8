/**
 * One measured sync in a process of its own, so that its memory can be told: the first full sync of a location, then
 * the two floors on the same data. Prints one JSON object.
 */
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { syncStep } from '@apportion/server/licenses/sync/sync'
import { systemClock } from '@apportion/server/platform/clock'
import { type Database, openDatabase } from '@apportion/server/platform/db/database'
import { silentLog } from '@apportion/server/platform/db/log'
import { migrate } from '@apportion/server/platform/db/migrate'
import { createIdSource } from '@apportion/server/platform/ids'
import { renewLeases } from '@apportion/server/platform/leases'
import { startEmbeddedPostgres } from '@apportion/server/platform/postgres/embedded'
import { createSecretBox } from '@apportion/server/platform/secrets'
import { addToken } from '@apportion/server/tokens/add'
import { createAppleConnections } from '@apportion/server/tokens/apple'
import { sql } from 'kysely'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'

const [origin = '', serviceConfigUrl = '', token = ''] = process.argv.slice(2)
const folder = await mkdtemp(join(tmpdir(), 'apportion-bench-'))
const postgres = await startEmbeddedPostgres({ folder: join(folder, 'database'), log: silentLog })
try {
  const database = await openDatabase(postgres.connection, { log: silentLog })
  await migrate(database.pool, { log: silentLog })
  const synced = await measureSync(database)
  const fetching = await measureFetching()
  const copying = await measureCopy(database)
  console.log(JSON.stringify({ ...synced, fetchSeconds: fetching, copySeconds: copying }))
  await database[Symbol.asyncDispose]()
} finally {
  await postgres[Symbol.asyncDispose]()
  await rm(folder, { recursive: true, force: true })
}

/** The server's own step, on a location that was added the server's own way. */
async function measureSync(database: Database) {
  const clock = systemClock
  const newId = createIdSource(clock)
  const db = database.kysely
  const settings = { serviceConfigUrl, allowedHosts: [new URL(origin).host], allowLoopbackHttp: true }
  const secrets = createSecretBox(Buffer.alloc(32, 7))
  const apple = createAppleConnections({ db, clock, secrets, settings, fetch, notificationBase: null })
  const ports = {
    db,
    pool: database.pool,
    clock,
    newId,
    apple,
    secrets,
    notificationBase: null,
    log: silentLog,
  }
  const asked = { content: token, automaticUpdates: false, consent: true, takeOver: false }
  const locationId = await addToken(ports, asked, { kind: 'system', name: 'bench' })
  const [lease] = await renewLeases(db, crypto.randomUUID())
  if (lease === undefined) throw new Error('No lease')
  const renewing = setInterval(() => void renewLeases(db, lease.owner), 1500)
  globalThis.gc?.()
  const idleMb = process.memoryUsage().rss / 1e6
  const started = performance.now()
  await syncStep(ports).run({ lease, signal: new AbortController().signal })
  const seconds = (performance.now() - started) / 1000
  clearInterval(renewing)
  const { rows } = await sql<{ n: number; state: string }>`SELECT licenses_found AS n, state FROM sync_runs
    WHERE location_id = ${locationId}`.execute(db)
  if (rows[0]?.state !== 'done') throw new Error('The sync failed')
  return { rows: rows[0].n, seconds, idleMb, peakMb: process.resourceUsage().maxRSS / 1000 }
}

/** Floor one: the same pages fetched in five lanes and thrown away. */
async function measureFetching(): Promise<number> {
  const headers = { authorization: `Bearer ${token}` }
  const page = (index: number) => fetch(`${origin}/mdm/v2/assignments?pageIndex=${index}`, { headers })
  const { totalPages } = (await (await page(0)).json()) as { totalPages: number }
  let next = 0
  const started = performance.now()
  const lane = async () => {
    while (next < totalPages) await (await page(next++)).arrayBuffer()
  }
  await Promise.all([lane(), lane(), lane(), lane(), lane()])
  return (performance.now() - started) / 1000
}

/** Floor two: the same rows by COPY into the same table, indexes and all. */
async function measureCopy(database: Database): Promise<number> {
  const file = join(folder, 'licenses.copy')
  const client = await database.pool.connect()
  try {
    await pipeline(client.query(copyTo('COPY licenses TO STDOUT')), createWriteStream(file))
    await client.query('TRUNCATE licenses')
    await client.query('CHECKPOINT')
    const started = performance.now()
    await pipeline(
      createReadStream(file, { highWaterMark: 1 << 17 }),
      client.query(copyFrom('COPY licenses FROM STDIN')),
    )
    return (performance.now() - started) / 1000
  } finally {
    client.release()
  }
}
