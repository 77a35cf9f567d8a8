import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startAppleSim } from '../src/apple-sim.ts'
import { manualClock } from '../src/clock.ts'
import { RequestLog } from '../src/request-log.ts'
import { caller, scene, serials } from './support/scene.ts'

const assets = [{ adamId: '900001' }]

test('C39 the sixteenth request in a second is 429/9646, counted over all tokens, and a second later it passes', async () => {
  await using at = await scene({ maxRequestPerSecond: undefined, pacingClock: 'simulated' })
  const twin = caller(at.apple, at.location.mintToken().file)
  const statuses = []
  for (let index = 0; index < 16; index++)
    statuses.push((await (index % 2 ? twin : at).get('/assets')).status)
  expect(statuses).toEqual([...Array(15).fill(200), 429])
  expect((await at.get('/assets')).body.errorNumber).toBe(9646)
  const elsewhere = at.world.addLocation({ name: 'Mountain school', organizationName: 'MOUNTAIN' })
  expect((await caller(at.apple, elsewhere.mintToken().file).get('/assets')).status).toBe(200)

  at.clock.advance(1000)
  expect((await twin.get('/assets')).status).toBe(200)
  expect(at.location.peakRequestsPerSecond).toBe(17)
})

test('C39 any second counts, not the seconds of the clock', async () => {
  await using at = await scene({ maxRequestPerSecond: undefined, pacingClock: 'simulated' })
  const burst = async (count: number) => {
    const statuses = new Set<number>()
    for (let index = 0; index < count; index++) statuses.add((await at.get('/users')).status)
    return [...statuses]
  }
  at.clock.advance(900)
  expect(await burst(10)).toEqual([200])
  at.clock.advance(200)
  expect(await burst(5)).toEqual([200])
  expect(await burst(1)).toEqual([429])
})

test('C40 503/9729 carries Retry-After as seconds or as a date, and whoever comes early is refused again', async () => {
  for (const retryAfterStyle of ['seconds', 'http-date'] as const) {
    await using at = await scene({ pacingClock: 'simulated' })
    at.world.faults.failNext({ fault: '503', retryAfter: 2, retryAfterStyle })
    const first = await at.get('/assets')
    expect([first.status, first.body.errorNumber]).toEqual([503, 9729])
    const header = first.headers.get('retry-after') ?? ''
    if (retryAfterStyle === 'seconds') expect(header).toBe('2')
    else expect(new Date(header).getTime()).toBe(at.clock.now() + 2000)

    at.clock.advance(1000)
    expect((await at.get('/users')).status).toBe(503)
    at.clock.advance(1000)
    expect((await at.get('/users')).status).toBe(200)
  }
})

test('C40 ordered faults hit matching requests only, as often as asked', async () => {
  await using at = await scene()
  at.world.faults.failNext({ match: '/users', fault: '500', times: 2 })
  expect((await at.get('/assets')).status).toBe(200)
  expect((await at.get('/users')).body.errorNumber).toBe(9603)
  expect((await at.get('/users')).status).toBe(500)
  expect((await at.get('/users')).status).toBe(200)

  at.world.faults.failNext({ fault: '429', retryAfter: 1 })
  const limited = await at.get('/assets')
  expect([limited.status, limited.body.errorNumber, limited.headers.get('retry-after')]).toEqual([
    429,
    9646,
    '1',
  ])
  at.world.faults.failNext({ fault: 'html' })
  expect((await at.get('/assets')).headers.get('content-type')).toBe('text/html')
  at.world.faults.failNext({ fault: 'truncated' })
  await expect(at.get('/assets')).rejects.toThrow()
  at.world.faults.failNext({ fault: 'slow', delayMs: 60 })
  const began = performance.now()
  expect((await at.get('/assets')).status).toBe(200)
  expect(performance.now() - began).toBeGreaterThan(50)
})

test('C41 a connection cut after the commit leaves an event without an answer; cut before, it leaves nothing', async () => {
  await using at = await scene()
  at.location.own({ adamId: '900001', total: 10 })
  const body = { assets, serialNumbers: serials(3) }
  at.world.faults.failNext({ match: '/assets/associate', fault: 'reset-before' })
  await expect(at.post('/assets/associate', body)).rejects.toThrow()
  await at.world.settle()
  expect(at.location.heldCount).toBe(0)

  at.world.faults.failNext({ match: '/assets/associate', fault: 'reset-after-commit' })
  await expect(at.post('/assets/associate', body)).rejects.toThrow()
  await at.world.settle()
  expect(at.location.heldCount).toBe(3)

  expect(await at.carryOut('/assets/associate', body)).toMatchObject({
    eventStatus: 'COMPLETE',
    numCompleted: 3,
  })
  expect(at.location.heldCount).toBe(3)
})

test('C43 during maintenance every task fails with 9644', async () => {
  await using at = await scene()
  at.location.own({ adamId: '900001', total: 10 })
  at.world.faults.maintenance(true)
  const status = await at.carryOut('/assets/associate', { assets, serialNumbers: serials(2) })
  expect(status).toMatchObject({ eventStatus: 'FAILED', numCompleted: 0 })
  expect(status.failures[0]?.errorNumber).toBe(9644)
  const users = await at.carryOut('/users/create', { users: [{ clientUserId: 'u1' }] })
  expect(users.failures[0]?.errorNumber).toBe(9644)
  expect(at.location.heldCount).toBe(0)
})

test('C43 a stuck event is still PENDING after ten minutes, and the one after it is not', async () => {
  await using at = await scene()
  at.location.own({ adamId: '900001', total: 10 })
  at.world.faults.stuckEvents(1)
  const stuck = await at.post('/assets/associate', { assets, serialNumbers: ['D1'] })
  const next = await at.post('/assets/associate', { assets, serialNumbers: ['D2'] })
  at.clock.advance(600_000)
  const statusOf = async (event: typeof stuck) =>
    (await at.get(`/status?eventId=${event.body.eventId}`)).body.eventStatus
  expect([await statusOf(stuck), await statusOf(next)]).toEqual(['PENDING', 'COMPLETE'])
  expect(at.location.heldCount).toBe(1)
})

test('C43 a forgotten event is done but 9708, as is every event after its retention', async () => {
  await using at = await scene({ eventRetentionMs: 60_000 })
  at.location.own({ adamId: '900001', total: 10 })
  at.world.faults.forgetEvents(1)
  const forgotten = await at.post('/assets/associate', { assets, serialNumbers: ['D1'] })
  const kept = await at.post('/assets/associate', { assets, serialNumbers: ['D2'] })
  await at.world.settle()
  const statusOf = async (event: typeof kept) => (await at.get(`/status?eventId=${event.body.eventId}`)).body
  expect((await statusOf(forgotten)).errorNumber).toBe(9708)
  expect((await statusOf(kept)).eventStatus).toBe('COMPLETE')
  expect(at.location.heldCount).toBe(2)
  at.clock.advance(60_001)
  expect((await statusOf(kept)).errorNumber).toBe(9708)
})

test('C44 a restart keeps locations, tokens, users, versions and unfinished events', async () => {
  const stateFolder = await mkdtemp(join(tmpdir(), 'apple-sim-'))
  try {
    let file = ''
    let eventId = ''
    let before: unknown
    let versionId = ''
    {
      await using at = await scene({}, { stateFolder })
      file = at.token.file
      at.location.own({ adamId: '900001', total: 10 })
      at.location.addUser({ clientUserId: 'u1', email: 'u1@meridian.example' })
      at.location.assignOutside('900001', { serialNumbers: ['D1', 'gone'], clientUserIds: ['u1'] })
      at.location.releaseOutside('900001', { serialNumbers: ['gone'] })
      await at.post('/client/config', { mdmInfo: { id: 'i', name: 'n', metadata: 'm' } })
      versionId = (await at.get('/assignments')).body.versionId
      before = (await at.get('/users')).body
      eventId = (await at.post('/assets/associate', { assets, serialNumbers: ['D2', 'D3'] })).body.eventId
    }
    const clock = manualClock()
    await using apple = await startAppleSim({ stateFolder, clock })
    const client = caller(apple, file)
    const location = apple.world.location('300')
    expect(location.tokens.map((token) => token.file)).toEqual([file])
    expect([...location.assignments()].map((held) => held.serialNumber ?? held.clientUserId)).toEqual([
      'u1',
      'D1',
    ])
    expect((await client.get('/users')).body).toEqual(before)
    expect((await client.get('/client/config')).body.mdmInfo.id).toBe('i')
    expect((await client.get(`/status?eventId=${eventId}`)).body.eventStatus).toBe('PENDING')

    await apple.world.settle()
    expect((await client.get(`/status?eventId=${eventId}`)).body).toMatchObject({
      eventStatus: 'COMPLETE',
      numCompleted: 2,
    })
    const delta = (await client.get(`/assignments?sinceVersionId=${versionId}`)).body.assignments
    expect(delta.map((held: { serialNumber: string }) => held.serialNumber)).toEqual(['D2', 'D3'])
  } finally {
    await rm(stateFolder, { recursive: true })
  }
})

test('C44 a state file that is none is named in the error', async () => {
  const stateFolder = await mkdtemp(join(tmpdir(), 'apple-sim-'))
  try {
    await writeFile(join(stateFolder, 'apple-sim.json'), '{"format":')
    await expect(startAppleSim({ stateFolder })).rejects.toThrow(/apple-sim\.json holds no state/)
  } finally {
    await rm(stateFolder, { recursive: true })
  }
})

test('calls are counted by method, path, location, status and error, beyond what the log keeps', async () => {
  await using at = await scene({ requestLogSize: 5 })
  for (let index = 0; index < 40; index++) await at.get('/assets')
  await at.get('/assets?revocable=perhaps')
  expect(at.world.requests).toHaveLength(5)
  expect(at.world.countRequests()).toBe(41)
  expect(at.world.countRequests({ path: '/assets', status: 200 })).toBe(40)
  expect(at.world.countRequests({ errorNumber: 9602, uId: '300' })).toBe(1)
  expect(at.world.countRequests({ method: 'POST' })).toBe(0)
  at.world.forgetRequests()
  expect(at.world.countRequests()).toBe(0)
})

test('whoever tries thousands of paths is counted, without a counter for each', async () => {
  const log = new RequestLog(() => 10)
  for (let index = 0; index < 12_000; index++)
    log.add({ at: 0, method: 'GET', path: `/icons/${index}`, status: 404 })
  log.add({ at: 0, method: 'GET', path: '/icons/1', status: 404 })
  expect([log.count(), log.count({ path: '/icons/1' }), log.count({ path: '(other paths)' })]).toEqual([
    12_001, 2, 2000,
  ])
})

test('answers that take time overlap, and the most that overlapped are counted for each location', async () => {
  await using at = await scene({ latencyMs: 30 })
  const elsewhere = at.world.addLocation({ name: 'Mountain school', organizationName: 'MOUNTAIN' })
  await Promise.all(Array.from({ length: 5 }, () => at.get('/assets')))
  expect([at.location.peakParallelRequests, elsewhere.peakParallelRequests]).toEqual([5, 0])
  expect(at.world.peakParallelRequests).toBe(5)
})
