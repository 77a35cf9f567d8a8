/**
 * Every license that Apple says is held (S2). The first time they fill the table; later they are compared with it as
 * sets. Pages stream through either way, so memory does not grow with their number.
 */
import type { SyncScope } from '@apportion/core/licenses/sync-scope'
import { sql } from 'kysely'
import { copyInto } from '../../platform/db/copy.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { holdLease } from '../../platform/leases.ts'
import { resolveDoubts } from '../doubt.ts'
import type { Walked } from './assets.ts'
import { type Changes, readChanges } from './changes.ts'
import { compare, ledgerPosition } from './compare.ts'
import { fill } from './fill.ts'
import type { Reading } from './sync.ts'
import { walking } from './walk-slots.ts'
import { walkedLines, walkedTable } from './walked-page.ts'

/** What reading licenses came to, and how thoroughly they were read. */
export interface ReadLicenses extends Changes {
  readonly scope: SyncScope
}

/** Reads what changed, or everything when that is wanted or Apple has forgotten the version. */
export async function readLicenses(reading: Reading, scope: SyncScope): Promise<ReadLicenses> {
  await reading.progress.phase('licenses')
  const known = reading.connection.location.assignments_version
  const changes = scope === 'changes' && known !== null ? await readChanges(reading, known) : null
  return changes === null
    ? { ...(await readEverything(reading)), scope: 'everything' }
    : { ...changes, scope: 'changes' }
}

/** A set that moved while it was walked is caught up with: what changed since the walk began is read until it ends. */
async function readEverything(reading: Reading): Promise<Changes> {
  const walked = await walkEverything(reading)
  const none = { ...walked, found: new Map<number, number>() }
  if (walked.exact || walked.version === null) return none
  const caughtUp = await readChanges(reading, walked.version)
  if (caughtUp === null) return none
  return { ...caughtUp, exact: caughtUp.exact && walked.certain }
}

/** `certain`: nothing is missing or too much here, as far as it was there when the walk began. */
interface WalkedLicenses extends Walked {
  readonly certain: boolean
}

async function walkEverything(reading: Reading): Promise<WalkedLicenses> {
  const { ports, connection, progress, turn } = reading
  const { locationId } = turn.lease
  const at = ports.clock.now()
  const ledgerAt = await ledgerPosition(ports.db, locationId)
  const walk = connection.client.assignments()
  const certain = await walking(ports.pool, async (client, db) => {
    if (await beginsAnew(reading)) {
      await fill(reading, { client, db }, walk.pages)
      return !walk.summary.moved
    }
    await walkedTable.create(db)
    try {
      await copyInto(client, walkedTable.target, walkedLines(reading, walk.pages))
      await progress.phase('compare')
      const complete = !walk.summary.moved
      return await compare(reading, db, { at, ledgerAt, complete, assetId: null })
    } finally {
      await walkedTable.drop(db)
    }
  })
  const { moved, firstVersionId } = walk.summary
  if (certain) {
    await inTransaction(ports.db, (tx) => resolveDoubts(tx, { locationId, assetIds: null, before: at }))
    await sql`UPDATE locations SET compared_at = ${at} WHERE id = ${locationId}`.execute(ports.db)
  }
  return { exact: !moved, certain, version: firstVersionId ?? null }
}

/**
 * Whether nothing is known yet. What a first sync had copied when it was interrupted is forgotten: to begin anew is
 * quicker than to compare, and the first sync writes no line for each license.
 */
async function beginsAnew({ ports, turn, connection }: Reading): Promise<boolean> {
  const { locationId } = turn.lease
  if (connection.location.compared_at !== null) return false
  const { rows } = await sql`SELECT FROM assets WHERE location_id = ${locationId}
      AND (held <> held_outside OR reserved > 0)
    UNION ALL SELECT FROM given_up_grants WHERE location_id = ${locationId} LIMIT 1`.execute(ports.db)
  if (rows.length > 0) return false
  while ((await forgetSome({ ports, turn })) > 0) turn.signal.throwIfAborted()
  return true
}

/** Licenses forgotten in one transaction. */
const forgottenAtOnce = 50_000

function forgetSome({ ports, turn }: Pick<Reading, 'ports' | 'turn'>): Promise<number> {
  const { locationId } = turn.lease
  return inTransaction(ports.db, async (tx) => {
    await holdLease(tx, turn.lease)
    await sql`SELECT FROM assets WHERE location_id = ${locationId} ORDER BY id FOR UPDATE`.execute(tx)
    const { rows } = await sql<{ n: number }>`
      WITH gone AS (
        DELETE FROM licenses l WHERE l.location_id = ${locationId} AND NOT l.ours AND l.ctid = ANY(ARRAY(
          SELECT ctid FROM licenses WHERE location_id = ${locationId} LIMIT ${forgottenAtOnce})) RETURNING l.asset_id
      ), counted AS (SELECT asset_id, count(*)::int AS n FROM gone GROUP BY asset_id)
      UPDATE assets a SET held = held - c.n, held_outside = held_outside - c.n FROM counted c
      WHERE a.id = c.asset_id RETURNING c.n`.execute(tx)
    return rows.reduce((sum, { n }) => sum + n, 0)
  })
}
