import { expect, test } from 'vitest'
import { caller, scene, serials } from './support/scene.ts'

const APP = '900001'
const BOOK = '900009'
const assets = [{ adamId: APP }]
const write = (...serialNumbers: string[]) => ({ assets, serialNumbers })

test('Q01 the status that comes with 9622 is 200 or 401', async () => {
  for (const invalidTokenStatus of [200, 401] as const) {
    await using at = await scene({ invalidTokenStatus })
    const { status, body } = await caller(at.apple, 'unknown').get('/assets')
    expect([status, body.errorNumber]).toEqual([invalidTokenStatus, 9622])
  }
})

test('Q02 a missing header is 9601 or 9722, a write with a read-only token 403/9602 or what the knob says', async () => {
  for (const [knobs, missing, refused] of [
    [{}, 9601, [403, 9602]],
    [{ missingHeaderNumber: 9722, readOnly: { status: 401, errorNumber: 9601 } }, 9722, [401, 9601]],
  ] as const) {
    await using at = await scene(knobs)
    expect((await caller(at.apple, undefined).get('/assets')).body.errorNumber).toBe(missing)
    const reader = caller(at.apple, at.location.mintToken({ role: 'read' }).file)
    const { status, body } = await reader.post('/assets/associate', write('D1'))
    expect([status, body.errorNumber]).toEqual(refused)
  }
})

test('Q03 what was taken back is absent from a delta, a record like any other, or marked', async () => {
  const removed = { adamId: APP, pricingParam: 'STDQ', serialNumber: 'D1' }
  const given = { adamId: APP, pricingParam: 'STDQ', serialNumber: 'D4' }
  for (const [removalsInDelta, records] of [
    ['absent', [given]],
    ['plain', [given, removed]],
    ['marked', [given, { ...removed, deleted: true }]],
  ] as const) {
    await using at = await scene({ removalsInDelta })
    at.location.own({ adamId: APP, total: 10 })
    at.location.assignOutside(APP, { serialNumbers: serials(3) })
    const { versionId } = (await at.get('/assignments')).body
    await at.carryOut('/assets/disassociate', write('D1', 'D2'))
    await at.carryOut('/assets/associate', write('D4'))
    // A pair that came back is not removed.
    await at.carryOut('/assets/associate', write('D2'))
    const delta = async (query = '') =>
      (await at.get(`/assignments?sinceVersionId=${versionId}${query}`)).body
    const back = { ...given, serialNumber: 'D2' }
    expect((await delta()).assignments).toEqual([given, back, ...records.slice(1)])
    expect((await delta(`&adamId=${BOOK}`)).assignments).toEqual([])
    expect((await delta('&serialNumber=D1')).assignments).toEqual(records.slice(1))
    expect((await at.get('/assignments')).body.size).toBe(3)
    const { versionId: later } = await delta()
    const none = await at.get(`/assignments?sinceVersionId=${later}`)
    expect(none.body.size).toBe(0)
  }
})

test('Q03 removals in a delta survive a retired user, and fill pages', async () => {
  await using at = await scene({ removalsInDelta: 'marked', pageSize: 2 })
  at.location.own({ adamId: APP, total: 10 })
  at.location.addUser({ clientUserId: 'u1' })
  at.location.assignOutside(APP, { serialNumbers: serials(2), clientUserIds: ['u1'] })
  const { versionId } = (await at.get('/assignments')).body
  at.location.retireUser('u1')
  at.location.releaseOutside(APP, { serialNumbers: serials(2) })
  const page = async (index: number) =>
    (await at.get(`/assignments?sinceVersionId=${versionId}&pageIndex=${index}`)).body
  expect((await page(0)).assignments.map((each) => each.clientUserId ?? each.serialNumber)).toEqual([
    'u1',
    'D1',
  ])
  expect(await page(1)).toMatchObject({ size: 1, totalPages: 2, assignments: [{ serialNumber: 'D2' }] })
})

test('Q04 a versionId lives as long as the knob, and filters of a delta apply or are ignored', async () => {
  for (const [filtersInDelta, size] of [
    ['apply', 1],
    ['ignore', 2],
  ] as const) {
    await using at = await scene({ filtersInDelta, versionRetentionMs: 60_000 })
    at.location.own({ adamId: APP, total: 10 })
    at.location.addUser({ clientUserId: 'before' })
    const { versionId } = (await at.get('/assignments')).body
    const { versionId: ofUsers } = (await at.get('/users')).body
    at.location.assignOutside(APP, { serialNumbers: serials(2) })
    for (const clientUserId of ['u1', 'u2']) at.location.addUser({ clientUserId })
    const delta = `/assignments?serialNumber=D1&sinceVersionId=${versionId}`
    expect((await at.get(delta)).body.size).toBe(size)
    expect((await at.get(`/users?clientUserId=u1&sinceVersionId=${ofUsers}`)).body.size).toBe(size)
    at.clock.advance(60_001)
    expect((await at.get(delta)).body.errorNumber).toBe(9721)
  }
})

test('Q10 a finished event can be asked for as long as the knob says', async () => {
  for (const eventRetentionMs of [60_000, 7 * 24 * 3_600_000]) {
    await using at = await scene({ eventRetentionMs })
    at.location.own({ adamId: APP, total: 10 })
    const { eventId } = (await at.post('/assets/associate', write('D1'))).body
    await at.world.settle()
    const status = async () => (await at.get(`/status?eventId=${eventId}`)).body
    at.clock.advance(eventRetentionMs)
    expect((await status()).eventStatus).toBe('COMPLETE')
    at.clock.advance(1)
    expect((await status()).errorNumber).toBe(9708)
  }
})

test('Q11 an empty set has 1 page or 0, and an empty list or none', async () => {
  for (const [knobs, totalPages, hasList] of [
    [{}, 1, true],
    [{ totalPagesWhenEmpty: 0, emptyListKey: 'absent' }, 0, false],
  ] as const) {
    await using at = await scene(knobs)
    for (const [path, list] of [
      ['/assets', 'assets'],
      ['/assets?unlimited=true', 'unlimitedAssets'],
      ['/assignments', 'assignments'],
      ['/users', 'users'],
    ] as const) {
      const { body } = await at.get(path)
      expect([path, body.totalPages, body.size, list in body]).toEqual([path, totalPages, 0, hasList])
    }
    expect('subscriptions' in (await at.get('/subscriptions')).body).toBe(hasList)
  }
})

test('Q12 retiredCount counts the books of retired users, or nothing; the sum is right both ways', async () => {
  for (const [retiredCount, retired, assigned] of [
    ['books-of-retired-users', 1, 0],
    ['zero', 0, 1],
  ] as const) {
    await using at = await scene({ retiredCount })
    at.location.own({ adamId: BOOK, total: 5, productType: 'Book' })
    at.location.addUser({ clientUserId: 'u1' })
    at.location.assignOutside(BOOK, { clientUserIds: ['u1'] })
    at.location.retireUser('u1')
    expect((await at.get('/assets')).body.assets).toMatchObject([
      { assignedCount: assigned, retiredCount: retired, availableCount: 4, totalCount: 5 },
    ])
    expect((await at.get('/assets?minAssignedCount=1')).body.size).toBe(assigned)
  }
})

test('Q13 an unlimited asset shows what is left of the largest number as available, all of it, or nothing', async () => {
  for (const [unlimitedAvailable, available] of [
    ['total-minus-assigned', 2_147_483_645],
    ['total', 2_147_483_647],
    ['zero', 0],
  ] as const) {
    await using at = await scene({ unlimitedAvailable })
    at.location.own({ adamId: APP, unlimited: true })
    at.location.assignOutside(APP, { serialNumbers: serials(2) })
    expect((await at.get('/assets')).body.assets).toMatchObject([
      { assignedCount: 2, availableCount: available, totalCount: 2_147_483_647 },
    ])
  }
})

test('Q18 tokenExpirationDate comes always, or only in the last 15 days', async () => {
  for (const tokenExpirationDate of ['always', 'within15d'] as const) {
    await using at = await scene({ tokenExpirationDate })
    const isThere = async () => 'tokenExpirationDate' in (await at.get('/users')).body
    expect(await isThere()).toBe(tokenExpirationDate === 'always')
    at.clock.advance(350 * 24 * 3_600_000)
    expect(await isThere()).toBe(true)
  }
})
