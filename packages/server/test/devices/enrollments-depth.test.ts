import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  type EnrollmentFilter,
  type EnrollmentPage,
  enrollmentsQuery,
} from '../../src/devices/list-enrollments.ts'
import { rowsRead } from '../support/rows-read.ts'
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts'

/**
 * Enough that reading all of them would show. Every device enrolled twice, so that half of all left; one in a thousand
 * has begun and not completed; each that is there has its certificate and a command that waits.
 */
const deviceCount = 10_000
const limit = 50
/** Beside the row itself: its device, its certificate, and the command that waits for it. */
const readPerRow = 4

let database: TestDatabase

beforeAll(async () => {
  database = await createTestDatabase()
  const db = database.kysely
  await sql`INSERT INTO devices (serial_number, name, ownership, created_at, updated_at)
    SELECT 'C' || lpad((i * 7919 % ${deviceCount}::int)::text, 9, '0'), 'iPad ' || i, 'corporate', now(), now()
    FROM generate_series(1, ${deviceCount}::int) AS i`.execute(db)
  await sql`INSERT INTO enrollments (channel, identifier, kind, device_id, ownership, state, authenticated_at,
      enrolled_at, left_at, left_cause, last_seen_at)
    SELECT 'mdm', 'U' || serial_number, 'device', id, 'corporate', 'left', now(), now(), now(), 'enrolled_again', now()
    FROM devices ORDER BY id`.execute(db)
  await sql`INSERT INTO enrollments (channel, identifier, kind, device_id, ownership, state, authenticated_at,
      enrolled_at, last_seen_at)
    SELECT 'mdm', 'U' || serial_number, 'device', id, 'corporate',
      CASE id % 1000 WHEN 0 THEN 'authenticated' ELSE 'enrolled' END, now(), now(), now()
    FROM devices ORDER BY id`.execute(db)
  await sql`WITH pending AS (
      INSERT INTO pending_enrollments (id, enrollment_id, ownership, challenge_hash, created_at, expires_at)
      SELECT gen_random_uuid(), id, ownership, sha256(id::text::bytea), now(), now()
      FROM enrollments WHERE state <> 'left' RETURNING id, enrollment_id)
    INSERT INTO identity_certificates (serial_number, fingerprint, pending_id, enrollment_id, state, not_before,
      not_after, issued_at)
    SELECT to_hex(enrollment_id), sha256(enrollment_id::text::bytea), id, enrollment_id, 'pinned', now(), now(), now()
    FROM pending`.execute(db)
  await sql`INSERT INTO commands (enrollment_id, id, request_type, purpose, payload, state, queued_at)
    SELECT id, gen_random_uuid(), 'DeviceInformation', 'device_facts', '', 'queued', now()
    FROM enrollments WHERE state <> 'left'`.execute(db)
  await sql`ANALYZE`.execute(db)
}, 600_000)

afterAll(async () => {
  await database?.[Symbol.asyncDispose]()
})

const read = (filter: EnrollmentFilter, after: EnrollmentPage['after']) =>
  rowsRead(database.kysely, enrollmentsQuery(filter, { limit, after }))

/** The state that is asked for, the beginning of the serial number, and a page in the middle. */
const lists: [what: string, EnrollmentFilter, EnrollmentPage['after']][] = [
  ['all', { serialNumber: '' }, [deviceCount]],
  ['under management', { serialNumber: '', state: 'enrolled' }, [deviceCount + deviceCount / 2]],
  ['left', { serialNumber: '', state: 'left' }, [deviceCount / 2]],
  ['not completed, of which there are few', { serialNumber: '', state: 'authenticated' }, [deviceCount]],
]
for (const [what, filter, after] of lists) {
  test(`D1 a page of enrollments (${what}) reads its own rows alone, first or in the middle`, async () => {
    // A few more are read of those that begin the next page.
    const most = readPerRow * (limit + 5)
    expect(await read(filter, null)).toBeLessThanOrEqual(most)
    expect(await read(filter, after)).toBeLessThanOrEqual(most)
  })
}

const middle = `C${String(deviceCount / 2).padStart(9, '0')}`
const searches: [what: string, EnrollmentFilter][] = [
  ['that fits every device', { serialNumber: 'C' }],
  ['that fits every device, of those that left', { serialNumber: 'C', state: 'left' }],
  ['that fits every device, of those not completed', { serialNumber: 'C', state: 'authenticated' }],
  ['that fits one device', { serialNumber: middle }],
  ['that fits no device', { serialNumber: 'X' }],
]
for (const [what, filter] of searches) {
  test(`D1 a page of a search ${what} reads about its own rows`, async () => {
    // The other enrollment of each device is passed over.
    const most = 2 * readPerRow * limit
    expect(await read(filter, null)).toBeLessThanOrEqual(most)
    expect(await read(filter, [deviceCount * 2, middle])).toBeLessThanOrEqual(most)
  })
}
