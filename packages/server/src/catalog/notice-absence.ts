/**
 * Notices that the store of a country no longer knows a title, and that it knows it again (C4). Titles that the last
 * lookup left out are asked for together with some that it told of, since a missing title alone proves nothing.
 */
import { MAX_LOOKUP_IDS } from '@apportion/apps-books/metadata'
import { type Absence, afterSighting, sightingOf } from '@apportion/core/catalog/absence'
import { sql } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import type { AppleConnection } from '../tokens/apple.ts'
import { isFromOtherCountry, reasonOf, titlesOf } from './refresh.ts'

/** Titles that the lookup told of, asked for again in each request. */
const witnessesAtOnce = 10
const suspectsAtOnce = MAX_LOOKUP_IDS - witnessesAtOnce

/** Looks for the missing titles of a location. Gives null, or why they could not be looked for: nothing is noted then. */
export async function noticeAbsence(
  ports: { readonly db: Db; readonly clock: Clock },
  connection: AppleConnection,
): Promise<string | null> {
  const { location } = connection
  const missing = await suspects(ports.db, location)
  for (let start = 0; start < missing.length; start += suspectsAtOnce) {
    const problem = await lookFor(ports, connection, missing.slice(start, start + suspectsAtOnce))
    if (problem !== null) return problem
  }
  return null
}

interface Suspect {
  readonly adam_id: string
  readonly is_custom: boolean
  readonly absent_since: Date | null
  readonly not_in_store_since: Date | null
}

interface Place {
  readonly id: number
  readonly country: string
}

/** Titles of the location that the latest lookup left out, and those that had been missing. */
async function suspects(db: Db, { id, country }: Place): Promise<readonly Suspect[]> {
  const { rows } = await sql<Suspect>`
    SELECT t.adam_id, t.is_custom, t.absent_since, t.not_in_store_since FROM titles t
    WHERE t.country = ${country} AND t.adam_id ~ '^[0-9]{1,20}$'
      AND (t.found_at IS NULL OR t.found_at < t.looked_up_at OR t.absent_since IS NOT NULL)
      AND EXISTS (SELECT FROM assets a WHERE a.location_id = ${id} AND a.adam_id = t.adam_id AND a.gone_at IS NULL)
    ORDER BY t.adam_id`.execute(db)
  return rows
}

/** Titles of the location that the store knew lately: of either kind, custom and public. */
async function witnesses(db: Db, { id, country }: Place): Promise<readonly string[]> {
  const { rows } = await sql<{ adam_id: string }>`
    SELECT adam_id FROM (
      SELECT t.adam_id, row_number() OVER (PARTITION BY t.is_custom ORDER BY t.found_at DESC, t.adam_id) AS place
      FROM titles t WHERE t.country = ${country} AND t.found_at = t.looked_up_at AND t.absent_since IS NULL
        AND EXISTS (SELECT FROM assets a WHERE a.location_id = ${id} AND a.adam_id = t.adam_id AND a.gone_at IS NULL)
    ) AS known WHERE place <= ${witnessesAtOnce / 2} ORDER BY adam_id`.execute(db)
  return rows.map((row) => row.adam_id)
}

async function lookFor(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  connection: AppleConnection,
  group: readonly Suspect[],
): Promise<string | null> {
  const { location } = connection
  const asked = [...group.map((suspect) => suspect.adam_id), ...(await witnesses(db, location))]
  const { titles, failures } = await connection.lookup(asked)
  if (failures.length > 0) return reasonOf(failures)
  const told = [...titlesOf(titles).values()]
  const said = { asked, told, isOtherCountry: isFromOtherCountry(titles) }
  const at = clock.now()
  await inTransaction(db, async (tx) => {
    for (const suspect of group) {
      const title = { adamId: suspect.adam_id, isCustomApp: suspect.is_custom }
      const known = { absentSince: suspect.absent_since, notInStoreSince: suspect.not_in_store_since }
      const { change, ...after } = afterSighting(known, sightingOf(title, said), at)
      const { country } = location
      if (!isSame(known, after) && (await keep(tx, { country, adamId: title.adamId, known, after })))
        await note(tx, { country, adamId: title.adamId, at, change })
    }
  })
  return null
}

const isSame = (one: Absence, other: Absence): boolean =>
  one.absentSince?.getTime() === other.absentSince?.getTime() &&
  one.notInStoreSince?.getTime() === other.notInStoreSince?.getTime()

interface Kept {
  readonly country: string
  readonly adamId: string
  readonly known: Absence
  readonly after: Absence
}

/** Gives whether it was written: another location of the same country may have been quicker. */
async function keep(tx: Tx, { country, adamId, known, after }: Kept): Promise<boolean> {
  const { numAffectedRows } = await sql`
    UPDATE titles SET absent_since = ${after.absentSince}, not_in_store_since = ${after.notInStoreSince}
    WHERE country = ${country} AND adam_id = ${adamId}
      AND date_trunc('milliseconds', absent_since) IS NOT DISTINCT FROM ${known.absentSince}::timestamptz
      AND date_trunc('milliseconds', not_in_store_since) IS NOT DISTINCT FROM ${known.notInStoreSince}::timestamptz`.execute(
    tx,
  )
  return numAffectedRows === 1n
}

async function note(
  tx: Tx,
  noted: {
    readonly country: string
    readonly adamId: string
    readonly at: Date
    readonly change: string | null
  },
): Promise<void> {
  if (noted.change === null) return
  await sql`INSERT INTO title_changes (adam_id, country, at, change)
    VALUES (${noted.adamId}, ${noted.country}, ${noted.at}, ${noted.change})`.execute(tx)
}
