/**
 * What changes at Apple without an operation that we know of: another service, somebody in Apple's portal, or Apple
 * itself, which carries out late what had been given up here.
 */
import { sql } from 'kysely'
import type { Tx } from '../platform/db/database.ts'
import { type Block, type Cause, inBlock, settle } from './books.ts'

/** Until then Apple may carry out what had been given up. */
const givenUpDays = 1

/** What was given up before this moment is not ours any more, whatever turns up. */
export function stillOurs(now: Date): Date {
  return new Date(now.getTime() - givenUpDays * 86_400_000)
}

/**
 * Licenses that turned up: those of grants that were given up are ours, the others are held outside Apportion (S5).
 * Those known already are left alone. Gives how many turned up.
 */
export function findLicenses(tx: Tx, block: Block, cause: Cause): Promise<number> {
  return settle(tx, cause, {
    change: sql`INSERT INTO licenses AS l (location_id, asset_id, holder_kind, holder, state, ours, since, assignment_id)
      SELECT ${block.locationId}, w.asset_id, ${block.holderKind}::holder_kind, w.holder, 'held',
        g.asset_id IS NOT NULL, ${cause.at}, g.assignment_id
      FROM (SELECT asset_id, holder FROM unnest(${[...block.assetIds]}::int[]) AS asset_id
        CROSS JOIN unnest(${[...block.holders]}::text[]) AS holder) AS w
      LEFT JOIN given_up_grants g ON g.location_id = ${block.locationId} AND g.asset_id = w.asset_id
        AND g.holder_kind = ${block.holderKind}::holder_kind AND g.holder = w.holder AND g.at > ${stillOurs(cause.at)}
      ON CONFLICT DO NOTHING`,
    counts: sql`held = a.held + c.n, held_outside = a.held_outside + c.outside`,
    ledger: 'found',
  })
}

/** Grants that were given up and that Apple carried out after all: they are ours. Gives how many. */
export function findGivenUp(tx: Tx, block: Block, cause: Cause): Promise<number> {
  return settle(tx, cause, {
    change: sql`INSERT INTO licenses AS l (location_id, asset_id, holder_kind, holder, state, ours, since, assignment_id)
      SELECT l.location_id, l.asset_id, l.holder_kind, l.holder, 'held', true, ${cause.at}, l.assignment_id
      FROM given_up_grants l WHERE ${inBlock(block)} AND l.at > ${stillOurs(cause.at)} ON CONFLICT DO NOTHING`,
    counts: sql`held = a.held + c.n`,
    ledger: 'granted',
  })
}

/**
 * Licenses that their holder no longer has. Of ours only those that were held before `oursBefore`: a younger one may
 * have been given after what Apple tells of, and only a sync can say. Gives how many are gone.
 */
export function loseLicenses(
  tx: Tx,
  block: Block,
  cause: Cause & { readonly oursBefore: Date; readonly outsideBefore?: Date },
): Promise<number> {
  const outside = cause.outsideBefore === undefined ? sql`true` : sql`l.since < ${cause.outsideBefore}`
  return settle(tx, cause, {
    change: sql`DELETE FROM licenses l WHERE ${inBlock(block)} AND l.state = 'held'
      AND CASE WHEN l.ours THEN l.since < ${cause.oursBefore} ELSE ${outside} END`,
    counts: sql`held = a.held - c.n, held_outside = a.held_outside - c.outside, short_until = NULL`,
    ledger: 'vanished',
  })
}

/** Whether any license of a block is held and ours. */
export async function holdsOurs(tx: Tx, block: Block): Promise<boolean> {
  const { rows } = await sql`SELECT 1 FROM licenses l WHERE ${inBlock(block)} AND l.state = 'held' AND l.ours
    LIMIT 1`.execute(tx)
  return rows.length > 0
}

/** Forgets what was given up so long ago that Apple will not carry it out any more. */
export async function forgetGivenUp(tx: Tx, locationId: number, before: Date): Promise<void> {
  await sql`DELETE FROM given_up_grants WHERE location_id = ${locationId} AND at < ${before}`.execute(tx)
}

/**
 * The assets of a block of which somebody holds a license of ours that no target wants any more: the holders, or the
 * people of devices who kept their user license until each device had its own (L12).
 */
export async function assetsNotNeeded(tx: Tx, block: Block): Promise<readonly number[]> {
  const ours = sql`l.state = 'held' AND l.ours AND l.release_after IS NULL`
  const ofPeople =
    block.holderKind === 'user'
      ? sql``
      : sql`UNION SELECT l.asset_id FROM devices d JOIN users u ON u.id = d.user_id
        JOIN licenses l ON l.location_id = ${block.locationId} AND l.asset_id = ANY(${[...block.assetIds]}::int[])
          AND l.holder_kind = 'user' AND l.holder = u.client_user_id::text AND ${ours}
        LEFT JOIN targets t ON t.location_id = l.location_id AND t.asset_id = l.asset_id AND t.user_id = u.id AND t.wants
        WHERE d.serial_number = ANY(${[...block.holders]}::text[]) AND t.asset_id IS NULL`
  const { rows } = await sql<{ asset_id: number }>`
    SELECT l.asset_id FROM licenses l
    LEFT JOIN devices d ON l.holder_kind = 'device' AND d.serial_number = l.holder
    LEFT JOIN users u ON l.holder_kind = 'user' AND u.client_user_id::text = l.holder
    LEFT JOIN targets t ON t.location_id = l.location_id AND t.asset_id = l.asset_id
      AND (t.device_id = d.id OR t.user_id = u.id) AND t.wants
    WHERE ${inBlock(block)} AND ${ours} AND l.keep_until IS NULL AND t.asset_id IS NULL
    ${ofPeople} ORDER BY asset_id`.execute(tx)
  return rows.map((row) => row.asset_id)
}
