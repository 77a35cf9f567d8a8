import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { systemClock } from '../../src/platform/clock.ts'
import { inTransaction } from '../../src/platform/db/transaction.ts'
import { holdLease, LeaseLost, releaseLeases, renewLeases } from '../../src/platform/leases.ts'
import { holdBack, sharedLimiter } from '../../src/platform/request-slots.ts'
import { addLocation } from '../support/license-scene.ts'
import { createTestDatabase } from '../support/test-database.ts'

const expire = sql`UPDATE server_processes SET alive_until = now() - interval '1 second'`

describe('one writer per location', () => {
  test('the first process takes every location, the second gets none', async () => {
    await using database = await createTestDatabase()
    const db = database.kysely
    await addLocation(db)
    await addLocation(db)
    expect(await renewLeases(db, randomUUID())).toHaveLength(2)
    expect(await renewLeases(db, randomUUID())).toEqual([])
  })

  test('renewing keeps the epoch; taking over from a dead process raises it, and the dead one’s work is refused', async () => {
    await using database = await createTestDatabase()
    const db = database.kysely
    await addLocation(db)
    const [first] = await renewLeases(db, randomUUID())
    if (first === undefined) throw new Error('No lease')
    expect(await renewLeases(db, first.owner)).toEqual([first])
    await inTransaction(db, (tx) => holdLease(tx, first))
    await expire.execute(db)
    await expect(inTransaction(db, (tx) => holdLease(tx, first))).rejects.toThrow(LeaseLost)
    const [second] = await renewLeases(db, randomUUID())
    expect(second?.epoch).toBe(first.epoch + 1)
    await expect(inTransaction(db, (tx) => holdLease(tx, first))).rejects.toThrow(LeaseLost)
    expect(await renewLeases(db, first.owner)).toEqual([])
  })

  test('a process that stops hands its locations over at once', async () => {
    await using database = await createTestDatabase()
    const db = database.kysely
    await addLocation(db)
    const owner = randomUUID()
    await renewLeases(db, owner)
    await releaseLeases(db, owner)
    expect(await renewLeases(db, randomUUID())).toHaveLength(1)
  })

  test('a long transaction that holds the lease does not hold up its renewal', async () => {
    await using database = await createTestDatabase()
    const db = database.kysely
    await addLocation(db)
    const [lease] = await renewLeases(db, randomUUID())
    if (lease === undefined) throw new Error('No lease')
    await inTransaction(db, async (tx) => {
      await holdLease(tx, lease)
      expect(await renewLeases(db, lease.owner)).toEqual([lease])
    })
  })
})

describe('Apple’s pace, shared by all processes', () => {
  test('any two processes together take at most 15 slots within a second', async () => {
    await using database = await createTestDatabase()
    const waits: number[] = []
    const clock = { ...systemClock, sleep: async (ms: number) => void waits.push(ms) }
    const limiter = () => sharedLimiter({ db: database.kysely, clock, uid: '300', perSecond: async () => 15 })
    const [one, two] = [limiter(), limiter()]
    for (let i = 0; i < 15; i++) await Promise.all([one.take(), two.take()])
    // 30 slots at just under 15 a second: the last one lies about two seconds ahead, less what the queries took.
    expect(waits.length).toBeGreaterThanOrEqual(25)
    expect(Math.max(...waits)).toBeGreaterThan(1000)
    const { rows } = await sql<{
      ahead: number
    }>`SELECT 1000 * extract(epoch FROM next_at - clock_timestamp())::float AS ahead
      FROM request_slots`.execute(database.kysely)
    expect(rows[0]?.ahead).toBeLessThanOrEqual((30 / 15 / 0.93) * 1000)
  })

  test('when Apple asks one request to wait, the next ones of the location wait in every process', async () => {
    await using database = await createTestDatabase()
    const db = database.kysely
    const waits: number[] = []
    const clock = { ...systemClock, sleep: async (ms: number) => void waits.push(ms) }
    const limiter = (uid: string) => sharedLimiter({ db, clock, uid, perSecond: async () => 15 })
    await holdBack(db, '300', 30_000)
    await holdBack(db, '300', 5000)
    await limiter('300').take()
    await limiter('301').take()
    expect(waits).toHaveLength(1)
    expect(waits[0]).toBeGreaterThan(25_000)
    expect(waits[0]).toBeLessThanOrEqual(30_000)
  })

  test('locations do not wait for each other', async () => {
    await using database = await createTestDatabase()
    const waits: number[] = []
    const clock = { ...systemClock, sleep: async (ms: number) => void waits.push(ms) }
    for (const uid of ['1', '2', '3', '4']) {
      await sharedLimiter({ db: database.kysely, clock, uid, perSecond: async () => 15 }).take()
    }
    expect(waits).toEqual([])
  })
})
