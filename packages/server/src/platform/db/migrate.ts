/**
 * Brings a database to the schema this version of Apportion knows: numbered plain SQL files, each in a
 * transaction of its own, under a lock so that several server processes may start at once.
 *
 * A file that was applied is never changed afterwards: its checksum is kept and compared.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type pg from 'pg'
import { DatabaseFailure, errorMessage } from './failure.ts'
import type { DatabaseLog } from './log.ts'
import {
  type AppliedMigration,
  type Migration,
  migrationNumber,
  pendingMigrations,
} from './migration-plan.ts'

/** The migrations of this version. */
export const migrationsFolder = fileURLToPath(new URL('../../../migrations/', import.meta.url))

/** "Migrating Apportion's schema" among PostgreSQL's advisory locks. */
const migrationLock = 4_170_001

/** Where the files are and who is told. */
export interface MigrateOptions {
  readonly log: DatabaseLog
  /** Default: the migrations of this version. */
  readonly folder?: string
}

/** Applies what is missing and gives the names of what it applied, in order. @throws DatabaseFailure */
export async function migrate(pool: pg.Pool, options: MigrateOptions): Promise<readonly string[]> {
  const known = await readMigrations(options.folder ?? migrationsFolder)
  const client = await pool.connect()
  try {
    await client.query('set statement_timeout = 0')
    await client.query('select pg_advisory_lock($1)', [migrationLock])
    return await applyPending(client, known, options.log)
  } finally {
    // Ending the connection gives back the lock and the timeout, whatever state a failure left it in.
    client.release(true)
  }
}

/** The migration files of a folder, in order of their numbers. Other files are refused. @throws DatabaseFailure */
export async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  return Promise.all(
    names.map(async (name) => {
      const number = migrationNumber(name)
      if (number === undefined) {
        const message = `${join(folder, name)} is not named like a migration; call it 0012_words_like_this.sql.`
        throw new DatabaseFailure('database.migration_misnumbered', message, { facts: { name } })
      }
      // A checkout on another system may have other line ends; the statements are the same.
      const sql = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n')
      return { number, name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

async function applyPending(
  client: pg.ClientBase,
  known: readonly Migration[],
  log: DatabaseLog,
): Promise<readonly string[]> {
  await client.query(`
    create table if not exists schema_migrations (
      number integer primary key check (number > 0),
      name text not null unique,
      checksum text not null check (checksum ~ '^[0-9a-f]{64}$'),
      applied_at timestamptz not null default now()
    )`)
  const { rows } = await client.query<AppliedMigration>(
    'select number, name, checksum from schema_migrations',
  )
  const pending = pendingMigrations(known, rows)
  for (const migration of pending) await apply(client, migration, log)
  return pending.map(({ name }) => name)
}

async function apply(client: pg.ClientBase, migration: Migration, log: DatabaseLog): Promise<void> {
  const { number, name, checksum, sql } = migration
  const startedAt = performance.now()
  try {
    await client.query('begin')
    await client.query(sql)
    await client.query('insert into schema_migrations (number, name, checksum) values ($1, $2, $3)', [
      number,
      name,
      checksum,
    ])
    await client.query('commit')
  } catch (error) {
    const message = `The migration ${name} failed and changed nothing: ${errorMessage(error)}`
    throw new DatabaseFailure('database.migration_failed', message, { cause: error, facts: { name } })
  }
  log.info({ migration: name, ms: Math.round(performance.now() - startedAt) }, 'Applied a migration')
}
