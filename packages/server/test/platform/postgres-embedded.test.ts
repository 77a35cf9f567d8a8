import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ConnectionParts, openDatabase } from '@apportion/server/platform/db/database'
import { silentLog } from '@apportion/server/platform/db/log'
import { type EmbeddedPostgres, startEmbeddedPostgres } from '@apportion/server/platform/postgres/embedded'
import { isRunning } from '@apportion/server/platform/postgres/process'
import { afterAll, expect, test } from 'vitest'
import {
  end,
  folderOf,
  forgetModel,
  launchOwner,
  possibleStarters,
  startOwner,
  temporaryFolder,
  usedFolder,
} from './postgres-scene.ts'

const log = silentLog

afterAll(forgetModel)

async function remember(connection: ConnectionParts, word: string): Promise<void> {
  await using database = await openDatabase(connection, { log })
  await database.pool.query('create table if not exists words (word text)')
  await database.pool.query('insert into words values ($1)', [word])
}

async function recall(connection: ConnectionParts): Promise<readonly string[]> {
  await using database = await openDatabase(connection, { log })
  const { rows } = await database.pool.query<{ word: string }>('select word from words order by word')
  return rows.map(({ word }) => word)
}

/** Most tests ask nothing of the disk; one checks that the default does. */
const start = (folder: string) => startEmbeddedPostgres({ folder, log, fsync: false })

const pidOf = ({ state }: EmbeddedPostgres) => (state.kind === 'ready' ? state.pid : Number.NaN)

function becomes(postgres: EmbeddedPostgres, kind: EmbeddedPostgres['state']['kind']): Promise<void> {
  return new Promise((resolve) => {
    const forget = postgres.onStateChange((state) => {
      if (state.kind !== kind) return
      forget()
      resolve()
    })
  })
}

for (const [starter, account] of possibleStarters()) {
  test(`${starter} starts it, stops it, and finds everything at the next start`, async () => {
    using parent = temporaryFolder()
    const folder = folderOf(parent.path, account)
    const first = await startOwner(folder, account)
    expect(first.report).toMatchObject({ kind: 'ready', adopted: false })
    await remember(first.report.connection, 'kept')
    await end(first.process, 'SIGTERM')
    expect(isRunning(first.report.pid ?? 0)).toBe(false)
    const second = await startOwner(folder, account)
    expect(second.report).toMatchObject({ kind: 'ready', adopted: false })
    expect(await recall(second.report.connection)).toEqual(['kept'])
    await end(second.process, 'SIGTERM')
  })

  test(`${starter} goes on with the PostgreSQL that a killed server left running`, async () => {
    using parent = temporaryFolder()
    const folder = folderOf(parent.path, account)
    const first = await startOwner(folder, account)
    await remember(first.report.connection, 'kept')
    await end(first.process, 'SIGKILL')
    expect(isRunning(first.report.pid ?? 0)).toBe(true)
    const second = await startOwner(folder, account)
    expect(second.report).toMatchObject({ kind: 'ready', adopted: true, pid: first.report.pid })
    expect(await recall(second.report.connection)).toEqual(['kept'])
    await end(second.process, 'SIGTERM')
    expect(isRunning(first.report.pid ?? 0)).toBe(false)
  })
}

test('a second server on the same folder is refused and told the first one’s process', async () => {
  using folder = await usedFolder()
  const first = await startOwner(folder.path)
  const second = await startOwner(folder.path)
  expect(second.report).toMatchObject({ kind: 'failed', code: 'database.folder_in_use' })
  expect(second.report.message).toContain(`process ${first.process.pid} `)
  await end(first.process, 'SIGTERM')
})

test('a second start within one process is refused as well', async () => {
  using folder = await usedFolder()
  await using _first = await start(folder.path)
  await expect(start(folder.path)).rejects.toMatchObject({
    code: 'database.folder_in_use',
    facts: { pid: process.pid },
  })
})

test('transactions of the killed server hold no locks when the next one adopts PostgreSQL', async () => {
  using folder = await usedFolder()
  const owner = await startOwner(folder.path)
  await using orphan = await openDatabase(owner.report.connection, { log })
  await orphan.pool.query('create table rows (id int)')
  const client = await orphan.pool.connect()
  await client.query('begin; lock table rows')
  await end(owner.process, 'SIGKILL')
  await using adopted = await start(folder.path)
  await using database = await openDatabase(adopted.connection, { log, statementTimeoutMs: 2000 })
  await database.pool.query('insert into rows values (1)')
  client.release(true)
})

test('PostgreSQL that is killed comes back by itself, and an open pool goes on with it', async () => {
  using folder = await usedFolder()
  await using postgres = await start(folder.path)
  await using database = await openDatabase(postgres.connection, { log })
  await database.pool.query('create table words as select 1 as word')
  for (let round = 0; round < 3; round++) {
    const killed = pidOf(postgres)
    const down = becomes(postgres, 'down')
    process.kill(killed, 'SIGKILL')
    await down
    expect(postgres.state).toMatchObject({ kind: 'down', failure: { code: 'database.unavailable' } })
    // A connection whose end was not noticed yet may be lent once; statements are never repeated by themselves.
    const read = () => database.pool.query('select word from words').then(({ rows }) => rows, String)
    await expect.poll(read).toEqual([{ word: 1 }])
    await postgres.ready()
    expect(pidOf(postgres)).not.toBe(killed)
  }
})

test('one crashed connection makes PostgreSQL restart its children, and the same PostgreSQL is ready again', async () => {
  using folder = await usedFolder()
  await using postgres = await start(folder.path)
  await using database = await openDatabase(postgres.connection, { log })
  const before = pidOf(postgres)
  const { rows } = await database.pool.query<{ pid: number }>('select pg_backend_pid() as pid')
  const down = becomes(postgres, 'down')
  process.kill(rows[0]?.pid ?? 0, 'SIGKILL')
  await down
  await postgres.ready()
  expect(pidOf(postgres)).toBe(before)
  await database.pool.query('select 1')
})

test('a PostgreSQL of before that does not answer is ended and replaced', { timeout: 60_000 }, async () => {
  using folder = await usedFolder()
  const owner = await startOwner(folder.path)
  await remember(owner.report.connection, 'kept')
  process.kill(owner.report.pid ?? 0, 'SIGSTOP')
  await end(owner.process, 'SIGKILL')
  await using postgres = await start(folder.path)
  expect(postgres.state).toMatchObject({ kind: 'ready', adopted: false })
  expect(await recall(postgres.connection)).toEqual(['kept'])
})

test('server and PostgreSQL killed together leave nothing that prevents the next start', async () => {
  using folder = await usedFolder()
  const owner = await startOwner(folder.path)
  await remember(owner.report.connection, 'kept')
  process.kill(owner.report.pid ?? 0, 'SIGKILL')
  await end(owner.process, 'SIGKILL')
  await using postgres = await start(folder.path)
  expect(await recall(postgres.connection)).toEqual(['kept'])
})

test('a server killed in the middle of its first start leaves a folder that the next start can use', async () => {
  for (const afterMs of [500, 800, 1100]) {
    using folder = temporaryFolder()
    const owner = launchOwner(folder.path)
    await sleep(afterMs)
    await end(owner, 'SIGKILL')
    await using postgres = await start(folder.path)
    await remember(postgres.connection, 'kept')
    expect(postgres.state.kind).toBe('ready')
  }
})

const awkward: readonly (readonly [string, (parent: string) => string])[] = [
  ['whose path is longer than a socket’s may be', (parent) => join(parent, 'x'.repeat(100), 'y'.repeat(100))],
  ['with spaces, quotes and commas in its name', (parent) => join(parent, `it's, "ours" – já`)],
  [
    'under a folder that only its owner may enter',
    (parent) => {
      mkdirSync(join(parent, 'private'), { mode: 0o700 })
      return join(parent, 'private', 'state')
    },
  ],
]

for (const [kind, make] of awkward) {
  test(`a folder ${kind} works, also for the next start`, async () => {
    using parent = temporaryFolder()
    const folder = make(parent.path)
    const owner = await startOwner(folder)
    await remember(owner.report.connection, 'kept')
    await end(owner.process, 'SIGKILL')
    {
      await using adopted = await start(folder)
      expect(adopted.state).toMatchObject({ adopted: true })
    }
    await using postgres = await start(folder)
    expect(await recall(postgres.connection)).toEqual(['kept'])
  })
}

test('a folder for the socket in the temporary folder is gone after an orderly end', async () => {
  using parent = temporaryFolder()
  let sockets: string
  {
    await using postgres = await start(join(parent.path, 'x'.repeat(100)))
    sockets = postgres.connection.host
    expect(sockets).toContain(tmpdir())
    expect(existsSync(sockets)).toBe(true)
  }
  expect(existsSync(sockets)).toBe(false)
})

test('nobody else can enter the folder of the socket or of the data', async () => {
  using folder = await usedFolder()
  await using postgres = await start(folder.path)
  for (const path of [postgres.connection.host, join(folder.path, 'postgres')]) {
    expect(statSync(path).mode & 0o777).toBe(0o700)
    expect(statSync(path).uid === 0).toBe(false)
  }
})

test('a folder that cannot be made is named together with what to do', async () => {
  using folder = temporaryFolder()
  const file = join(folder.path, 'a file')
  writeFileSync(file, '')
  await expect(start(join(file, 'below'))).rejects.toMatchObject({
    code: 'database.folder_unwritable',
    message: expect.stringContaining('APPORTION_DATA'),
  })
})

test('data of another major version is refused before PostgreSQL tries', async () => {
  using folder = temporaryFolder()
  mkdirSync(join(folder.path, 'postgres'))
  writeFileSync(join(folder.path, 'postgres', 'PG_VERSION'), '17\n')
  await expect(start(folder.path)).rejects.toMatchObject({
    code: 'database.folder_version',
    facts: { version: '17', known: '18' },
  })
})

test('it is durable: every commit reaches the disk and pages carry checksums', async () => {
  using folder = temporaryFolder()
  await using postgres = await startEmbeddedPostgres({ folder: folder.path, log })
  await using database = await openDatabase(postgres.connection, { log })
  const { rows } = await database.pool.query(
    `select name, setting from pg_settings where name in
      ('fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums', 'listen_addresses', 'server_encoding')`,
  )
  expect(Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))).toEqual({
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    data_checksums: 'on',
    listen_addresses: '',
    server_encoding: 'UTF8',
  })
})
