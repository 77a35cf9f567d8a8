/**
 * One writer per location (invariant 3 with several server processes): a lease belongs to a process and holds for as
 * long as that process says that it lives. When it dies another process takes its leases with a higher epoch.
 *
 * Leases run on the database's clock, which all processes share.
 */
import { sql } from 'kysely'
import type { Db, Tx } from './db/database.ts'
import { inTransaction } from './db/transaction.ts'

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

/**
 * Says that `owner` lives, takes every location whose process does not, and gives all that it now holds. That is one
 * row written each time, however many locations there are.
 */
export async function renewLeases(db: Db, owner: string): Promise<readonly Lease[]> {
  await sql`INSERT INTO server_processes (id, alive_until)
    VALUES (${owner}::uuid, clock_timestamp() + make_interval(secs => ${leaseSeconds}))
    ON CONFLICT (id) DO UPDATE SET alive_until = excluded.alive_until`.execute(db)
  await sql`INSERT INTO leases AS held (location_id, owner)
    SELECT l.id, ${owner}::uuid FROM locations l LEFT JOIN leases held ON held.location_id = l.id
    WHERE held.location_id IS NULL OR NOT ${ownerLives} ORDER BY l.id
    ON CONFLICT (location_id) DO UPDATE SET owner = excluded.owner, epoch = held.epoch + 1
      WHERE NOT ${ownerLives}`.execute(db)
  const { rows } = await sql<{ location_id: number; epoch: number }>`
    SELECT location_id, epoch FROM leases WHERE owner = ${owner}::uuid ORDER BY location_id`.execute(db)
  return rows.map((row) => ({ locationId: row.location_id, owner, epoch: row.epoch }))
}

/** Whether the process that has the lease `held` still says that it lives. */
const ownerLives = sql`EXISTS (SELECT 1 FROM server_processes p
  WHERE p.id = held.owner AND p.alive_until > clock_timestamp())`

/**
 * Checks within a transaction that the lease is still ours. It does not block renewals, which a long transaction would
 * otherwise hold up; should the lease be lost before the commit, row locks and states still keep every step single.
 *
 * @throws LeaseLost
 */
export async function holdLease(tx: Tx, lease: Lease): Promise<void> {
  const { rows } = await sql`
    SELECT 1 FROM leases held WHERE location_id = ${lease.locationId} AND owner = ${lease.owner}::uuid
      AND epoch = ${lease.epoch} AND ${ownerLives} FOR KEY SHARE`.execute(tx)
  if (rows.length === 0) throw new LeaseLost(lease)
}

/**
 * Runs `work` in one transaction that begins by checking that the lease is still ours.
 *
 * @throws LeaseLost
 */
export function withLease<T>(db: Db, lease: Lease, work: (tx: Tx) => Promise<T>): Promise<T> {
  return inTransaction(db, async (tx) => {
    await holdLease(tx, lease)
    return work(tx)
  })
}

/** Gives the leases of a process back when it stops, so that the next one need not wait; forgets the long dead too. */
export async function releaseLeases(db: Db, owner: string): Promise<void> {
  await sql`DELETE FROM server_processes
    WHERE id = ${owner}::uuid OR alive_until < clock_timestamp() - interval '1 day'`.execute(db)
}
