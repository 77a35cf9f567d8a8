/**
 * The books: who holds which license, and the counts on the asset that follow from it.
 *
 * Every change of `licenses` goes through these statements, which move `assets.held`, `held_outside` and
 * `reserved` by the same amount in the same statement. Invariant 1 (never over) is the database's: a trigger
 * refuses a reservation that what is owned does not cover.
 */
import type { LedgerChange } from '@apportion/core/licenses/ledger-cause'
import { type RawBuilder, sql } from 'kysely'
import type { Tx } from '../platform/db/database.ts'
import { lookAtDelivery } from '../platform/outbox.ts'

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
  /** For the ledger: a code of `core/licenses/ledger-cause`. */
  readonly cause: string
  /** Only what is on its way by this operation changes; null: by whichever. */
  readonly operationId: string | null
  /** The sync that found it; null or left out: no sync did. */
  readonly syncRunId?: string | null
}

/** Narrows a statement to a block, for a `licenses` row called `l`. */
export function inBlock(block: Block): RawBuilder<unknown> {
  return sql`l.location_id = ${block.locationId} AND l.asset_id = ANY(${[...block.assetIds]}::int[])
    AND l.holder_kind = ${block.holderKind}::holder_kind AND l.holder = ANY(${[...block.holders]}::text[])`
}

/**
 * What an operation came to never touches a pair that was given up meanwhile and is on its way anew: its outcome is
 * another operation's.
 */
function onItsWay({ operationId }: Pick<Cause, 'operationId'>): RawBuilder<unknown> {
  return operationId === null ? sql`l.operation_id IS NOT NULL` : sql`l.operation_id = ${operationId}::uuid`
}

/** Grants that Apple confirmed: on their way → held. Others of the block are left alone. Gives how many. */
export function confirmGrants(tx: Tx, block: Block, cause: Cause): Promise<number> {
  return settle(tx, cause, {
    change: sql`UPDATE licenses l SET state = 'held', operation_id = NULL, since = ${cause.at}
      WHERE ${inBlock(block)} AND l.state = 'granting' AND ${onItsWay(cause)}`,
    counts: sql`reserved = a.reserved - c.n, held = a.held + c.n`,
    ledger: 'granted',
  })
}

/** Grants that Apple refused: the reservation ends. Gives how many. */
export function refuseGrants(tx: Tx, block: Block, cause: Cause): Promise<number> {
  return settle(tx, cause, {
    change: sql`DELETE FROM licenses l WHERE ${inBlock(block)} AND l.state = 'granting' AND ${onItsWay(cause)}`,
    counts: sql`reserved = a.reserved - c.n`,
    ledger: 'refused',
  })
}

/**
 * Grants that Apple had not done when it was asked: the reservation ends. Apple may carry out late what it once
 * accepted, so they are remembered: what turns up of them after all is ours. Gives how many.
 */
export function giveUpGrants(tx: Tx, block: Block, cause: Cause): Promise<number> {
  return settle(tx, cause, {
    change: sql`DELETE FROM licenses l WHERE ${inBlock(block)} AND l.state = 'granting' AND ${onItsWay(cause)}`,
    counts: sql`reserved = a.reserved - c.n`,
    ledger: null,
    also: sql`INSERT INTO given_up_grants (location_id, asset_id, holder_kind, holder, assignment_id, at)
      SELECT location_id, asset_id, holder_kind, holder, assignment_id, ${cause.at}::timestamptz FROM changed
      ON CONFLICT (location_id, asset_id, holder_kind, holder) DO UPDATE
        SET assignment_id = excluded.assignment_id, at = excluded.at`,
  })
}

/** Licenses that Apple took back as we asked. Gives how many. */
export function confirmReleases(tx: Tx, block: Block, cause: Cause): Promise<number> {
  return settle(tx, cause, {
    change: sql`DELETE FROM licenses l WHERE ${inBlock(block)} AND l.state = 'releasing' AND ${onItsWay(cause)}`,
    counts: sql`held = a.held - c.n, short_until = NULL`,
    ledger: 'released',
  })
}

/** Releases that Apple never did: the licenses are held as before, and released anew. Gives how many. */
export function dropReleases(tx: Tx, block: Block, cause: Cause): Promise<number> {
  return settle(tx, cause, { ...heldAgain(block, cause, null), ledger: null })
}

/** Releases that Apple refused until `again`: the licenses are held as before. Gives how many. */
export function refuseReleases(
  tx: Tx,
  block: Block,
  cause: Cause & { readonly again: Date },
): Promise<number> {
  return settle(tx, cause, { ...heldAgain(block, cause, cause.again), ledger: 'refused' })
}

function heldAgain(block: Block, cause: Cause, again: Date | null): Pick<Settlement, 'change' | 'counts'> {
  return {
    change: sql`UPDATE licenses l SET state = 'held', operation_id = NULL, since = ${cause.at}, release_after = ${again}
      WHERE ${inBlock(block)} AND l.state = 'releasing' AND ${onItsWay(cause)}`,
    counts: sql`held = a.held`,
  }
}

/** Remembers at the targets why Apple refused them, and when they are tried again. */
export async function noteRefusal(
  tx: Tx,
  block: Block,
  refusal: { readonly number: number | null; readonly detail: string; readonly retryAt: Date },
): Promise<void> {
  const holders = sql`${[...block.holders]}::text[]`
  const [targeted, isTarget] =
    block.holderKind === 'device'
      ? [
          sql`SELECT id, serial_number FROM devices WHERE serial_number = ANY(${holders})`,
          sql`t.device_id = h.id`,
        ]
      : [
          sql`SELECT id, client_user_id::text FROM users WHERE client_user_id::text = ANY(${holders})`,
          sql`t.user_id = h.id`,
        ]
  await sql`UPDATE targets t SET refused_number = ${refusal.number}, refused_detail = ${refusal.detail},
      retry_at = ${refusal.retryAt}
    FROM (${targeted}) AS h(id, holder)
    WHERE t.location_id = ${block.locationId} AND t.asset_id = ANY(${[...block.assetIds]}::int[])
      AND ${isTarget}
      AND NOT EXISTS (SELECT 1 FROM licenses l WHERE l.location_id = t.location_id AND l.asset_id = t.asset_id
        AND l.holder_kind = ${block.holderKind}::holder_kind AND l.holder = h.holder)`.execute(tx)
}

/** A change of licenses, with what it means for their assets and the ledger. */
export interface Settlement {
  /** Changes rows of `licenses`, called `l`. */
  readonly change: RawBuilder<unknown>
  /** What the change means for the asset `a`, when `c.n` of its licenses changed, `c.outside` of them not ours. */
  readonly counts: RawBuilder<unknown>
  readonly ledger: LedgerChange | null
  /** A further statement over the changed rows, `changed`. */
  readonly also?: RawBuilder<unknown>
}

/** The intervention that asked for the license `changed` back, if one did. */
const askedBackBy = sql`(SELECT i.intervention_id FROM intervention_items i
  WHERE i.location_id = changed.location_id AND i.asset_id = changed.asset_id AND i.holder_kind = changed.holder_kind
    AND i.holder = changed.holder AND i.outcome IN ('asked', 'refused') ORDER BY i.intervention_id DESC LIMIT 1)`

/** The record whose undoing gives the license `changed`, if one does (L11). */
const givenBy = sql`(SELECT i.intervention_id FROM intervention_items i
  WHERE i.location_id = changed.location_id AND i.asset_id = changed.asset_id AND i.holder_kind = changed.holder_kind
    AND i.holder = changed.holder AND i.outcome = 'giving' ORDER BY i.intervention_id DESC LIMIT 1)`

const byHand: Partial<Record<LedgerChange, RawBuilder<unknown>>> = { released: askedBackBy, granted: givenBy }

/** Change and cause of a line. What turns up and is ours was given up here, and Apple did it late. */
function lineOf(ledger: LedgerChange, { cause }: Cause): RawBuilder<unknown> {
  if (ledger !== 'found') return sql`${ledger}, ${cause}`
  return sql`CASE WHEN ours THEN 'granted' ELSE 'found' END, CASE WHEN ours THEN 'done_late' ELSE ${cause}::text END`
}

/** The devices that the changed licenses are for: named themselves, or their person's. */
const devicesOfChanged = sql`
  SELECT c.location_id, c.asset_id, d.id AS device_id FROM changed c
    JOIN devices d ON d.serial_number = c.holder WHERE c.holder_kind = 'device'
  UNION ALL
  SELECT c.location_id, c.asset_id, d.id FROM changed c JOIN users u ON u.client_user_id::text = c.holder
    JOIN devices d ON d.user_id = u.id WHERE c.holder_kind = 'user'`

/** Changes licenses, the counts of their assets and the ledger in one statement. Gives how many licenses changed. */
export async function settle(tx: Tx, cause: Cause, settlement: Settlement): Promise<number> {
  const { change, counts, ledger, also = sql`SELECT 1` } = settlement
  const written =
    ledger === null
      ? sql`SELECT 1`
      : sql`INSERT INTO ledger (location_id, asset_id, holder_kind, holder, at, change, cause, assignment_id, operation_id,
            sync_run_id, intervention_id)
          SELECT location_id, asset_id, holder_kind, holder, ${cause.at}, ${lineOf(ledger, cause)}, assignment_id,
            ${cause.operationId}::uuid, ${cause.syncRunId ?? null}::uuid,
            ${byHand[ledger] ?? sql`NULL::uuid`} FROM changed`
  const { rows } = await sql<{ n: number }>`
    WITH changed AS (
      ${change} RETURNING l.location_id, l.asset_id, l.holder_kind, l.holder, l.ours, l.assignment_id
    ), counted AS (
      SELECT asset_id, count(*)::int AS n, (count(*) FILTER (WHERE NOT ours))::int AS outside
      FROM changed GROUP BY asset_id
    ), moved AS (UPDATE assets a SET ${counts} FROM counted c WHERE a.id = c.asset_id),
    written AS (${written}), also AS (${also}), delivery AS (${lookAtDelivery(devicesOfChanged)})
    SELECT coalesce(sum(n), 0)::int AS n FROM counted`.execute(tx)
  return rows[0]?.n ?? 0
}
