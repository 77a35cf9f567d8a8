import { createServer } from 'node:http'
import { Problem, unwrap } from '@apportion/api-client/client'
import { startAppleSim } from '@apportion/apple-sim/apple-sim'
import { manualClock } from '@apportion/apple-sim/clock'
import { RELEASED } from '@apportion/apps-books/claim'
import { describe, expect, test } from 'vitest'
import { createTestDatabase } from '../../packages/server/test/support/test-database.ts'
import { Administrator } from '../support/administrator.ts'
import { freePort } from '../support/free-port.ts'
import { startInstallation } from '../support/installation.ts'
import { ada, startStory } from '../support/story.ts'

/** What a content token needs between its upload and its end, and gets without anybody asking. */

const hour = 60

async function tokenNow(admin: Administrator, id: number) {
  return unwrap(await admin.api.GET('/api/v1/tokens/{id}', { params: { path: { id } } }))
}

/** The actions in the log about a token, newest first. */
async function auditOf(admin: Administrator, id: number) {
  const query = { subject: `token:${id}`, limit: 100 }
  const { items } = unwrap(await admin.api.GET('/api/v1/audit', { params: { query } }))
  return items.map(({ action, details }) => ({ action, details }))
}

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt
  } catch (error) {
    if (error instanceof Problem) return error.code
    throw error
  }
  return 'done'
}

/** A simulated Apple with one location of ten licenses, on a clock that only tests move. */
async function startApple() {
  const apple = await startAppleSim({
    clock: manualClock(),
    knobs: { allowPlainHttpNotifications: true, limits: { maxSerialNumbers: 2 } },
  })
  const location = apple.world.addLocation({
    uId: '6100',
    name: 'Utrecht',
    organizationName: 'Meridian College',
  })
  location.own({ adamId: '900001', total: 10 })
  return { apple, location }
}

const devices = ['CARE1', 'CARE2', 'CARE3', 'CARE4', 'CARE5', 'CARE6']

async function importDevices(admin: Administrator): Promise<void> {
  await admin.importCsv('groups', 'name,kind\nPupils,device\n')
  await admin.importCsv(
    'devices',
    ['serial_number,groups', ...devices.map((each) => `${each},Pupils`)].join('\n'),
  )
}

describe('T3 the daily probe', () => {
  test('is not needed where sweeps find a revoked token within minutes', async () => {
    await using story = await startStory()
    const { admin, apple, pass, settle } = story
    const location = apple.world.addLocation({ uId: '6000', name: 'West', organizationName: 'Meridian' })
    const token = location.mintToken()
    const id = await admin.addToken(token.file)
    await settle()
    token.revoke()
    await pass({ minutes: 6 })
    expect(await tokenNow(admin, id)).toMatchObject({ state: 'revoked' })
  })

  test('finds a revoked token before a user does, and one that is accepted again', async () => {
    await using story = await startStory()
    const { admin, apple, pass, settle } = story
    const location = apple.world.addLocation({ uId: '6001', name: 'North', organizationName: 'Meridian' })
    const token = location.mintToken()
    const id = await admin.addToken(token.file)
    await settle()
    const params = { path: { id } }
    unwrap(await admin.api.PATCH('/api/v1/tokens/{id}', { params, body: { syncEveryMinutes: 10_080 } }))
    await pass({ minutes: 12 * hour + 1 })
    await settle()
    // Where Apple tells no version there are no changes to ask for, and so no sweeps.
    await story.database.pool.query('UPDATE locations SET assignments_version = NULL WHERE id = $1', [id])
    token.revoke()
    await pass({ minutes: 19 * hour })
    expect(await tokenNow(admin, id)).toMatchObject({ state: 'valid' })
    apple.world.forgetRequests()
    await pass({ minutes: 5 * hour })
    expect(await tokenNow(admin, id)).toMatchObject({ state: 'revoked', health: { status: 'unhealthy' } })
    expect(apple.world.countRequests({ path: '/client/config' })).toBe(1)

    // A bad hour at Apple may refuse a good token: it is asked for again, and is good again.
    const other = apple.world.addLocation({ uId: '6010', name: 'Far', organizationName: 'Meridian' })
    const good = await admin.addToken(other.mintToken().file)
    await settle()
    await story.database.pool.query(`UPDATE locations SET token_state = 'invalid' WHERE id = $1`, [good])
    expect(await tokenNow(admin, good)).toMatchObject({ state: 'invalid' })
    await pass({ minutes: 25 * hour })
    expect(await tokenNow(admin, good)).toMatchObject({ state: 'valid' })
    expect((await auditOf(admin, good))[0]).toMatchObject({ action: 'token.accepted_again' })
  })

  test('costs nothing at a location that was asked for something else', async () => {
    await using story = await startStory()
    const { admin, apple, pass, settle } = story
    const location = apple.world.addLocation({ uId: '6002', name: 'South', organizationName: 'Meridian' })
    await admin.addToken(location.mintToken().file)
    await settle()
    // Twice a day a sync asks for the client config, and nothing else does.
    apple.world.forgetRequests()
    for (let half = 0; half < 6; half++) {
      await pass({ minutes: 12 * hour + 1 })
      await settle()
    }
    expect(apple.world.countRequests({ path: '/client/config' })).toBe(6)
  })
})

describe('T4 the claim', () => {
  test('a takeover between two requests of a batch stops the rest within one answer', async () => {
    await using story = await startStory({ apple: { knobs: { limits: { maxSerialNumbers: 1 } } } })
    const { admin, apple, pass, settle } = story
    const location = apple.world.addLocation({ uId: '6003', name: 'West', organizationName: 'Meridian' })
    location.own({ adamId: '900001', total: 10 })
    const id = await admin.addToken(location.mintToken().file)
    await importDevices(admin)
    await settle()
    apple.world.forgetRequests()
    apple.world.setKnobs({ latencyMs: 300 })
    const asked = () => apple.world.countRequests({ path: '/assets/associate' })
    await admin.assign('900001', [{ group: 'Pupils', intent: 'required' }])
    const sending = pass({ seconds: 15 })
    while (asked() === 0) await new Promise((resolve) => setTimeout(resolve, 10))
    const before = asked()
    location.takeOver({ id: 'other-1', name: 'Other MDM', metadata: 'v1' })
    await sending
    apple.world.setKnobs({ latencyMs: 0 })
    await pass({ seconds: 15 })
    // Of six requests one may have been under way, and the answer to one more tells.
    expect(asked() - before).toBeLessThanOrEqual(2)
    expect([...location.assignments('900001')].length).toBeLessThan(devices.length)
    expect(await tokenNow(admin, id)).toMatchObject({
      state: 'managed_elsewhere',
      managedBy: { name: 'Other MDM', letGo: false },
    })
    // What is read goes on being shown.
    await admin.sync(id)
    await pass({ seconds: 5 })
    expect((await tokenNow(admin, id)).latestSync).toMatchObject({ state: 'done' })
  })

  test('one that the other let go waits for an explicit word; then the work goes on', async () => {
    await using story = await startStory()
    const { admin, apple, pass, settle } = story
    const location = apple.world.addLocation({ uId: '6004', name: 'East', organizationName: 'Meridian' })
    location.own({ adamId: '900001', total: 10 })
    const id = await admin.addToken(location.mintToken().file)
    await importDevices(admin)
    await settle()
    location.takeOver({ id: 'other-1', name: 'Other MDM', metadata: 'v1' })
    await admin.sync(id)
    await pass({ seconds: 5 })
    location.letGo()
    await admin.sync(id)
    await pass({ seconds: 5 })
    const free = await tokenNow(admin, id)
    expect(free).toMatchObject({ state: 'managed_elsewhere', managedBy: { name: 'Other MDM', letGo: true } })
    expect(free.stateReason).toContain('nobody manages it now')
    expect(location.mdmInfo).toBeUndefined()
    const claim = { params: { path: { id } }, body: { takeOver: true as const } }
    unwrap(await admin.api.POST('/api/v1/tokens/{id}/claim', claim))
    await admin.assign('900001', [{ group: 'Pupils', intent: 'required' }])
    await settle()
    expect([...location.assignments('900001')]).toHaveLength(devices.length)
  })

  test('one that vanished while it was ours is made again by itself, and that is told', async () => {
    await using story = await startStory()
    const { admin, apple, pass, settle } = story
    const location = apple.world.addLocation({ uId: '6005', name: 'Mid', organizationName: 'Meridian' })
    const id = await admin.addToken(location.mintToken().file)
    await settle()
    location.letGo()
    await admin.sync(id)
    await pass({ seconds: 5 })
    await settle()
    expect(location.mdmInfo).toMatchObject({ name: 'Apportion' })
    expect(location.notificationUrl).toContain('/apple/notifications/')
    expect(await tokenNow(admin, id)).toMatchObject({ state: 'valid', notifications: 'on' })
    expect((await auditOf(admin, id))[0]).toMatchObject({
      action: 'token.registered',
      details: { cause: 'claim_lost', notifications: 'on' },
    })
  })
})

describe('T3 a duplicate location', () => {
  test('held by another installation is named with its address, and refused without consent', async () => {
    const { apple, location } = await startApple()
    await using _apple = { [Symbol.asyncDispose]: () => apple.close() }
    await using one = await createTestDatabase()
    await using two = await createTestDatabase()
    await using here = await startInstallation(apple, one)
    await using there = await startInstallation(apple, two)
    const admin = await Administrator.setUp(here.server, ada)
    const other = await Administrator.setUp(there.server, ada)
    const id = await admin.addToken(location.mintToken().file)
    await here.drain()
    const { file } = location.mintToken()
    expect(await codeOf(other.addToken(file))).toBe('token.managed_elsewhere')
    await other.addToken(file, { takeOver: true })
    await admin.sync(id)
    await here.pass({ seconds: 5 })
    const token = await tokenNow(admin, id)
    expect(token.state).toBe('duplicate')
    expect(token.stateReason).toContain(`another installation of Apportion (127.0.0.1:${there.server.port})`)
  })

  test('a copy of this installation that registered its own address under our id is noticed, and told apart by taking over', async () => {
    const { apple, location } = await startApple()
    await using _apple = { [Symbol.asyncDispose]: () => apple.close() }
    await using database = await createTestDatabase()
    await using here = await startInstallation(apple, database)
    const admin = await Administrator.setUp(here.server, ada)
    const token = location.mintToken()
    const id = await admin.addToken(token.file)
    await here.drain()
    const ourId = location.mdmInfo?.id
    // What a copy of the database does elsewhere: the same id, an address of its own.
    await using copy = await receiver()
    const answer = await fetch(`${apple.origin}/mdm/v2/client/config`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token.file}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        mdmInfo: { id: ourId, name: 'Apportion', metadata: copy.host },
        notificationUrl: `http://${copy.host}/apple/notifications/another`,
        notificationAuthToken: 'secret',
        notificationTypes: ['ASSET_MANAGEMENT'],
      }),
    })
    expect(answer.status).toBe(200)
    await admin.sync(id)
    await here.pass({ seconds: 5 })
    const seen = await tokenNow(admin, id)
    expect(seen.state).toBe('duplicate')
    expect(seen.stateReason).toContain(copy.host)
    const claim = { params: { path: { id } }, body: { takeOver: true as const } }
    unwrap(await admin.api.POST('/api/v1/tokens/{id}/claim', claim))
    await here.drain()
    expect(location.mdmInfo?.id).not.toBe(ourId)
    expect(await tokenNow(admin, id)).toMatchObject({ state: 'valid', notifications: 'on' })
  })
})

describe('T4 notifications', () => {
  test('that stop although they are on are noticed, told, and registered again by themselves', async () => {
    const { apple, location } = await startApple()
    await using _apple = { [Symbol.asyncDispose]: () => apple.close() }
    await using database = await createTestDatabase()
    await using here = await startInstallation(apple, database)
    const admin = await Administrator.setUp(here.server, ada)
    const id = await admin.addToken(location.mintToken().file)
    await importDevices(admin)
    await here.pass({ seconds: 5 })
    const before = location.notificationUrl
    await here.pass({ minutes: 2 * hour })
    apple.world.setKnobs({ notifications: { loss: 1 } })
    await admin.assign('900001', [{ group: 'Pupils', intent: 'required' }])
    await here.pass({ seconds: 15 })
    // Three requests, each settled by asking after five minutes.
    for (let minute = 0; minute < 30; minute++) await here.pass({ minutes: 1 })
    expect([...location.assignments('900001')]).toHaveLength(devices.length)
    expect(location.notificationUrl).not.toBe(before)
    expect(await tokenNow(admin, id)).toMatchObject({ notifications: 'on', notificationsOff: null })
    expect((await auditOf(admin, id))[0]).toMatchObject({
      action: 'token.registered',
      details: { cause: 'silent', notifications: 'on' },
    })
    apple.world.setKnobs({ notifications: { loss: 0 } })
    location.buy('900001', 3)
    await here.pass({ seconds: 5 })
    expect((await admin.asset('900001')).counts.total).toBe(13)
  })

  test('whose test never arrives here are off with the reason, and on once they are heard', async () => {
    const { apple, location } = await startApple()
    await using _apple = { [Symbol.asyncDispose]: () => apple.close() }
    await using database = await createTestDatabase()
    // Something that answers everybody politely, such as a proxy that leads nowhere.
    await using proxy = await receiver()
    await using here = await startInstallation(apple, database, { publicUrl: `http://${proxy.host}` })
    const admin = await Administrator.setUp(here.server, ada)
    const id = await admin.addToken(location.mintToken().file)
    await here.drain()
    expect(await tokenNow(admin, id)).toMatchObject({
      notifications: 'off',
      notificationsOff: { code: 'unheard', text: expect.stringContaining('never arrived here') },
      health: { status: 'warning', reasons: [{ code: 'notifications_off' }] },
    })
    // The proxy is mended: an hour later the address is tried again.
    proxy.forwardTo(here.server.url)
    await here.pass({ minutes: hour + 1 })
    expect(await tokenNow(admin, id)).toMatchObject({ notifications: 'on', notificationsOff: null })
  })

  test('at an address that Apple cannot reach are off with the reason, and tried again every hour', async () => {
    const { apple, location } = await startApple()
    await using _apple = { [Symbol.asyncDispose]: () => apple.close() }
    await using database = await createTestDatabase()
    await using here = await startInstallation(apple, database, {
      publicUrl: `http://127.0.0.1:${await freePort()}`,
    })
    const admin = await Administrator.setUp(here.server, ada)
    const id = await admin.addToken(location.mintToken().file)
    await here.drain()
    expect(await tokenNow(admin, id)).toMatchObject({ notificationsOff: { code: 'unreachable' } })
    apple.world.forgetRequests()
    await here.pass({ minutes: 20 })
    expect(apple.world.countRequests({ method: 'POST', path: '/client/config' })).toBe(0)
    await here.pass({ minutes: 50 })
    // The address, and without it once Apple has refused it.
    expect(apple.world.countRequests({ method: 'POST', path: '/client/config' })).toBe(2)
  })

  test('are registered anew after the public address changed; the old one works until Apple accepted the new', async () => {
    const { apple, location } = await startApple()
    await using _apple = { [Symbol.asyncDispose]: () => apple.close() }
    await using database = await createTestDatabase()
    let admin: Administrator
    let id: number
    {
      await using first = await startInstallation(apple, database)
      admin = await Administrator.setUp(first.server, ada)
      id = await admin.addToken(location.mintToken().file)
      await first.drain()
    }
    const old = location.notificationUrl ?? ''
    await using proxy = await receiver()
    {
      // The new address does not work yet: Apple keeps the old one, and it is still known here.
      proxy.answer(500)
      await using second = await startInstallation(apple, database, { publicUrl: `http://${proxy.host}` })
      admin = admin.at(second.server)
      await second.drain()
      expect(location.notificationUrl).toBe(old)
      expect(await tokenNow(admin, id)).toMatchObject({ notificationsOff: { code: 'unreachable' } })
      const answered = await fetch(`${second.server.url}${new URL(old).pathname}`, { method: 'POST' })
      expect(answered.status).toBe(401)
      proxy.answer(204)
      proxy.forwardTo(second.server.url)
      await second.pass({ minutes: hour + 1 })
      expect(location.notificationUrl).toContain(proxy.host)
      expect(await tokenNow(admin, id)).toMatchObject({ notifications: 'on' })
      const gone = await fetch(`${second.server.url}${new URL(old).pathname}`, { method: 'POST' })
      expect(gone.status).toBe(404)
    }
  })
})

describe('T6 a deletion', () => {
  test('that is interrupted again and again by a server that stops goes on to its end', async () => {
    const { apple, location } = await startApple()
    await using _apple = { [Symbol.asyncDispose]: () => apple.close() }
    await using database = await createTestDatabase()
    let admin: Administrator
    let id: number
    {
      await using first = await startInstallation(apple, database)
      admin = await Administrator.setUp(first.server, ada)
      id = await admin.addToken(location.mintToken().file)
      await importDevices(admin)
      await first.pass({ seconds: 5 })
      await admin.assign('900001', [{ group: 'Pupils', intent: 'required' }])
      for (let turn = 0; turn < 10; turn++) await first.pass({ seconds: 5 })
      expect([...location.assignments('900001')]).toHaveLength(devices.length)
      const body = { name: 'Utrecht', licenses: 'release' } as const
      unwrap(await admin.api.POST('/api/v1/tokens/{id}/deletion', { params: { path: { id } }, body }))
    }
    const phases = new Set<string>()
    for (let start = 0; start < 30; start++) {
      await using next = await startInstallation(apple, database)
      const params = { path: { id } }
      const { state, progress } = unwrap(
        await admin.at(next.server).api.GET('/api/v1/tokens/{id}/deletion', { params }),
      )
      phases.add(progress?.phase ?? state)
      if (state === 'deleted') break
      // Each server has another port, so that Apple's notifications arrive nowhere and outcomes are asked for.
      await next.pass({ seconds: 40 })
    }
    expect([...phases].at(-1)).toBe('deleted')
    expect([...location.assignments()]).toEqual([])
    expect(location.mdmInfo?.id).toBe(RELEASED.id)
  })
})

describe('T8 GET /health', () => {
  test('counts how well locations are connected, names none, and its verdict does not follow', async () => {
    await using story = await startStory()
    const { admin, apple, server, settle, pass } = story
    const health = async () => (await fetch(`${server.url}/health`)).json()
    expect(await health()).toEqual({ status: 'ok', database: 'ok' })
    const tokens = ['6011', '6012'].map((uId) => {
      const location = apple.world.addLocation({ uId, name: `Secret ${uId}`, organizationName: 'Meridian' })
      return location.mintToken()
    })
    const ids: number[] = []
    for (const token of tokens) ids.push(await admin.addToken(token.file))
    await settle()
    tokens[0]?.revoke()
    await admin.sync(ids[0] ?? 0)
    await settle()
    await pass({ seconds: 31 })
    const answer = await health()
    expect(answer).toEqual({
      status: 'ok',
      database: 'ok',
      details: { connectors: { healthy: 1, warning: 0, unhealthy: 1 } },
    })
    expect(JSON.stringify(answer)).not.toContain('Secret')
  })
})

describe('T5 a renewal', () => {
  test('refuses the same file, another location, and an earlier end without an explicit word; the rest goes on', async () => {
    await using story = await startStory()
    const { admin, apple, settle } = story
    const location = apple.world.addLocation({ uId: '6006', name: 'Harbor', organizationName: 'Meridian' })
    const elsewhere = apple.world.addLocation({ uId: '6007', name: 'Inland', organizationName: 'Meridian' })
    location.own({ adamId: '900001', total: 10 })
    const first = location.mintToken()
    const id = await admin.addToken(first.file)
    await importDevices(admin)
    await settle()
    await admin.assign('900001', [{ group: 'Pupils', intent: 'required' }])
    await settle()
    const renew = (content: string, acceptEarlier = false) =>
      admin.api
        .PUT('/api/v1/tokens/{id}/content', { params: { path: { id } }, body: { content, acceptEarlier } })
        .then(unwrap)
    const dayFromNow = (days: number) => new Date(apple.clock.now() + days * 86_400_000)
    const revoked = location.mintToken()
    revoked.revoke()
    const cases: [string, string][] = [
      [first.file, 'token.same_file'],
      [elsewhere.mintToken().file, 'token.different_location'],
      [location.mintToken({ expiresAt: dayFromNow(40) }).file, 'token.expires_earlier'],
      [revoked.file, 'token.revoked'],
      ['nonsense!', 'token.not_base64'],
    ]
    for (const [file, code] of cases) expect(await codeOf(renew(file))).toBe(code)
    // Once the present one is no good any more, an earlier end is better than none.
    first.revoke()
    await admin.sync(id)
    await settle()
    const counts = (await admin.asset('900001')).counts
    expect(await renew(location.mintToken({ expiresAt: dayFromNow(40) }).file)).toMatchObject({
      state: 'valid',
    })
    await settle()
    expect((await admin.asset('900001')).counts).toEqual(counts)
    expect([...location.assignments('900001')]).toHaveLength(devices.length)
  })
})

describe('T7 another country', () => {
  test('is warned of in numbers; names stay until the sync, and those not sold there for good', async () => {
    await using story = await startStory()
    const { admin, apple, settle } = story
    const location = apple.world.addLocation({
      uId: '6008',
      name: 'Border',
      organizationName: 'Meridian',
      country: 'NL',
    })
    apple.world.addTitle({
      adamId: '800001',
      name: 'Sterren',
      kind: 'iosSoftware',
      publisher: 'N',
      names: { DE: 'Sterne' },
    })
    apple.world.addTitle({
      adamId: '800002',
      name: 'Alleen hier',
      kind: 'iosSoftware',
      publisher: 'N',
      countries: ['NL'],
    })
    location.own({ adamId: '800001', total: 1 })
    location.own({ adamId: '800002', total: 1 })
    const id = await admin.addToken(location.mintToken().file)
    await settle()
    const nameOf = async (adamId: string) => (await admin.asset(adamId)).title.name
    expect([await nameOf('800001'), await nameOf('800002')]).toEqual(['Sterren', 'Alleen hier'])
    const params = { path: { id }, query: { country: 'DE' } }
    const warned = unwrap(await admin.api.GET('/api/v1/tokens/{id}/country-change', { params }))
    expect(warned).toMatchObject({ from: 'NL', to: 'DE', appleCountry: 'NL', titles: 2, unread: 2 })
    expect(warned.warnings.join(' ')).toContain('Apple says that this location buys in NL, not in DE.')
    apple.world.faults.failNext({ fault: '503', times: 50, match: 'lookup' })
    const body = { country: 'DE' }
    const changed = unwrap(await admin.api.PATCH('/api/v1/tokens/{id}', { params: { path: { id } }, body }))
    expect(changed).toMatchObject({ country: 'DE', appleCountry: 'NL' })
    expect([await nameOf('800001'), await nameOf('800002')]).toEqual(['Sterren', 'Alleen hier'])
    apple.world.faults.clear()
    await admin.sync(id)
    await settle()
    expect([await nameOf('800001'), await nameOf('800002')]).toEqual(['Sterne', 'Alleen hier'])
  })
})

describe('S4 what Apple publishes', () => {
  test('is shown with the moment it was read, and read again after five minutes', async () => {
    await using story = await startStory()
    const { admin, apple } = story
    const read = async () => unwrap(await admin.api.GET('/api/v1/apple/service-config'))
    const first = await read()
    expect(first.limits).toContainEqual({ name: 'maxSerialNumbers', value: 1000 })
    expect(first.urls.map(({ name }) => name)).toContain('associateAssets')
    expect(first.errors).toContainEqual(expect.objectContaining({ number: 9709 }))
    expect(first.lanes).toBe(5)
    apple.clock.advance(4 * 60_000)
    expect((await read()).readAt).toBe(first.readAt)
    apple.clock.advance(60_000)
    apple.world.setKnobs({ limits: { maxSerialNumbers: 7 } })
    const second = await read()
    expect(second.limits).toContainEqual({ name: 'maxSerialNumbers', value: 7 })
    expect(new Date(second.readAt).getTime() - new Date(first.readAt).getTime()).toBeGreaterThanOrEqual(
      300_000,
    )
    // Apple is away: what was read last is shown, and that it is old.
    apple.clock.advance(6 * 60_000)
    apple.world.faults.failNext({ fault: 'reset-before', times: 10, match: '/service/config' })
    expect(await read()).toMatchObject({ readAt: second.readAt, isStale: true })
  })

  test('before it was ever read, an Apple that is away is said', async () => {
    await using story = await startStory()
    story.apple.world.faults.failNext({ fault: 'reset-before', times: 10, match: '/service/config' })
    expect(await codeOf(story.admin.api.GET('/api/v1/apple/service-config').then(unwrap))).toBe(
      'apple.unreachable',
    )
  })

  test('“too many requests” holds the location back and shows in its health for an hour', async () => {
    await using story = await startStory()
    const { admin, apple, settle, pass } = story
    const location = apple.world.addLocation({ uId: '6009', name: 'Busy', organizationName: 'Meridian' })
    const id = await admin.addToken(location.mintToken().file)
    await settle()
    apple.world.faults.failNext({ fault: '429', match: '/assets' })
    await admin.sync(id)
    await settle()
    expect((await tokenNow(admin, id)).health).toMatchObject({
      status: 'warning',
      reasons: [{ code: 'slowed_down' }],
    })
    await pass({ minutes: hour + 1 })
    expect((await tokenNow(admin, id)).health.status).toBe('healthy')
  })
})

/** Something on a port that answers every request alike, or passes it on. */
async function receiver() {
  let status = 204
  let target: string | undefined
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      if (target === undefined) {
        response.writeHead(status).end()
        return
      }
      const { authorization = '', 'content-type': type = '' } = request.headers
      void fetch(`${target}${request.url}`, {
        method: 'POST',
        headers: { authorization, 'content-type': type },
        body: Buffer.concat(chunks),
      }).then((answer) => response.writeHead(answer.status).end())
    })
  })
  const port = await freePort()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    host: `127.0.0.1:${port}`,
    answer(next: number) {
      status = next
    },
    forwardTo(url: string) {
      target = url
    },
    [Symbol.asyncDispose]: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
