/**
 * One change of the directory at a time: facts, members, rules and groups in groups.
 *
 * A rule is worked out for the devices that change, and for all devices when the rule does. Two changes at once would
 * each work with what the other is about to replace; two nestings at once could close a circle. Every change waits for
 * the audit log's lock anyway, so that taking turns costs nothing.
 */
import { sql } from 'kysely'
import type { Tx } from '../platform/db/database.ts'

/** Waits for the turn, which lasts until the transaction ends. Take it before any row of the directory. */
export async function takeDirectoryTurn(tx: Tx): Promise<void> {
  await sql`SELECT pg_advisory_xact_lock(hashtext('directory'))`.execute(tx)
}
