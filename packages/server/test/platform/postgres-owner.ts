/** A process that owns an embedded PostgreSQL, for tests that kill it: `node postgres-owner.ts FOLDER`. */
import { once } from 'node:events'
import { DatabaseFailure } from '@apportion/server/platform/db/failure'
import { silentLog } from '@apportion/server/platform/db/log'
import { startEmbeddedPostgres } from '@apportion/server/platform/postgres/embedded'

const [, , folder = ''] = process.argv
try {
  await using postgres = await startEmbeddedPostgres({ folder, log: silentLog, fsync: false })
  const { connection, state } = postgres
  console.log(JSON.stringify({ connection, ...state }))
  await once(process, 'SIGTERM')
} catch (error) {
  if (!(error instanceof DatabaseFailure)) throw error
  console.log(JSON.stringify({ kind: 'failed', code: error.code, message: error.message }))
}
