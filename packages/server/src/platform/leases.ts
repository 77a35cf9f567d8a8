/**
 * One writer per location (invariant 3 with several server processes): the lease is a row that its owner
 * renews. When a process dies its leases run out and another process takes them with a higher epoch.
 *
 * Leases run on the database's clock, which all processes share.
 */
import { sql } from 'kysely'
import type { Db, Tx } from './db/database.ts'

/** How long a lease holds without being renewed. A dead process is followed after at most this. */
export const leaseSeconds = 6
/** How often a living process renews. */
export const renewMilliseconds = 1500

/** The right to write for one location. */
export interface Lease {
  readonly locationId: number
  readonly owner: string
  readonly epoch: number
}

/** The lease went to another process; whatever was under way stops without a trace. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
  constructor(lease: Lease) {
    super(`The lease of location ${lease.locationId} (epoch ${lease.epoch}) went to another server process`)
  }
}

/** Renews every lease of `owner` and takes every free one; gives all that it now holds. */
export async function renewLeases(db: Db, owner: string): Promise<readonly Lease[]> {
  const { rows } = await sql<{ location_id: number; epoch: number }>`
    INSERT INTO leases AS held (location_id, owner, epoch, expires_at)
    SELECT id, ${owner}::uuid, 1, clock_timestamp() + make_interval(secs => ${leaseSeconds}) FROM locations ORDER BY id
    ON CONFLICT (location_id) DO UPDATE
      SET owner = excluded.owner,
          epoch = held.epoch + (held.owner <> excluded.owner OR held.expires_at < clock_timestamp())::int,
          expires_at = excluded.expires_at
      WHERE held.owner = excluded.owner OR held.expires_at < clock_timestamp()
    RETURNING location_id, epoch::int`.execute(db)
  return rows.map((row) => ({ locationId: row.location_id, owner, epoch: row.epoch }))
}

/**
 * Checks within a transaction that the lease is still ours. It does not block renewals, which a long transaction would
 * otherwise hold up; should the lease be lost before the commit, row locks and states still keep every step single.
 *
 * @throws LeaseLost
 */
export async function holdLease(tx: Tx, lease: Lease): Promise<void> {
  const { rows } = await sql`
    SELECT 1 FROM leases WHERE location_id = ${lease.locationId} AND owner = ${lease.owner}::uuid
      AND epoch = ${lease.epoch} AND expires_at > clock_timestamp() FOR KEY SHARE`.execute(tx)
  if (rows.length === 0) throw new LeaseLost(lease)
}

/** Gives the leases of a process back when it stops, so that the next one need not wait for their end. */
export async function releaseLeases(db: Db, owner: string): Promise<void> {
  await sql`UPDATE leases SET expires_at = clock_timestamp() - interval '1 second' WHERE owner = ${owner}::uuid`.execute(
    db,
  )
}
