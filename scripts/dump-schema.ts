/**
 * Writes packages/server/schema.sql: what all migrations together come to, for people who review or query.
 *
 *     npm run build:schema              writes the file
 *     npm run build:schema -- --check   exits 1 and names the difference when it is stale
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withClient } from '@apportion/server/platform/db/copy'
import { openDatabase } from '@apportion/server/platform/db/database'
import { silentLog } from '@apportion/server/platform/db/log'
import { migrate } from '@apportion/server/platform/db/migrate'
import { differingLines, dumpSchema } from '@apportion/server/platform/db/schema-dump'
import { startEmbeddedPostgres } from '@apportion/server/platform/postgres/embedded'

const name = 'packages/server/schema.sql'
const file = join(import.meta.dirname, '..', name)
const dump = await freshDump()

if (process.argv.includes('--check')) {
  const committed = await readFile(file, 'utf8').catch(() => '')
  if (committed === dump) console.log(`${name} is up to date`)
  else {
    console.error(
      `${name} is stale:\n${differingLines(committed, dump).join('\n')}\nRun: npm run build:schema`,
    )
    process.exitCode = 1
  }
} else {
  await writeFile(file, dump)
  console.log(`${name} written`)
}

async function freshDump(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'apportion-schema-'))
  try {
    await using postgres = await startEmbeddedPostgres({ folder, log: silentLog, fsync: false })
    await using database = await openDatabase(postgres.connection, { log: silentLog })
    await migrate(database.pool, { log: silentLog })
    return await withClient(database.pool, dumpSchema)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
