import { Problem, unwrap } from '@apportion/api-client/client'
import { RELEASED } from '@apportion/apps-books/claim'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectSameBooks } from '../support/books.ts'
import { type Story, startStory } from '../support/story.ts'

/** The whole life of a content token: added, expiring, renewed, taken over, deleted, added again. */

let started: Story | undefined
beforeAll(async () => {
  started = await startStory({ apple: { knobs: { limits: { maxSerialNumbers: 5 } } } })
})
afterAll(() => started?.[Symbol.asyncDispose]())

function story(): Story {
  if (started === undefined) throw new Error('The story did not start')
  return started
}

let locations = 0

/** A location with two apps and a book, and a device group of its own. */
async function newScene({ devices = 8 }: { devices?: number } = {}) {
  const { apple, admin, settle } = story()
  locations += 1
  const base = 700_000 + locations * 10
  const [app, other, book] = [String(base), String(base + 1), String(base + 2)]
  for (const adamId of [app, other, book]) {
    apple.world.addTitle({
      adamId,
      name: `Title ${adamId}`,
      kind: adamId === book ? 'epubBook' : 'iosSoftware',
      publisher: 'Northlight',
    })
  }
  const location = apple.world.addLocation({
    uId: String(8000 + locations),
    name: `School ${locations}`,
    organizationName: 'Meridian College',
    country: 'NL',
  })
  location.own({ adamId: app, total: 20 })
  location.own({ adamId: other, total: 20 })
  location.own({ adamId: book, total: 5, productType: 'Book', deviceAssignable: false, revocable: false })
  location.assignOutside(app, { serialNumbers: ['OUTSIDE1', 'OUTSIDE2'] })
  location.addUser({ clientUserId: `reader-${locations}` })
  const group = `Group ${locations}`
  const serials = Array.from({ length: devices }, (_, i) => `L${locations}DEV${String(i).padStart(3, '0')}`)
  await admin.importCsv('groups', `name,kind\n${group},device\n`)
  await admin.importCsv(
    'devices',
    ['serial_number,groups', ...serials.map((each) => `${each},${group}`)].join('\n'),
  )
  const token = location.mintToken()
  const id = await admin.addToken(token.file)
  await settle()
  await admin.assign(app, [{ group, intent: 'required' }])
  await settle()
  return { location, app, other, book, group, serials, token, id, uId: location.uId }
}

async function tokenNow(id: number) {
  return unwrap(await story().admin.api.GET('/api/v1/tokens/{id}', { params: { path: { id } } }))
}

async function deletionNow(id: number) {
  return unwrap(await story().admin.api.GET('/api/v1/tokens/{id}/deletion', { params: { path: { id } } }))
}

async function startDeletion(id: number, licenses: 'release' | 'leave', name?: string) {
  const body = { licenses, name: name ?? (await tokenNow(id)).name }
  return unwrap(
    await story().admin.api.POST('/api/v1/tokens/{id}/deletion', { params: { path: { id } }, body }),
  )
}

/** Lets time pass until the token is gone. */
async function untilDeleted(id: number) {
  for (let step = 0; step < 60; step++) {
    const deletion = await deletionNow(id)
    if (deletion.state === 'deleted') return deletion
    await story().pass({ seconds: 5 })
  }
  throw new Error(`Not deleted: ${JSON.stringify((await deletionNow(id)).progress)}`)
}

/** The code and message of a refusal. */
async function refusal(attempt: Promise<unknown>): Promise<{ code: string; detail: string }> {
  try {
    await attempt
  } catch (error) {
    if (error instanceof Problem) return { code: error.code, detail: error.detail }
    throw error
  }
  throw new Error('It was not refused')
}

async function auditOf(id: number): Promise<readonly string[]> {
  const query = { subject: `token:${id}`, limit: 100 }
  const { items } = unwrap(await story().admin.api.GET('/api/v1/audit', { params: { query } }))
  return items.map((entry) => entry.action)
}

async function rowsLeft(id: number, uId: string): Promise<Record<string, number>> {
  const { rows } = await story().database.pool.query(
    `SELECT (SELECT count(*)::int FROM licenses WHERE location_id = $1) AS licenses,
      (SELECT count(*)::int FROM assets WHERE location_id = $1) AS assets,
      (SELECT count(*)::int FROM targets WHERE location_id = $1) AS targets,
      (SELECT count(*)::int FROM operations WHERE location_id = $1) AS operations,
      (SELECT count(*)::int FROM webhooks WHERE uid = $2) AS webhooks,
      (SELECT count(*)::int FROM notifications WHERE uid = $2) AS notifications,
      (SELECT count(*)::int FROM locations WHERE id = $1) AS locations`,
    [id, uId],
  )
  return rows[0]
}

describe('T6 deleting a content token', () => {
  test('is shown first, with every consequence in numbers', async () => {
    const { id, app, serials } = await newScene()
    const { state, preview } = await deletionNow(id)
    expect(state).toBe('none')
    expect(preview).toMatchObject({
      cannotRelease: null,
      licenses: { ours: 8, irrevocable: 0, outside: 2, granting: 0 },
      assignments: 1,
      groups: 1,
      waiting: 0,
      holders: { devices: 8, users: 0 },
      appsStopAfterDays: 30,
    })
    expect(preview?.assets.sample).toEqual([
      expect.objectContaining({ name: `Title ${app}`, ours: 8, outside: 2, revocable: true, assignments: 1 }),
    ])
    expect(preview?.holders.sample.map((each) => each.id)).toEqual(serials)
  })

  test('needs the name of the token', async () => {
    const { id } = await newScene({ devices: 1 })
    expect((await refusal(startDeletion(id, 'leave', 'Another school'))).code).toBe('token.wrong_name')
    expect((await tokenNow(id)).leaving).toBeNull()
  })

  test('takes licenses of ours back, leaves the others, releases the claim, keeps ledger and audit; the location can be added again', async () => {
    const { apple, admin, settle, database } = story()
    const { id, app, location, uId, group, serials } = await newScene()
    expect(location.mdmInfo).toMatchObject({ name: 'Apportion' })
    apple.world.forgetRequests()
    await startDeletion(id, 'release')
    expect(await tokenNow(id)).toMatchObject({
      state: 'leaving',
      leaving: { licenses: 'release', phase: 'releasing' },
    })
    const end = (await untilDeleted(id)).end
    expect(end).toMatchObject({ by: 'story', claim: 'marked' })
    expect(apple.world.countRequests({ path: '/assets/associate' })).toBe(0)
    // Eight devices in requests of five.
    expect(apple.world.countRequests({ path: '/assets/disassociate' })).toBe(2)
    expect([...location.assignments()].map((each) => each.serialNumber)).toEqual(['OUTSIDE1', 'OUTSIDE2'])
    expect(location.mdmInfo?.id).toBe(RELEASED.id)
    expect(Object.values(await rowsLeft(id, uId))).toEqual([0, 0, 0, 0, 0, 0, 0])
    const ledger = await database.pool.query(
      `SELECT change, count(*)::int AS n FROM ledger g JOIN former_assets f ON f.location_id = g.location_id
        AND f.asset_id = g.asset_id AND f.adam_id = $2 WHERE g.location_id = $1 GROUP BY change ORDER BY change`,
      [id, app],
    )
    expect(ledger.rows).toEqual([
      { change: 'granted', n: 8 },
      { change: 'released', n: 8 },
    ])
    expect(await auditOf(id)).toEqual(['token.deleted', 'token.deletion_asked', 'token.added'])
    expect((await refusal(tokenNow(id))).code).toBe('token.unknown')

    // Nobody else took it meanwhile, so nothing has to be taken over.
    const again = await admin.addToken(location.mintToken().file)
    await settle()
    await admin.assign(app, [{ group, intent: 'required' }])
    await settle()
    expect(again).not.toBe(id)
    expect([...location.assignments(app)]).toHaveLength(serials.length + 2)
    await expectSameBooks(apple, admin, { uId, adamIds: [app] })
  })

  test('leaves licenses with their holders when told so; added again, they are held outside', async () => {
    const { apple, admin, settle } = story()
    const { id, app, location, uId } = await newScene({ devices: 3 })
    apple.world.forgetRequests()
    await startDeletion(id, 'leave')
    await untilDeleted(id)
    expect(apple.world.countRequests({ path: '/assets/disassociate' })).toBe(0)
    expect([...location.assignments(app)]).toHaveLength(5)
    await admin.addToken(location.mintToken().file)
    await settle()
    expect((await admin.asset(app)).counts).toMatchObject({ used: 5, heldOutside: 5 })
    await expectSameBooks(apple, admin, { uId, adamIds: [app] })
  })

  test('ends what was asked back by hand and never answered; its record and the ledger can still be read', async () => {
    const { apple, admin } = story()
    const { id } = await newScene({ devices: 3 })
    const record = await admin.intervention({
      kind: 'take_back',
      scope: { tokenId: id },
      required: 'withhold',
    })
    await admin.applyIntervention(record.id)
    apple.world.faults.stuckEvents(1)
    await story().pass({ seconds: 5 })
    expect((await admin.readIntervention(record.id)).state).toBe('running')
    await startDeletion(id, 'leave')
    // The deletion waits until the request is given up for lost.
    for (let wait = 0; wait < 4; wait++) await story().pass({ minutes: 4 })
    await untilDeleted(id)
    apple.world.faults.clear()
    const after = await admin.readIntervention(record.id)
    expect(after.state).toBe('done')
    const path = { id: record.id }
    const { items } = unwrap(await admin.api.GET('/api/v1/interventions/{id}/licenses', { params: { path } }))
    const ours = items.filter(({ reason }) => reason !== 'held_outside')
    expect(ours.map(({ outcome, reason }) => [outcome, reason])).toEqual(
      Array.from({ length: 3 }, () => ['skipped', 'token_deleted']),
    )
    const { items: lines } = unwrap(
      await admin.api.GET('/api/v1/ledger', { params: { query: { limit: 3 } } }),
    )
    expect(lines.every((line) => line.asset.name.startsWith('Title '))).toBe(true)
  })

  test('gives nothing any more: grants that were not sent are withdrawn, assigning is refused', async () => {
    const { apple, admin, pass } = story()
    const { id, app, other, group, location } = await newScene({ devices: 3 })
    apple.world.faults.failNext({ fault: '500', times: 1000, match: '/assets/associate' })
    await admin.assign(other, [{ group, intent: 'required' }])
    await pass({ seconds: 15 })
    expect((await admin.asset(other)).counts.granting).toBe(3)
    await startDeletion(id, 'release')
    const refused = await refusal(admin.plan(app, [{ group, intent: 'uninstall' }]))
    expect(refused.code).toBe('token.leaving')
    await pass({ seconds: 5 })
    apple.world.faults.clear()
    await untilDeleted(id)
    expect([...location.assignments(other)]).toEqual([])
    expect([...location.assignments(app)]).toHaveLength(2)
  })

  test('can be called off while licenses come back; those that are required go out again', async () => {
    const { apple, admin, settle, pass } = story()
    const { id, app, uId } = await newScene()
    apple.world.faults.failNext({ fault: '500', times: 1000, match: '/assets/disassociate' })
    await startDeletion(id, 'release')
    await pass({ seconds: 20 })
    expect((await deletionNow(id)).progress).toMatchObject({ phase: 'releasing', mayCancel: true, total: 8 })
    apple.world.faults.clear()
    const params = { path: { id } }
    unwrap(await admin.api.DELETE('/api/v1/tokens/{id}/deletion', { params }))
    expect(await tokenNow(id)).toMatchObject({ state: 'valid', leaving: null })
    await settle()
    expect((await admin.asset(app)).counts).toMatchObject({ used: 10, heldOutside: 2 })
    await expectSameBooks(apple, admin, { uId, adamIds: [app] })
    expect(
      (await refusal(admin.api.DELETE('/api/v1/tokens/{id}/deletion', { params }).then(unwrap))).code,
    ).toBe('token.not_leaving')
  })

  test('with a dead token says that licenses cannot be taken back, and goes on once they are left', async () => {
    const { admin } = story()
    const { id, token, app, location } = await newScene({ devices: 3 })
    token.revoke()
    await admin.sync(id)
    await story().pass({ seconds: 5 })
    expect(await tokenNow(id)).toMatchObject({ state: 'revoked' })
    expect((await deletionNow(id)).preview?.cannotRelease).toContain('revoked')
    const refused = await refusal(startDeletion(id, 'release'))
    expect(refused.code).toBe('token.cannot_release')
    await startDeletion(id, 'leave')
    const { end } = await untilDeleted(id)
    expect(end).toMatchObject({ claim: 'failed' })
    expect(end?.claimDetail).toContain('has to take it over')
    expect([...location.assignments(app)]).toHaveLength(5)
  })

  test('a token that dies while licenses come back blocks it, visibly; renewed, it goes on', async () => {
    const { apple, admin, pass } = story()
    const { id, token, app, location } = await newScene()
    apple.world.faults.failNext({ fault: '500', times: 1000, match: '/assets/disassociate' })
    await startDeletion(id, 'release')
    await pass({ seconds: 5 })
    apple.world.faults.clear()
    token.revoke()
    await pass({ minutes: 5 })
    const { progress } = await deletionNow(id)
    expect(progress?.blocked).toMatchObject({ why: 'token' })
    expect((await tokenNow(id)).health).toMatchObject({
      status: 'unhealthy',
      reasons: [{ code: 'deletion_blocked' }],
    })
    const overview = unwrap(await admin.api.GET('/api/v1/overview'))
    expect(overview.attention).toContainEqual(
      expect.objectContaining({ code: 'deletion_blocked', severity: 'critical', tokenId: id }),
    )
    const body = { content: location.mintToken().file, acceptEarlier: false }
    unwrap(await admin.api.PUT('/api/v1/tokens/{id}/content', { params: { path: { id } }, body }))
    await untilDeleted(id)
    expect([...location.assignments(app)]).toHaveLength(2)
  })

  const ways: ['by-null' | 'by-empty' | 'overwrite', string, string | undefined][] = [
    ['by-null', 'cleared', undefined],
    ['by-empty', 'cleared', undefined],
    ['overwrite', 'marked', RELEASED.id],
  ]
  for (const [claimRelease, claim, left] of ways) {
    test(`releases the claim where Apple lets it go ${claimRelease}`, async () => {
      const { apple } = story()
      const { id, location } = await newScene({ devices: 1 })
      apple.world.setKnobs({ claimRelease })
      await startDeletion(id, 'leave')
      expect((await untilDeleted(id)).end).toMatchObject({ claim })
      expect(location.mdmInfo?.id).toBe(left)
      apple.world.setKnobs({ claimRelease: 'overwrite' })
    })
  }

  test('does not touch the claim of a service that took the location over', async () => {
    const { admin } = story()
    const { id, location } = await newScene({ devices: 1 })
    location.takeOver({ id: 'other-9', name: 'Other MDM', metadata: 'v1' })
    await admin.sync(id)
    await story().pass({ seconds: 5 })
    expect((await refusal(startDeletion(id, 'release'))).detail).toContain('Other MDM')
    await startDeletion(id, 'leave')
    expect((await untilDeleted(id)).end).toMatchObject({ claim: 'not_ours' })
    expect(location.mdmInfo).toMatchObject({ id: 'other-9' })
  })
})
