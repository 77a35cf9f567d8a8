/**
 * Packs reserved grants and releases into operations (L4): holders that miss the same assets share requests of up
 * to Apple's limits. The operations are committed here, and sent by the next step.
 */
import { type HolderGroup, packRequests } from '@apportion/core/licenses/packing'
import { sql } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import type { NewId } from '../platform/ids.ts'
import { holdLease } from '../platform/leases.ts'
import type { LocationStep, LocationTurn } from '../platform/location-work.ts'
import { assetTopic } from '../platform/outbox.ts'
import type { AppleConnections } from '../tokens/apple.ts'
import { canBeAskedFor } from './apple-users.ts'
import { insertOperation, type OperationRow } from './operations.ts'

export interface PackPorts {
  readonly db: Db
  readonly clock: Clock
  readonly newId: NewId
  readonly apple: AppleConnections
}

/**
 * Reservations of the last moment may be joined by others, of another app for the same devices. They are packed
 * together: once every signal from before the first of them has been worked off, and then once it is quiet for this
 * long, or when the first has waited ten times as long.
 */
const gatherMilliseconds = 1000

/** Holders packed in one transaction: fifty full requests of each kind. */
const holdersAtOnce = 50_000

/** The step that packs. */
export function packStep(ports: PackPorts): LocationStep {
  return {
    name: 'pack',
    alone: true,
    due: (now) => {
      const quiet = new Date(now.getTime() - gatherMilliseconds)
      const late = new Date(now.getTime() - 10 * gatherMilliseconds)
      // A location that may not be written to keeps its reservations until it may.
      return sql`SELECT u.location_id FROM (${unpackedLocations}) AS u JOIN locations p ON p.id = u.location_id
        LEFT JOIN LATERAL (SELECT min(o.created_at) AS oldest FROM outbox o
          WHERE o.topic = ${assetTopic} AND o.location_id = u.location_id) AS s ON true
        WHERE p.managed_by IS NULL AND p.token_state = 'valid' AND p.token_expires_at > ${now}
          AND ((s.oldest IS NULL AND u.last <= ${quiet})
            OR ((s.oldest IS NULL OR s.oldest > u.first) AND u.first <= ${late}))`
    },
    run: (turn) => pack(ports, turn),
  }
}

/** A grant to a person waits until Apple knows the person (U1). */
const unpackedRow = sql`l.operation_id IS NULL AND l.state <> 'held' AND ${canBeAskedFor}`

/**
 * Locations with reservations, with the moments of the first and the last. Hops from location to location through the
 * index, since millions may be reserved while this is asked every moment.
 */
const unpackedLocations = sql`
  WITH RECURSIVE hops AS (
    (SELECT l.location_id, l.since AS first FROM licenses l WHERE ${unpackedRow} ORDER BY l.location_id, l.since LIMIT 1)
    UNION ALL
    SELECT n.location_id, n.first FROM hops h CROSS JOIN LATERAL (
      SELECT l.location_id, l.since AS first FROM licenses l WHERE ${unpackedRow} AND l.location_id > h.location_id
      ORDER BY l.location_id, l.since LIMIT 1) AS n
  )
  SELECT h.location_id, h.first, (SELECT l.since FROM licenses l WHERE ${unpackedRow} AND l.location_id = h.location_id
    ORDER BY l.since DESC LIMIT 1) AS last FROM hops h`

async function pack(ports: PackPorts, turn: LocationTurn): Promise<void> {
  const connection = await ports.apple.connect(turn.lease.locationId, 'write', turn.signal)
  const { maxAssets, maxSerialNumbers, maxClientUserIds } = await connection.limits()
  for (const kind of ['disassociate', 'associate'] as const) {
    for (const holderKind of ['device', 'user'] as const) {
      const maxHolders = holderKind === 'device' ? maxSerialNumbers : maxClientUserIds
      const wave = { kind, holderKind, limits: { maxAssets, maxHolders } }
      while ((await packWave(ports, turn, wave)) > 0) turn.signal.throwIfAborted()
    }
  }
}

interface Wave {
  readonly kind: OperationRow['kind']
  readonly holderKind: 'device' | 'user'
  readonly limits: { readonly maxAssets: number; readonly maxHolders: number }
}

/** Packs the next holders in one transaction; gives how many operations that made. */
function packWave(ports: PackPorts, turn: LocationTurn, wave: Wave): Promise<number> {
  const { locationId } = turn.lease
  return inTransaction(ports.db, async (tx) => {
    await holdLease(tx, turn.lease)
    // A deletion that is called off takes back what was to be released: it is waited for before anything is read.
    await sql`SELECT FROM locations WHERE id = ${locationId} FOR KEY SHARE`.execute(tx)
    const requests = packRequests(await unpacked(tx, locationId, wave), wave.limits)
    const at = ports.clock.now()
    for (const { assets: assetIds, holders } of requests) {
      const id = ports.newId()
      const block = { locationId, assetIds, holderKind: wave.holderKind, holders }
      await insertOperation(tx, { ...block, id, kind: wave.kind, at })
      const marked = await markPacked(tx, { ...block, id, state: reservedState(wave.kind) })
      const tasks = assetIds.length * holders.length
      // Somebody else changed a license meanwhile; nothing of this wave is kept, and the next look packs anew.
      if (marked !== tasks)
        throw new Error(`Of ${tasks} licenses to be packed ${marked} were as they had been read`)
    }
    return requests.length
  })
}

const reservedState = (kind: OperationRow['kind']): 'granting' | 'releasing' =>
  kind === 'associate' ? 'granting' : 'releasing'

/** The next holders with what each of them misses, those with the same set together. */
async function unpacked(tx: Tx, locationId: number, wave: Wave): Promise<readonly HolderGroup[]> {
  const { rows } = await sql<HolderGroup>`
    SELECT assets, array_agg(holder ORDER BY holder) AS holders FROM (
      SELECT l.holder, array_agg(l.asset_id ORDER BY l.asset_id) AS assets FROM licenses l
      WHERE l.location_id = ${locationId} AND l.state = ${reservedState(wave.kind)}::license_state
        AND l.holder_kind = ${wave.holderKind}::holder_kind AND l.operation_id IS NULL AND ${canBeAskedFor}
      GROUP BY l.holder ORDER BY l.holder LIMIT ${holdersAtOnce}) AS next
    GROUP BY assets ORDER BY assets`.execute(tx)
  return rows
}

async function markPacked(
  tx: Tx,
  packed: {
    readonly id: string
    readonly locationId: number
    readonly assetIds: readonly number[]
    readonly holderKind: string
    readonly holders: readonly string[]
    readonly state: string
  },
): Promise<number> {
  const { numAffectedRows = 0n } = await sql`UPDATE licenses SET operation_id = ${packed.id}
    WHERE location_id = ${packed.locationId} AND asset_id = ANY(${[...packed.assetIds]}::int[])
      AND holder_kind = ${packed.holderKind}::holder_kind AND holder = ANY(${[...packed.holders]}::text[])
      AND state = ${packed.state}::license_state AND operation_id IS NULL`.execute(tx)
  return Number(numAffectedRows)
}
