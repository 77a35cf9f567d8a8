import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openDatabase } from '@apportion/server/platform/db/database'
import { silentLog } from '@apportion/server/platform/db/log'
import { migrate, migrationsFolder } from '@apportion/server/platform/db/migrate'
import {
  type Migration,
  migrationNumber,
  pendingMigrations,
} from '@apportion/server/platform/db/migration-plan'
import { describe, expect, test } from 'vitest'
import { availablePostgresServers, createTestDatabase } from '../support/test-database.ts'
import { temporaryFolder } from './postgres-scene.ts'

const log = silentLog

const names: readonly (readonly [string, number | undefined])[] = [
  ['0001_platform.sql', 1],
  ['0123_device_groups_2.sql', 123],
  ['1_platform.sql', undefined],
  ['0001-platform.sql', undefined],
  ['0001_Platform.sql', undefined],
  ['0001_platform.sql.orig', undefined],
]

for (const [name, number] of names) {
  test(`${name} ${number === undefined ? 'is no migration' : `is migration ${number}`}`, () => {
    expect(migrationNumber(name)).toBe(number)
  })
}

const migration = (number: number, checksum = 'a'): Migration => ({
  number,
  name: `${number}.sql`,
  checksum,
  sql: '',
})

test('what was not applied is pending, in order of the numbers, gaps and late arrivals included', () => {
  const known = [migration(3), migration(1), migration(2), migration(7)]
  expect(pendingMigrations(known, [migration(1), migration(3)]).map(({ number }) => number)).toEqual([2, 7])
  expect(pendingMigrations(known, known)).toEqual([])
})

const refusals: readonly (readonly [string, readonly Migration[], readonly Migration[], string])[] = [
  ['an edited migration', [migration(1, 'new')], [migration(1, 'old')], 'database.migration_edited'],
  [
    'a migration that only a newer version knows',
    [migration(1)],
    [migration(1), migration(2)],
    'database.migration_unknown',
  ],
  ['two migrations with one number', [migration(1), migration(1)], [], 'database.migration_misnumbered'],
]

for (const [what, known, applied, code] of refusals) {
  test(`${what} is refused`, () => {
    expect(() => pendingMigrations(known, applied)).toThrowError(expect.objectContaining({ code }))
  })
}

for (const server of availablePostgresServers()) {
  describe(`on the ${server} PostgreSQL`, () => {
    const empty = () => createTestDatabase({ server, migrated: false })

    test('processes that start at once apply each migration once', async () => {
      await using database = await empty()
      const applied = await Promise.all(
        Array.from({ length: 4 }, async () => {
          await using other = await openDatabase(database.connection, { log, maxConnections: 2 })
          return await migrate(other.pool, { log })
        }),
      )
      const { rows } = await database.pool.query<{ name: string }>(
        'select name from schema_migrations order by number',
      )
      expect(applied.flat()).toEqual(rows.map(({ name }) => name))
      expect(applied.filter((list) => list.length > 0)).toHaveLength(1)
    })

    test('a second start changes nothing', async () => {
      await using database = await empty()
      await migrate(database.pool, { log })
      expect(await migrate(database.pool, { log })).toEqual([])
    })

    test('a file edited after it was applied is refused by name; other line ends are no edit', async () => {
      await using database = await empty()
      using folder = temporaryFolder()
      cpSync(migrationsFolder, folder.path, { recursive: true })
      await migrate(database.pool, { log, folder: folder.path })
      const file = join(folder.path, '0001_platform.sql')
      const text = readFileSync(file, 'utf8')
      writeFileSync(file, text.replaceAll('\n', '\r\n'))
      expect(await migrate(database.pool, { log, folder: folder.path })).toEqual([])
      writeFileSync(file, `${text}\n-- edited`)
      await expect(migrate(database.pool, { log, folder: folder.path })).rejects.toMatchObject({
        code: 'database.migration_edited',
        message: expect.stringContaining('0001_platform.sql'),
      })
    })

    test('a migration that fails leaves nothing of itself and keeps the ones before', async () => {
      await using database = await empty()
      using folder = temporaryFolder()
      writeFileSync(join(folder.path, '0001_good.sql'), 'create table good (n int);')
      writeFileSync(join(folder.path, '0002_bad.sql'), 'create table half (n int);\nselect 1 / 0;')
      await expect(migrate(database.pool, { log, folder: folder.path })).rejects.toMatchObject({
        code: 'database.migration_failed',
        message: 'The migration 0002_bad.sql failed and changed nothing: division by zero',
      })
      const { rows } = await database.pool.query(
        `select to_regclass('good') is not null as good, to_regclass('half') is not null as half`,
      )
      expect(rows).toEqual([{ good: true, half: false }])
      writeFileSync(join(folder.path, '0002_bad.sql'), 'create table half (n int);')
      expect(await migrate(database.pool, { log, folder: folder.path })).toEqual(['0002_bad.sql'])
    })
  })
}
