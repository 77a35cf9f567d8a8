/** Which migrations a database still needs, decided from the files at hand and what it says it has. */
import { DatabaseFailure } from './failure.ts'

/** A numbered SQL file. */
export interface Migration {
  readonly number: number
  /** The file's name, `0001_platform.sql`. */
  readonly name: string
  readonly checksum: string
  readonly sql: string
}

/** A row of `schema_migrations`. */
export interface AppliedMigration {
  readonly number: number
  readonly name: string
  readonly checksum: string
}

/** The number in a file's name; undefined when it is not a migration's name (`0012_words_like_this.sql`). */
export function migrationNumber(fileName: string): number | undefined {
  const digits = /^(\d{4})_[a-z0-9_]+\.sql$/.exec(fileName)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/**
 * The known migrations that were not applied yet, in order.
 *
 * Refuses to go on when an applied file was edited, or when the database is newer than this program: both
 * would leave a schema that nobody has tested. @throws DatabaseFailure
 */
export function pendingMigrations(
  known: readonly Migration[],
  applied: readonly AppliedMigration[],
): readonly Migration[] {
  refuseDuplicates(known)
  const byNumber = new Map(known.map((migration) => [migration.number, migration]))
  for (const done of applied) {
    const migration = byNumber.get(done.number)
    if (migration === undefined) throw unknownMigration(done)
    if (migration.checksum !== done.checksum) throw editedMigration(migration, done)
  }
  const have = new Set(applied.map((done) => done.number))
  return known.filter((migration) => !have.has(migration.number)).sort((a, b) => a.number - b.number)
}

function refuseDuplicates(known: readonly Migration[]): void {
  const names = new Map<number, string>()
  for (const { number, name } of known) {
    const other = names.get(number)
    if (other !== undefined) {
      const message = `The migrations ${other} and ${name} have the same number; give one of them the next free number.`
      throw new DatabaseFailure('database.migration_misnumbered', message, {
        facts: { names: [other, name] },
      })
    }
    names.set(number, name)
  }
}

function unknownMigration(done: AppliedMigration): DatabaseFailure {
  const message =
    `The database already has the migration ${done.name}, which this version of Apportion does not know. ` +
    'Start the version that wrote it, or a later one.'
  return new DatabaseFailure('database.migration_unknown', message, { facts: { name: done.name } })
}

function editedMigration(migration: Migration, done: AppliedMigration): DatabaseFailure {
  const message =
    `The migration ${migration.name} differs from the one that was applied to this database ` +
    `(now ${migration.checksum.slice(0, 12)}, then ${done.checksum.slice(0, 12)}). ` +
    'Restore the file and put the change in a new migration.'
  return new DatabaseFailure('database.migration_edited', message, { facts: { name: migration.name } })
}
