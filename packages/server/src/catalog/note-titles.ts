/**
 * What the store tells of titles is kept together with what that changed: names and prices (C4), and on which devices
 * the titles run (C2), so that assignments are compared anew where that is no longer the same.
 */
import type { TitleMetadata } from '@apportion/apps-books/title'
import { sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { lookAgainAtAssets } from '../platform/outbox.ts'

/** An answer of the lookup. */
export interface LookedTitles {
  readonly country: string
  readonly titles: ReadonlyMap<string, TitleMetadata>
  /** Another country answered: its names and prices are no changes of this one's. */
  readonly isOtherCountry: boolean
  readonly at: Date
}

/** Runs `store`, which writes the titles, and notes what it changes, in one transaction. */
export async function storeNoting(
  db: Db,
  looked: LookedTitles,
  store: (tx: Tx) => Promise<void>,
): Promise<void> {
  await inTransaction(db, async (tx) => {
    const refitted = await refittedTitles(tx, looked)
    if (!looked.isOtherCountry) await noteChanges(tx, looked)
    await store(tx)
    await storeFamilies(tx, looked)
    await lookAgainAtAssets(tx, await assignedAssets(tx, looked.country, refitted))
  })
}

/** The titles as rows `(adam_id, name, kind, price, price_text, families, minimum_os)`. */
function told({ titles }: LookedTitles) {
  const rows = [...titles.values()].map((title) => ({
    adam_id: title.adamId,
    name: title.name,
    price: title.price ?? null,
    price_text: title.priceFormatted ?? null,
    families: title.deviceFamilies,
    minimum_os: title.minimumOsVersion ?? null,
  }))
  return sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(adam_id text, name text, price numeric,
    price_text text, families text[], minimum_os text)`
}

async function noteChanges(tx: Tx, looked: LookedTitles): Promise<void> {
  const { country, at } = looked
  await sql`
    INSERT INTO title_changes (adam_id, country, at, change, before, after)
    SELECT r.adam_id, ${country}, ${at}::timestamptz, c.change, c.before, c.after
    FROM ${told(looked)} JOIN titles t ON t.country = ${country} AND t.adam_id = r.adam_id
    CROSS JOIN LATERAL (VALUES
      ('renamed', t.name, r.name, t.name <> r.name),
      ('price_changed', coalesce(t.price_text, t.price::text), coalesce(r.price_text, r.price::text), t.price <> r.price)
    ) AS c(change, before, after, differs)
    WHERE c.differs ORDER BY r.adam_id, c.change`.execute(tx)
}

async function refittedTitles(tx: Tx, looked: LookedTitles): Promise<readonly string[]> {
  const { rows } = await sql<{ adam_id: string }>`
    SELECT r.adam_id FROM ${told(looked)} LEFT JOIN titles t ON t.country = ${looked.country} AND t.adam_id = r.adam_id
    WHERE coalesce(t.families, '{}') <> r.families OR t.minimum_os IS DISTINCT FROM r.minimum_os`.execute(tx)
  return rows.map((row) => row.adam_id)
}

/** What the store leaves out stays as it was known. */
async function storeFamilies(tx: Tx, looked: LookedTitles): Promise<void> {
  await sql`UPDATE titles t SET families = r.families FROM ${told(looked)}
    WHERE t.country = ${looked.country} AND t.adam_id = r.adam_id AND r.families <> '{}'
      AND t.families <> r.families`.execute(tx)
}

async function assignedAssets(
  tx: Tx,
  country: string,
  adamIds: readonly string[],
): Promise<readonly number[]> {
  if (adamIds.length === 0) return []
  const { rows } = await sql<{ id: number }>`
    SELECT a.id FROM assets a JOIN locations l ON l.id = a.location_id AND l.country = ${country}
    WHERE a.adam_id = ANY(${[...adamIds]}::text[])
      AND EXISTS (SELECT FROM assignments s WHERE s.asset_id = a.id)`.execute(tx)
  return rows.map((row) => row.id)
}
