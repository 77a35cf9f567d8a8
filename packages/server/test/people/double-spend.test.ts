/** Licenses of which one would do (L14), on a real PostgreSQL. */
import { adviceOn, type DoubleSpendKind } from '@apportion/core/people/double-spend'
import { sql } from 'kysely'
import { afterAll, beforeEach, expect, test } from 'vitest'
import {
  countPairs,
  type PairKey,
  type PairRow,
  pageOfPairs,
  pairKey,
} from '../../src/people/double-spend.ts'
import { addAsset, addLocation } from '../support/license-scene.ts'
import { createTestDatabase } from '../support/test-database.ts'

const database = await createTestDatabase()
const db = database.kysely
afterAll(() => database[Symbol.asyncDispose]())

let [utrecht, delft] = [0, 0]
let [here, there, other] = [0, 0, 0]

/** Two locations that own the same title, one of which owns another as well. */
beforeEach(async () => {
  await sql`TRUNCATE locations, devices, users, licenses CASCADE`.execute(db)
  utrecht = await addLocation(db)
  delft = await addLocation(db)
  here = await addAsset(db, { locationId: utrecht, total: 100 })
  there = await addAsset(db, { locationId: delft, total: 100 })
  other = await addAsset(db, { locationId: utrecht, total: 100 })
  await sql`UPDATE assets SET adam_id = '1' WHERE id IN (${here}, ${there})`.execute(db)
})

async function addPerson(userName: string, email: string | null = null): Promise<string> {
  const { rows } = await sql<{ id: string }>`INSERT INTO users (user_name, email, created_at, updated_at)
    VALUES (${userName}, ${email}, now(), now()) RETURNING client_user_id::text AS id`.execute(db)
  return rows[0]?.id ?? ''
}

const addDevice = (serialNumber: string, userName: string | null) =>
  sql`INSERT INTO devices (serial_number, user_id, created_at, updated_at)
    VALUES (${serialNumber}, (SELECT id FROM users WHERE user_name = ${userName}), now(), now())`.execute(db)

interface Giving {
  readonly asset: number
  readonly kind: 'device' | 'user'
  readonly holder: string
  readonly ours?: boolean
  readonly state?: 'held' | 'releasing'
}

const give = ({ asset, kind, holder, ours = true, state = 'held' }: Giving) =>
  sql`INSERT INTO licenses (location_id, asset_id, holder_kind, holder, state, ours, since)
    SELECT location_id, id, ${kind}::holder_kind, ${holder}, ${state}::license_state, ${ours}, now() FROM assets
    WHERE id = ${asset}`.execute(db)

const wantOnDevice = (asset: number, serialNumber: string) =>
  sql`INSERT INTO targets (location_id, asset_id, device_id, intent, assignment_id, entered_at)
    SELECT a.location_id, a.id, d.id, 'required', 0, now() FROM assets a, devices d
    WHERE a.id = ${asset} AND d.serial_number = ${serialNumber}`.execute(db)

const knowAtApple = (location: number, id: string, hash: string, email: string | null = null) =>
  sql`INSERT INTO apple_users (location_id, client_user_id, status, email, id_hash, seen_at, registered_at)
    VALUES (${location}, ${id}, 'Associated', ${email}, ${hash}, now(), now())`.execute(db)

const found = (kind: DoubleSpendKind, locationId: number | null = null) =>
  pageOfPairs(db, { kind, locationId, after: null, limit: 100 })

const advice = (kind: DoubleSpendKind, [pair]: readonly PairRow[]) =>
  pair === undefined ? undefined : adviceOn(kind, pair)

test('a device that holds a license of its own while its user holds one, at whatever location', async () => {
  const id = await addPerson('mei')
  await addDevice('DEV1', 'mei')
  await addDevice('DEV2', 'mei')
  await addDevice('DEV3', null)
  for (const holder of ['DEV1', 'DEV3']) await give({ asset: here, kind: 'device', holder })
  await give({ asset: other, kind: 'device', holder: 'DEV2' })
  await give({ asset: there, kind: 'user', holder: id })
  const pairs = await found('device_and_user')
  expect(pairs).toMatchObject([
    {
      adam_id: '1',
      user_name: 'mei',
      first: { holder: 'DEV1', asset_id: here, holder_kind: 'device' },
      second: { holder: id, asset_id: there, holder_kind: 'user', holder_name: 'mei' },
    },
  ])
  expect(advice('device_and_user', pairs)).toBe('free_second')
  expect(await countPairs(db, { kind: 'device_and_user', locationId: delft })).toEqual({
    found: 1,
    inMigration: 0,
  })
})

test('a user’s license that will be freed since the device has its own by now is in migration, and then gone', async () => {
  const id = await addPerson('mei')
  await addDevice('DEV1', 'mei')
  await give({ asset: here, kind: 'device', holder: 'DEV1' })
  await give({ asset: here, kind: 'user', holder: id })
  await wantOnDevice(here, 'DEV1')
  expect(advice('device_and_user', await found('device_and_user'))).toBe('in_migration')
  expect(await countPairs(db, { kind: 'device_and_user', locationId: null })).toEqual({
    found: 1,
    inMigration: 1,
  })
  await sql`UPDATE licenses SET state = 'releasing' WHERE holder_kind = 'user'`.execute(db)
  expect(await found('device_and_user')).toEqual([])
})

test('one person with two Apple Accounts, told by an address that is hers alone', async () => {
  const [mei, noor] = [await addPerson('mei', 'Mei@x.example'), await addPerson('noor', 'desk@x.example')]
  await addPerson('cas', 'desk@x.example')
  await knowAtApple(utrecht, mei, 'hash-managed')
  await knowAtApple(utrecht, 'former-mei', 'hash-personal', 'mei@X.example')
  // An address that two persons share tells nothing of either.
  await knowAtApple(utrecht, noor, 'hash-noor')
  await knowAtApple(utrecht, 'desk', 'hash-desk', 'desk@x.example')
  for (const holder of [mei, 'former-mei', noor, 'desk']) await give({ asset: here, kind: 'user', holder })
  const pairs = await found('two_accounts')
  expect(
    pairs.map(({ first, second }) => [first.holder, second.holder].toSorted((a, b) => (a < b ? -1 : 1))),
  ).toEqual([[mei, 'former-mei'].toSorted((a, b) => (a < b ? -1 : 1))])
  expect(pairs).toMatchObject([{ user_name: 'mei' }])
})

test('the same account at two registrations is one account', async () => {
  const mei = await addPerson('mei', 'mei@x.example')
  await knowAtApple(utrecht, mei, 'hash')
  await knowAtApple(delft, 'former-mei', 'hash', 'mei@x.example')
  await give({ asset: here, kind: 'user', holder: mei })
  await give({ asset: there, kind: 'user', holder: 'former-mei' })
  expect(await found('two_accounts')).toEqual([])
})

test('one device with licenses of one title from two locations, narrowed to one of them', async () => {
  await addDevice('DEV1', null)
  await give({ asset: here, kind: 'device', holder: 'DEV1' })
  await give({ asset: there, kind: 'device', holder: 'DEV1', ours: false })
  await give({ asset: other, kind: 'device', holder: 'DEV1' })
  await wantOnDevice(here, 'DEV1')
  const pairs = await found('two_locations', delft)
  expect(pairs).toMatchObject([
    { first: { asset_id: here, wanted: true }, second: { asset_id: there, ours: false } },
  ])
  expect(advice('two_locations', pairs)).toBe('free_second')
  expect(await found('two_locations', await addLocation(db))).toEqual([])
})

test('pages hold every pair once', async () => {
  const serials = Array.from({ length: 7 }, (_, i) => `DEV${i}`)
  for (const holder of serials) {
    await give({ asset: here, kind: 'device', holder })
    await give({ asset: there, kind: 'device', holder })
  }
  const seen: string[] = []
  let after: PairKey | null = null
  for (;;) {
    const page: readonly PairRow[] = await pageOfPairs(db, {
      kind: 'two_locations',
      locationId: null,
      after,
      limit: 3,
    })
    const last = page.at(-1)
    if (last === undefined) break
    seen.push(...page.map(({ first }) => first.holder))
    after = pairKey(last)
  }
  expect(seen).toEqual(serials)
})
