/**
 * What keeps our picture of a location right (S2, S3): notifications where they arrive, a sweep every few minutes, a
 * comparison of everything once a week. Here notifications are lost, so that the sweeps have to find everything.
 */
import { unwrap } from '@apportion/api-client/client'
import { manualClock } from '@apportion/apple-sim/clock'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { expectSameBooks } from '../support/books.ts'
import { type Story, startStory } from '../support/story.ts'

const uId = '300'
const adamIds = ['900001', '900002']
const lost = { notifications: { loss: 1 } }

async function startSynced(options: { knobs?: object; licenses?: number } = {}) {
  const { knobs = lost, licenses = 6 } = options
  const story = await startStory({ apple: { clock: manualClock(Date.now()), knobs } })
  const location = story.apple.world.addLocation({ uId, name: 'Utrecht', organizationName: 'Meridian' })
  for (const adamId of adamIds) location.own({ adamId, total: 1000 })
  const serials = Array.from({ length: licenses }, (_, i) => `DEV${String(i).padStart(3, '0')}`)
  location.assignOutside('900001', { serialNumbers: serials })
  const tokenId = await story.admin.addToken(location.mintToken().file)
  await story.settle()
  await story.pass({ minutes: 6 })
  return { story, location, tokenId, serials }
}

const syncs = async (story: Story, tokenId: number) =>
  unwrap(await story.admin.api.GET('/api/v1/tokens/{id}/syncs', { params: { path: { id: tokenId } } })).items

const findings = async (story: Story, syncId: string) =>
  unwrap(await story.admin.api.GET('/api/v1/syncs/{id}/findings', { params: { path: { id: syncId } } })).items

const token = async (story: Story, tokenId: number) =>
  unwrap(await story.admin.api.GET('/api/v1/tokens/{id}', { params: { path: { id: tokenId } } }))

const askForEverything = async (story: Story, tokenId: number) =>
  unwrap(
    await story.admin.api.POST('/api/v1/tokens/{id}/syncs', {
      params: { path: { id: tokenId }, query: { everything: 'true' } },
    }),
  )

describe('a sweep', () => {
  test('of a location where nothing changed costs one page of assets and one answer of changes, and is exact', async () => {
    const { story, tokenId } = await startSynced()
    await using _ = story
    const { world } = story.apple
    const before = (await token(story, tokenId)).exactAsOf
    world.forgetRequests()
    for (let sweep = 0; sweep < 3; sweep++) await story.pass({ minutes: 5 })
    expect(world.countRequests({ path: '/assets' })).toBe(3)
    expect(world.countRequests({ path: '/assignments' })).toBe(3)
    // Apple's limits are read every five minutes, once for all locations of a server.
    expect(world.countRequests({}) - world.countRequests({ path: '/service/config' })).toBe(6)
    const { exactAsOf } = await token(story, tokenId)
    expect(Date.parse(exactAsOf ?? '') - Date.parse(before ?? '')).toBe(15 * 60_000)
    expect((await syncs(story, tokenId)).map((run) => run.cause)).toEqual(['first'])
  })

  test('finds a license that somebody took back, although Apple’s changes do not tell, and says which', async () => {
    const { story, location, tokenId } = await startSynced()
    await using _ = story
    location.releaseOutside('900001', { serialNumbers: ['DEV003'] })
    await story.pass({ minutes: 5 })
    await expectSameBooks(story.apple, story.admin, { uId, adamIds })
    const [run] = await syncs(story, tokenId)
    expect(run).toMatchObject({ cause: 'sweep', licensesFound: 0, licensesGone: 1, assetsReread: 1 })
    expect(await findings(story, run?.id ?? '')).toMatchObject([
      {
        change: 'vanished',
        holder: { kind: 'device', id: 'DEV003' },
        cause: 'A sync no longer found it at Apple.',
      },
    ])
  })

  test('finds licenses that somebody gave by one answer of changes', async () => {
    const { story, location, tokenId } = await startSynced()
    await using _ = story
    location.assignOutside('900002', { serialNumbers: ['NEW1', 'NEW2'] })
    story.apple.world.forgetRequests()
    await story.pass({ minutes: 5 })
    await expectSameBooks(story.apple, story.admin, { uId, adamIds })
    const [run] = await syncs(story, tokenId)
    expect(run).toMatchObject({ cause: 'sweep', scope: 'changes', licensesFound: 2, assetsReread: 0 })
    expect(story.apple.world.countRequests({ path: '/assignments' })).toBe(1)
  })

  test('finds a license that moved from one device to another, in the second sweep at the latest', async () => {
    const { story, location } = await startSynced()
    await using _ = story
    location.releaseOutside('900001', { serialNumbers: ['DEV003'] })
    location.assignOutside('900001', { serialNumbers: ['OTHER'] })
    await story.pass({ minutes: 5 })
    await story.pass({ minutes: 5 })
    await expectSameBooks(story.apple, story.admin, { uId, adamIds })
  })

  test('that Apple does not answer is shown until one succeeds, and leaves no trace in the history', async () => {
    const { story, tokenId } = await startSynced()
    await using _ = story
    story.apple.world.faults.failNext({ match: '/assets', fault: 'html', times: 20 })
    await story.pass({ minutes: 5 })
    expect((await token(story, tokenId)).sweep.problem).toMatchObject({ code: 'apple.unreachable' })
    story.apple.world.faults.clear()
    await story.pass({ minutes: 5 })
    expect((await token(story, tokenId)).sweep.problem).toBeNull()
    expect((await syncs(story, tokenId)).length).toBe(1)
  })

  test('that meets a version which Apple has forgotten leads to a comparison of everything', async () => {
    const { story, location, tokenId } = await startSynced()
    await using _ = story
    location.releaseOutside('900001', { serialNumbers: ['DEV001'] })
    location.forgetVersions()
    await story.pass({ minutes: 5 })
    await story.settle()
    expect((await syncs(story, tokenId))[0]).toMatchObject({ cause: 'drift', scope: 'everything' })
    await expectSameBooks(story.apple, story.admin, { uId, adamIds })
  })

  test('learns of users only when Apple told of them, and then reads what changed', async () => {
    const { story, location } = await startSynced({ knobs: {} })
    await using _ = story
    story.apple.world.forgetRequests()
    location.addUser({ clientUserId: 'ada-1', email: 'ada@example.org' })
    location.acceptInvitation('ada-1')
    await story.pass({ minutes: 1 })
    await story.pass({ minutes: 5 })
    const { rows } = await sql`SELECT client_user_id, status FROM apple_users`.execute(story.database.kysely)
    expect(rows).toEqual([{ client_user_id: 'ada-1', status: 'Associated' }])
    expect(story.apple.world.countRequests({ path: '/users' })).toBe(1)
    location.retireUser('ada-1')
    location.addUser({ clientUserId: 'bob-1' })
    location.acceptInvitation('bob-1')
    await story.pass({ minutes: 1 })
    await story.pass({ minutes: 5 })
    const after = await sql`SELECT client_user_id FROM apple_users`.execute(story.database.kysely)
    expect(after.rows).toEqual([{ client_user_id: 'bob-1' }])
  })
})

describe('everything is compared', () => {
  test('once a week by itself, else what changed', async () => {
    const { story, tokenId } = await startSynced()
    await using _ = story
    for (let day = 0; day < 8; day++) {
      await story.pass({ minutes: 24 * 60 })
      await story.settle()
    }
    const runs = (await syncs(story, tokenId)).filter((run) => run.cause === 'schedule')
    const scopes = runs.map((run) => run.scope).toReversed()
    expect(scopes.slice(0, 6)).toEqual(Array.from({ length: 6 }, () => 'changes'))
    expect(scopes.filter((scope) => scope === 'everything').length).toBe(1)
  })

  test('when an administrator asks for it', async () => {
    const { story, tokenId } = await startSynced()
    await using _ = story
    await story.admin.sync(tokenId)
    await story.settle()
    expect((await syncs(story, tokenId))[0]).toMatchObject({ cause: 'administrator', scope: 'changes' })
    await story.pass({ seconds: 1 })
    await askForEverything(story, tokenId)
    await story.settle()
    expect((await syncs(story, tokenId))[0]).toMatchObject({ cause: 'administrator', scope: 'everything' })
  })

  test('rightly while the set moves all the time: what is missing is asked for one by one', async () => {
    const { story, location, tokenId } = await startSynced({
      knobs: { ...lost, pageSize: 5, latencyMs: 3 },
      licenses: 60,
    })
    await using _ = story
    location.releaseOutside('900001', { serialNumbers: ['DEV007', 'DEV008', 'DEV055'] })
    location.assignOutside('900001', { serialNumbers: ['NEW1'] })
    const moving = setInterval(() => location.bumpVersions(), 2)
    await askForEverything(story, tokenId)
    for (let pass = 0; pass < 5; pass++) await story.pass({ seconds: 1 })
    clearInterval(moving)
    const [run] = await syncs(story, tokenId)
    expect(run).toMatchObject({ scope: 'everything', state: 'done', licensesFound: 1, licensesGone: 3 })
    await expectSameBooks(story.apple, story.admin, { uId, adamIds })
  })
})

describe('what is known already', () => {
  test('of a first sync that was interrupted is forgotten: it begins anew, and writes no line for each license', async () => {
    const { story, tokenId } = await startSynced()
    await using _ = story
    const db = story.database.kysely
    // As a server leaves it that died while it copied pages, of which one license is gone since.
    await sql`UPDATE locations SET compared_at = NULL, assignments_version = NULL`.execute(db)
    await sql`WITH stale AS (
        INSERT INTO licenses (location_id, asset_id, holder_kind, holder, state, ours, since)
        SELECT location_id, id, 'device', 'STALE', 'held', false, now() FROM assets WHERE adam_id = '900001' RETURNING asset_id
      ) UPDATE assets SET held = held + 1, held_outside = held_outside + 1 WHERE id IN (SELECT asset_id FROM stale)`.execute(
      db,
    )
    await story.admin.sync(tokenId)
    await story.settle()
    await expectSameBooks(story.apple, story.admin, { uId, adamIds })
    expect((await sql`SELECT FROM ledger`.execute(db)).rows).toEqual([])
    expect((await token(story, tokenId)).comparedAt).not.toBeNull()
  })

  test.each([
    ['lately and turns up is ours', 1, true],
    ['long ago and turns up was given by another', 30, false],
  ])('of a grant that was given up %s', async (_, hours, ours) => {
    const { story, location } = await startSynced()
    await using _story = story
    const db = story.database.kysely
    const at = new Date(story.apple.clock.now() - hours * 3_600_000)
    await sql`INSERT INTO given_up_grants (location_id, asset_id, holder_kind, holder, at)
      SELECT location_id, id, 'device', 'LATE', ${at} FROM assets WHERE adam_id = '900002'`.execute(db)
    location.assignOutside('900002', { serialNumbers: ['LATE'] })
    await story.pass({ minutes: 5 })
    const { rows } =
      await sql`SELECT change, cause FROM ledger WHERE holder = 'LATE' ORDER BY id LIMIT 1`.execute(db)
    expect(rows).toEqual([
      ours ? { change: 'granted', cause: 'done_late' } : { change: 'found', cause: 'found_at_sync' },
    ])
  })
})

describe('a notification', () => {
  /** Posts as Apple does; the secret is known to Apple and to us as a hash only, so the test puts one of its own. */
  async function startNotified() {
    const { story } = await startSynced({ knobs: {} })
    const db = story.database.kysely
    const secret = 'the secret of this test'.replaceAll(' ', '-')
    await sql`UPDATE webhooks SET secret_hash = sha256(${secret}::bytea)`.execute(db)
    const { notificationUrl = '' } = story.apple.world.location(uId)
    const post = async (body: object, bearer = secret) => {
      const headers = { 'content-type': 'application/json', authorization: `Bearer ${bearer}` }
      const answer = await fetch(notificationUrl, { method: 'POST', headers, body: JSON.stringify(body) })
      await story.pass({ seconds: 1 })
      return answer.status
    }
    const kept = async () =>
      (
        await sql<{
          type: string
          done: boolean
        }>`SELECT type, processed_at IS NOT NULL AS done FROM notifications
          WHERE type <> 'TEST_NOTIFICATION' ORDER BY received_at`.execute(db)
      ).rows
    return { story, post, kept }
  }
  const of = (notificationType: string, notification: object, notificationId = 'n-1') => ({
    notificationId,
    notificationType,
    uId,
    notification,
  })

  test('of a kind that we do not know is taken and kept', async () => {
    const { story, post, kept } = await startNotified()
    await using _ = story
    expect(await post(of('SOMETHING_NEW', { adamId: '900001' }))).toBe(204)
    expect(await kept()).toEqual([{ type: 'SOMETHING_NEW', done: true }])
  })

  test.each(['SUBSCRIPTION_COUNT', 'SUBSCRIPTION_MANAGEMENT', 'UNLIMITED_ASSET', 'ASSET_MANAGEMENT'])(
    'of the kind %s without the shape that Apple documents is kept and does no harm',
    async (kind) => {
      const { story, post, kept } = await startNotified()
      await using _ = story
      expect(await post(of(kind, { adamId: 900_001, counts: [] }))).toBe(204)
      expect(await kept()).toEqual([{ type: kind, done: true }])
      await story.pass({ minutes: 5 })
      await expectSameBooks(story.apple, story.admin, { uId, adamIds })
    },
  )

  test('is taken once however often Apple repeats it, even days later', async () => {
    const { story, post, kept } = await startNotified()
    await using _ = story
    const count = of('ASSET_COUNT', { adamId: '900001', pricingParam: 'STDQ', countDelta: 5 })
    expect(await post(count)).toBe(204)
    await story.pass({ minutes: 3 * 24 * 60 })
    expect(await post(count)).toBe(204)
    expect((await kept()).length).toBe(1)
  })

  test('with a wrong secret is refused and not kept', async () => {
    const { story, post, kept } = await startNotified()
    await using _ = story
    expect(await post(of('ASSET_COUNT', {}), 'guessed')).toBe(401)
    expect(await kept()).toEqual([])
  })

  test('of licenses that cannot be right makes the asset read anew', async () => {
    const { story, post } = await startNotified()
    await using _ = story
    const assignments = Array.from({ length: 2 }, (_, i) => ({
      adamId: '900002',
      pricingParam: 'STDQ',
      serialNumber: `GHOST${i}`,
    }))
    // An old event that was told late: by now nobody holds these.
    const told = { assignments, eventId: 'e-old', result: 'SUCCESS', type: 'ASSOCIATE' }
    expect(await post(of('ASSET_MANAGEMENT', told))).toBe(204)
    expect((await story.admin.holders('900002')).length).toBe(2)
    await story.pass({ minutes: 5 })
    await expectSameBooks(story.apple, story.admin, { uId, adamIds })
  })
})
