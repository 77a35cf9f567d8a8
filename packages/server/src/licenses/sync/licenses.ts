/**
 * Every license that Apple says is held (S2). The first time they fill the table; later they are compared with it as
 * sets. Pages stream through either way, so memory does not grow with their number.
 */
import type { SyncScope } from '@apportion/core/licenses/sync-scope'
import { sql } from 'kysely'
import { copyInto, withClient } from '../../platform/db/copy.ts'
import type { Db } from '../../platform/db/database.ts'
import { resolveDoubts } from '../doubt.ts'
import type { Walked } from './assets.ts'
import { type Changes, readChanges } from './changes.ts'
import { compare, ledgerPosition } from './compare.ts'
import { fill } from './fill.ts'
import type { Reading } from './sync.ts'
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
  const certain = await withClient(ports.pool, async (client, db) => {
    if (await holdsNothing(db, locationId)) {
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
    await resolveDoubts(ports.db, { locationId, assetIds: null, before: at })
    await sql`UPDATE locations SET compared_at = ${at} WHERE id = ${locationId}`.execute(ports.db)
  }
  return { exact: !moved, certain, version: firstVersionId ?? null }
}

async function holdsNothing(db: Db, locationId: number): Promise<boolean> {
  const { rows } = await sql`SELECT FROM licenses WHERE location_id = ${locationId}
    UNION ALL SELECT FROM given_up_grants WHERE location_id = ${locationId} LIMIT 1`.execute(db)
  return rows.length === 0
}
