/**
 * The books: who holds which license, and the counts on the asset that follow from it.
 *
 * Every change of `licenses` goes through these statements, which move `assets.held`, `held_outside` and
 * `reserved` by the same amount in the same statement. Invariant 1 (never over) is the database's: a trigger
 * refuses a reservation that what is owned does not cover.
 */
import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../platform/db/database.ts'

/** Some pairs of one location: every one of these assets with every one of these holders. */
export interface Block {
  readonly locationId: number
  readonly assetIds: readonly number[]
  readonly holderKind: 'device' | 'user'
  readonly holders: readonly string[]
}

/** What happens to licenses, and why: it becomes the ledger's row. */
export interface Cause {
  readonly at: Date
  /** One short phrase for the ledger, such as `confirmed by Apple`. */
  readonly cause: string
  readonly operationId: string | null
}

/** Narrows a statement to a block, for a `licenses` row called `l`. */
function inBlock(block: Block): RawBuilder<unknown> {
  return sql`l.location_id = ${block.locationId} AND l.asset_id = ANY(${[...block.assetIds]}::int[])
    AND l.holder_kind = ${block.holderKind}::holder_kind AND l.holder = ANY(${[...block.holders]}::text[])`
}

/** Grants that Apple confirmed: on their way → held. Others of the block are left alone. Gives how many. */
export function confirmGrants(tx: Tx, block: Block, cause: Cause): Promise<number> {
  return settle(tx, cause, {
    change: sql`UPDATE licenses l SET state = 'held', operation_id = NULL, since = ${cause.at}
      WHERE ${inBlock(block)} AND l.state = 'granting' AND l.operation_id IS NOT NULL`,
    counts: sql`reserved = a.reserved - c.n, held = a.held + c.n`,
    ledger: 'granted',
  })
}

/** Grants that Apple refused or never did: the reservation ends. Gives how many. */
export function dropGrants(tx: Tx, block: Block, cause: Cause, ledger: 'refused' | null): Promise<number> {
  return settle(tx, cause, {
    change: sql`DELETE FROM licenses l WHERE ${inBlock(block)} AND l.state = 'granting'`,
    counts: sql`reserved = a.reserved - c.n`,
    ledger,
  })
}

/** Licenses that Apple took back as we asked. Gives how many. */
export function confirmReleases(tx: Tx, block: Block, cause: Cause): Promise<number> {
  return settle(tx, cause, {
    change: sql`DELETE FROM licenses l WHERE ${inBlock(block)} AND l.state = 'releasing' AND l.operation_id IS NOT NULL`,
    counts: sql`held = a.held - c.n`,
    ledger: 'released',
  })
}

/** Releases that Apple never did, or refused until `again`: the licenses are held as before. */
export async function dropReleases(
  tx: Tx,
  block: Block,
  moment: { readonly at: Date; readonly again: Date | null },
): Promise<void> {
  await sql`UPDATE licenses l SET state = 'held', operation_id = NULL, since = ${moment.at},
      release_after = ${moment.again}
    WHERE ${inBlock(block)} AND l.state = 'releasing'`.execute(tx)
}

/** Licenses that somebody else gave: held outside Apportion (S5). Those known already are left alone. */
export function findOutside(tx: Tx, block: Block, cause: Cause): Promise<number> {
  return settle(tx, cause, {
    change: sql`INSERT INTO licenses AS l (location_id, asset_id, holder_kind, holder, state, ours, since)
      SELECT ${block.locationId}, asset_id, ${block.holderKind}::holder_kind, holder, 'held', false, ${cause.at}
      FROM unnest(${[...block.assetIds]}::int[]) AS asset_id CROSS JOIN unnest(${[...block.holders]}::text[]) AS holder
      ON CONFLICT DO NOTHING`,
    counts: sql`held = a.held + c.n, held_outside = a.held_outside + c.n`,
    ledger: 'found',
  })
}

/** Licenses not ours that their holder no longer has. */
export function loseOutside(tx: Tx, block: Block, cause: Cause): Promise<number> {
  return settle(tx, cause, {
    change: sql`DELETE FROM licenses l WHERE ${inBlock(block)} AND l.state = 'held' AND NOT l.ours`,
    counts: sql`held = a.held - c.n, held_outside = a.held_outside - c.n`,
    ledger: 'vanished',
  })
}

/** Remembers at the targets why Apple refused them, and when they are tried again. */
export async function noteRefusal(
  tx: Tx,
  block: Block,
  refusal: { readonly number: number | null; readonly detail: string; readonly retryAt: Date },
): Promise<void> {
  await sql`UPDATE targets t SET refused_number = ${refusal.number}, refused_detail = ${refusal.detail},
      retry_at = ${refusal.retryAt}
    FROM devices d
    WHERE t.location_id = ${block.locationId} AND t.asset_id = ANY(${[...block.assetIds]}::int[])
      AND d.id = t.device_id AND d.serial_number = ANY(${[...block.holders]}::text[])`.execute(tx)
}

interface Settlement {
  /** Changes rows of `licenses`, called `l`. */
  readonly change: RawBuilder<unknown>
  /** What the change means for the asset `a`, when `c.n` of its licenses changed. */
  readonly counts: RawBuilder<unknown>
  readonly ledger: 'granted' | 'released' | 'refused' | 'found' | 'vanished' | null
}

/** Changes licenses, the counts of their assets and the ledger in one statement. */
async function settle(tx: Tx, cause: Cause, { change, counts, ledger }: Settlement): Promise<number> {
  const written =
    ledger === null
      ? sql`SELECT 1`
      : sql`INSERT INTO ledger (location_id, asset_id, holder_kind, holder, at, change, cause, assignment_id, operation_id)
          SELECT location_id, asset_id, holder_kind, holder, ${cause.at}, ${ledger}, ${cause.cause}, assignment_id,
            ${cause.operationId}::uuid FROM changed`
  const { rows } = await sql<{ n: number }>`
    WITH changed AS (
      ${change} RETURNING l.location_id, l.asset_id, l.holder_kind, l.holder, l.assignment_id
    ), counted AS (SELECT asset_id, count(*)::int AS n FROM changed GROUP BY asset_id),
    moved AS (UPDATE assets a SET ${counts} FROM counted c WHERE a.id = c.asset_id),
    written AS (${written})
    SELECT coalesce(sum(n), 0)::int AS n FROM counted`.execute(tx)
  return rows[0]?.n ?? 0
}
