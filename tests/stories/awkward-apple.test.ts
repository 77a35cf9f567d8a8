/** What Apple may do in the middle of the work: lower its limits, refuse one of many, be late, forget who may ask. */
import { unwrap } from '@apportion/api-client/client'
import { manualClock } from '@apportion/apple-sim/clock'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { expectSameBooks } from '../support/books.ts'
import { type Story, startStory } from '../support/story.ts'

const uId = '300'

/** A story with a location that owns two apps, and a group of devices. */
async function startAwkward(devices: number, options: Parameters<typeof startStory>[0] = {}) {
  const story = await startStory({ ...options, apple: { clock: manualClock(Date.now()), ...options.apple } })
  const location = story.apple.world.addLocation({ uId, name: 'Utrecht', organizationName: 'Meridian' })
  for (const adamId of ['900001', '900002']) location.own({ adamId, total: 100 })
  const token = location.mintToken()
  const tokenId = await story.admin.addToken(token.file)
  const serials = Array.from({ length: devices }, (_, i) => `DEV${String(i).padStart(3, '0')}`)
  await story.admin.importCsv('groups', 'name,kind\nPupils,device\n')
  const rows = serials.map((serial) => `${serial},Pupils`)
  await story.admin.importCsv('devices', ['serial_number,groups', ...rows].join('\n'))
  await story.settle()
  return { story, location, token, tokenId, serials }
}

const required = [{ group: 'Pupils', intent: 'required' }] as const
const uninstall = [{ group: 'Pupils', intent: 'uninstall' }] as const

const holdersAtApple = (story: Story, adamId: string) =>
  [...story.apple.world.location(uId).assignments(adamId)].map((each) => each.serialNumber ?? '').toSorted()

test('limits that Apple lowers after requests were packed are met by packing anew, without a pause of hours', async () => {
  const { story, serials } = await startAwkward(20)
  await using _ = story
  const { world } = story.apple
  await story.admin.assign('900001', required)
  // Reserved and packed within the limits of before; the first answer tells of the new ones.
  world.setKnobs({ limits: { maxSerialNumbers: 6 } })
  world.forgetRequests()
  await story.settle()
  expect(holdersAtApple(story, '900001')).toEqual(serials)
  expect(world.requests.filter((each) => each.errorNumber === 9702).length).toBeLessThanOrEqual(1)
  await expectSameBooks(story.apple, story.admin, { uId, adamIds: ['900001'] })
})

test('an app that no longer goes to devices does not hold up the others of the same request', async () => {
  const { story, location, tokenId, serials } = await startAwkward(5)
  await using _ = story
  location.own({ adamId: '900003', total: 10, deviceAssignable: false })
  await story.admin.sync(tokenId)
  await story.settle()
  // As if it went to devices when it was last synced.
  await sql`UPDATE assets SET device_assignable = true WHERE adam_id = '900003'`.execute(
    story.database.kysely,
  )
  story.apple.world.forgetRequests()
  await story.admin.assign('900003', required)
  await story.admin.assign('900001', required)
  await story.settle()
  expect(story.apple.world.requests.filter((each) => each.errorNumber === 9707).length).toBe(1)
  expect(holdersAtApple(story, '900001')).toEqual(serials)
  const refused = (await story.admin.holders('900003')).map((each) => [
    each.id,
    each.state,
    each.why.errorNumber,
  ])
  expect(refused).toEqual(serials.map((serial) => [serial, 'refused', 9707]))
})

test('a license that Apple gives long after we gave it up is ours, and comes back when nobody needs it', async () => {
  const { story, serials } = await startAwkward(3, {
    // Slower than the ten minutes after which an event counts as lost.
    apple: { clock: manualClock(Date.now()), knobs: { processing: { minMs: 1_500_000, maxMs: 1_500_000 } } },
  })
  await using _ = story
  await story.admin.assign('900001', required)
  await story.pass({ seconds: 5 })
  for (let minutes = 0; minutes < 13; minutes++) await story.pass({ minutes: 1 })
  await story.admin.assign('900001', uninstall)
  story.apple.world.setKnobs({ processing: { minMs: 1000, maxMs: 1000 } })
  for (let minutes = 0; minutes < 20; minutes++) await story.pass({ minutes: 1 })
  await story.settle()
  expect(serials.length).toBe(3)
  expect(holdersAtApple(story, '900001')).toEqual([])
  await expectSameBooks(story.apple, story.admin, { uId, adamIds: ['900001'] })
})

test('a device that leaves while its license is on its way gives it back, without waiting for a sync', async () => {
  const { story, serials } = await startAwkward(4)
  await using _ = story
  await story.admin.assign('900001', required)
  const sent = () => story.apple.world.countRequests({ path: '/assets/associate' })
  for (let pass = 0; pass < 10 && sent() === 0; pass++) await story.pass({ seconds: 1 })
  expect((await story.admin.asset('900001')).counts.granting).toBe(4)
  const path = { id: await story.admin.groupId('Pupils') }
  const body = { add: [], remove: ['DEV002'] }
  unwrap(await story.admin.api.POST('/api/v1/groups/{id}/members', { params: { path }, body }))
  await story.settle()
  expect(holdersAtApple(story, '900001')).toEqual(serials.filter((serial) => serial !== 'DEV002'))
})

test('licenses that others took first: the rest wait in their order, and a sync finds who has them', async () => {
  const { story, location, tokenId } = await startAwkward(6, { notifications: false })
  await using _ = story
  location.own({ adamId: '900004', total: 4 })
  await story.admin.sync(tokenId)
  await story.settle()
  location.assignOutside('900004', { serialNumbers: ['OTHER1', 'OTHER2', 'OTHER3'] })
  await story.admin.assign('900004', required)
  await story.settle()
  expect(holdersAtApple(story, '900004')).toEqual(['DEV000', 'OTHER1', 'OTHER2', 'OTHER3'])
  expect((await story.admin.asset('900004')).counts).toMatchObject({
    heldOutside: 3,
    waiting: 5,
    available: 0,
  })
  await story.pass({ minutes: 1 })
  location.releaseOutside('900004', { serialNumbers: ['OTHER1', 'OTHER3'] })
  await story.admin.sync(tokenId)
  await story.settle()
  expect(holdersAtApple(story, '900004')).toEqual(['DEV000', 'DEV001', 'DEV002', 'OTHER2'])
})

test('a revoked token stops the sending at its first refusal, and a new one goes on with what was open', async () => {
  const { story, location, token, tokenId, serials } = await startAwkward(30, {
    apple: { clock: manualClock(Date.now()), knobs: { limits: { maxSerialNumbers: 3 } } },
  })
  await using _ = story
  const { world } = story.apple
  await story.admin.assign('900001', required)
  token.revoke()
  world.forgetRequests()
  for (let step = 0; step < 5; step++) await story.pass({ seconds: 10 })
  expect(world.countRequests({ path: '/assets/associate' })).toBeLessThanOrEqual(1)
  const path = { id: tokenId }
  const body = { content: location.mintToken().file }
  unwrap(await story.admin.api.PUT('/api/v1/tokens/{id}/content', { params: { path }, body }))
  await story.settle()
  expect(holdersAtApple(story, '900001')).toEqual(serials)
})

test('notifications of purchases while the token cannot be used hold nothing up and are made good by the renewal', async () => {
  const { story, location, token, tokenId } = await startAwkward(3)
  await using _ = story
  token.revoke()
  await story.admin.sync(tokenId)
  await story.settle()
  location.buy('900001', 5)
  await story.pass({ seconds: 1 })
  expect(story.logged.filter((line) => line.includes('a step failed'))).toEqual([])
  const path = { id: tokenId }
  const body = { content: location.mintToken().file }
  unwrap(await story.admin.api.PUT('/api/v1/tokens/{id}/content', { params: { path }, body }))
  await story.settle()
  expect((await story.admin.asset('900001')).counts.total).toBe(105)
})

test('another service that takes the location over stops the sending within one answer, until it is claimed again', async () => {
  const { story, location, tokenId, serials } = await startAwkward(30, {
    apple: { clock: manualClock(Date.now()), knobs: { limits: { maxSerialNumbers: 3 }, latencyMs: 100 } },
  })
  await using _ = story
  const { world } = story.apple
  const sent = () => world.countRequests({ path: '/assets/associate' })
  await story.admin.assign('900001', required)
  story.apple.clock.advance(2000)
  for (let wait = 0; wait < 200 && sent() < 2; wait++) await new Promise((resolve) => setTimeout(resolve, 20))
  location.takeOver({ id: '0f0e0d0c-0000-4000-8000-000000000001', name: 'Other MDM', metadata: '' })
  const before = sent()
  for (let step = 0; step < 5; step++) await story.pass({ seconds: 10 })
  // One may have been on its way, and one learns of the takeover.
  expect(sent() - before).toBeLessThanOrEqual(2)
  expect(before).toBeLessThan(9)
  const claim = { params: { path: { id: tokenId } }, body: { takeOver: true as const } }
  unwrap(await story.admin.api.POST('/api/v1/tokens/{id}/claim', claim))
  await story.settle()
  expect(holdersAtApple(story, '900001')).toEqual(serials)
  await expectSameBooks(story.apple, story.admin, { uId, adamIds: ['900001'] })
})

test('a token that expires with operations open asks nothing of Apple, and its renewal goes on with them', async () => {
  const { story, location, tokenId, serials } = await startAwkward(3, { notifications: false })
  await using _ = story
  const { world, clock } = story.apple
  world.setKnobs({ processing: { minMs: 60_000, maxMs: 60_000 } })
  await story.admin.assign('900001', required)
  for (let step = 0; step < 4; step++) await story.pass({ seconds: 1 })
  expect((await story.admin.asset('900001')).counts.granting).toBe(3)
  await sql`UPDATE locations SET token_expires_at = ${new Date(clock.now() + 30_000)}`.execute(
    story.database.kysely,
  )
  clock.advance(40_000)
  world.forgetRequests()
  for (let step = 0; step < 5; step++) await story.pass({ minutes: 3 })
  expect(world.countRequests({})).toBe(0)
  expect(story.logged.filter((line) => line.includes('a step'))).toEqual([])
  const body = { content: location.mintToken().file }
  unwrap(
    await story.admin.api.PUT('/api/v1/tokens/{id}/content', { params: { path: { id: tokenId } }, body }),
  )
  await story.settle()
  expect(holdersAtApple(story, '900001')).toEqual(serials)
  await expectSameBooks(story.apple, story.admin, { uId, adamIds: ['900001'] })
})

test('a plan is not saved over assignments that somebody else saved since, even if no license would change', async () => {
  const { story } = await startAwkward(3)
  await using _ = story
  await story.admin.importCsv('groups', 'name,kind\nNobody yet,device\n')
  const mine = await story.admin.plan('900001', required)
  await story.admin.assign('900001', [{ group: 'Nobody yet', intent: 'required' }])
  await story.settle()
  await expect(story.admin.apply(mine.id)).rejects.toMatchObject({ code: 'plan.world_moved' })
})
