/** How well NanoMDM can be worked with, for GET /health: counts alone. */
import { sql } from 'kysely'
import type { Db } from '../platform/db/database.ts'
import type { HealthDetails } from '../platform/http/health.ts'
import { standingOf } from './outgoing.ts'

/** Commands that it has not got, and which problem there is. */
export async function nanoMdmCounts(db: Db): Promise<HealthDetails> {
  const { problem } = await standingOf(db)
  const { rows } = await sql<{ waiting: number }>`SELECT count(*)::int AS waiting FROM commands
    WHERE pass_at IS NOT NULL AND state IN ('queued', 'sent')`.execute(db)
  const is = (name: typeof problem): number => (problem === name ? 1 : 0)
  return {
    nanomdm: {
      commandsWaiting: rows[0]?.waiting ?? 0,
      unauthorized: is('unauthorized'),
      unreachable: is('unreachable'),
      failing: is('failing'),
    },
  }
}
