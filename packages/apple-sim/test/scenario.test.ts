import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { FAULTS } from '../src/fault-language.ts'
import { randomScenario } from '../src/random-scenario.ts'
import { parseScenario } from '../src/scenario.ts'
import { caller, registration, scene, serials } from './support/scene.ts'
import { webhookReceiver } from './support/webhook-receiver.ts'

const assets = [{ adamId: '900001' }]

/** A location with 200 licenses, three pages of holders, and a webhook. */
async function stage() {
  const at = await scene({ pageSize: 2 })
  const webhook = await webhookReceiver()
  at.location.own({ adamId: '900001', total: 200 })
  at.location.assignOutside('900001', { serialNumbers: serials(6, 'H') })
  await at.post('/client/config', registration(webhook.url))
  const play = (...steps: unknown[]) => at.world.play({ name: 'test', seed: 5, steps })
  return {
    ...at,
    webhook,
    play,
    managed: () => webhook.ofType('ASSET_MANAGEMENT').map(({ notification }) => notification),
    hits: () => at.world.scenarios.flatMap(({ steps }) => steps.map(({ hits }) => hits)),
    async [Symbol.asyncDispose]() {
      await at.apple.close()
      await webhook[Symbol.asyncDispose]()
    },
  }
}

describe('requests', () => {
  const refused: [{ fault: string; retryAfter?: number; retryAfterStyle?: string }, number, number?][] = [
    [{ fault: '429' }, 429, 9646],
    [{ fault: '500' }, 500, 9603],
    [{ fault: '503', retryAfter: 2, retryAfterStyle: 'http-date' }, 503, 9729],
    [{ fault: 'html' }, 502],
  ]
  for (const [step, status, errorNumber] of refused) {
    test(`${step.fault} strikes as often as asked, then the next request passes`, async () => {
      await using at = await stage()
      at.play({ ...step, match: '/assets', times: 2 })
      expect((await at.get('/users')).status).toBe(200)
      const first = await at.get('/assets')
      expect([first.status, first.body.errorNumber]).toEqual([status, errorNumber])
      expect(at.world.requests.at(-1)).toMatchObject({ status, fault: step.fault })
      if (step.retryAfter !== undefined) expect(first.headers.get('retry-after')).toMatch(/GMT$/)
      expect((await at.get('/assets')).status).toBe(status)
      at.world.clearFaults()
      expect((await at.get('/assets')).status).toBe(200)
    })
  }

  for (const fault of ['reset-after-commit', 'timeout-after-commit']) {
    test(`${fault}: the caller hears nothing, and the licenses are there all the same`, async () => {
      await using at = await stage()
      at.play({ fault, match: 'associate', ...(fault.startsWith('timeout') && { delay: '20ms' }) })
      await expect(at.post('/assets/associate', { assets, serialNumbers: ['D1'] })).rejects.toThrow()
      await at.world.settle()
      expect(at.location.counts('900001').assigned).toBe(7)
    })
  }

  for (const fault of ['reset-before', 'truncated']) {
    test(`${fault}: no usable answer`, async () => {
      await using at = await stage()
      at.play({ fault })
      await expect(at.get('/assets')).rejects.toThrow()
    })
  }

  test('a step begins at its moment, and is over at the end', async () => {
    await using at = await stage()
    at.play({ at: '10s', until: '1m', fault: '500' })
    const statusAfter = async (ms: number) => {
      at.clock.advance(ms)
      return (await at.get('/assets')).status
    }
    expect([await statusAfter(9999), await statusAfter(1), await statusAfter(49_999)]).toEqual([
      200, 500, 500,
    ])
    expect(await statusAfter(1)).toBe(200)
    expect(at.world.scenarios[0]).toMatchObject({ state: 'done', steps: [{ state: 'done', hits: 2 }] })
  })

  test('chance hits a share, the same requests for the same seed, whatever else happens', async () => {
    const struck = async (seed: number, disturbance: number) => {
      await using at = await scene({}, { seed: disturbance })
      at.world.play({ seed, steps: [{ fault: '500', chance: 0.3, times: 100 }] })
      const statuses = []
      for (let index = 0; index < 40; index++) statuses.push((await at.get('/assets')).status)
      return statuses.map((status) => (status === 500 ? 'x' : '.')).join('')
    }
    const first = await struck(3, 1)
    expect(await struck(3, 2)).toBe(first)
    expect(await struck(4, 1)).not.toBe(first)
    const hits = first.replaceAll('.', '').length
    expect(hits).toBeGreaterThan(4)
    expect(hits).toBeLessThan(22)
  })
})

describe('walks', () => {
  test('versions-move: from the second page on every page has another versionId', async () => {
    await using at = await stage()
    at.play({ fault: 'versions-move', times: 2 })
    const pages = []
    for (const index of [0, 1, 2]) pages.push((await at.get(`/assignments?pageIndex=${index}`)).body)
    expect(new Set(pages.map(({ versionId }) => versionId)).size).toBe(3)
  })

  test('pages-move: totalPages grows during the walk, by licenses that another system gave', async () => {
    await using at = await stage()
    at.play({ fault: 'pages-move', count: 3 })
    const first = (await at.get('/assignments')).body
    const second = (await at.get('/assignments?pageIndex=1')).body
    expect([first.totalPages, second.totalPages]).toEqual([3, 5])
    expect(at.location.counts('900001').assigned).toBe(9)
    await at.world.settle()
    expect(at.managed().flatMap(({ assignments }) => assignments)).toHaveLength(3)
  })

  test('forget-versions: no versionId that was handed out is known any more', async () => {
    await using at = await stage()
    const { versionId } = (await at.get('/assignments')).body
    at.play({ fault: 'forget-versions' })
    expect((await at.get(`/assignments?sinceVersionId=${versionId}`)).body.errorNumber).toBe(9721)
  })
})

describe('events', () => {
  test('partial-failure: some tasks fail with the number asked for, the others succeed', async () => {
    await using at = await stage()
    at.play({ fault: 'partial-failure', times: 3, errorNumber: 9644, match: 'ASSOCIATE' })
    const status = await at.carryOut('/assets/associate', { assets, serialNumbers: serials(10) })
    expect(status).toMatchObject({ eventStatus: 'FAILED', numRequested: 10, numCompleted: 7 })
    expect(status.failures).toMatchObject([{ errorNumber: 9644, errorInfo: { serialNumbers: serials(3) } }])
    const heard = at.managed().map(({ result, assignments }) => `${result} ${assignments.length}`)
    expect(heard.sort((a, b) => a.localeCompare(b))).toEqual(['FAILURE 3', 'SUCCESS 7'])
  })

  test('partial-failure strikes users too', async () => {
    await using at = await stage()
    at.play({ fault: 'partial-failure', times: 1 })
    const users = [{ clientUserId: 'u1' }, { clientUserId: 'u2' }]
    const status = await at.carryOut('/users/create', { users })
    expect(status.failures).toMatchObject([{ errorNumber: 9603, errorInfo: { clientUserIds: ['u1'] } }])
    expect((await at.get('/users')).body.users).toHaveLength(1)
  })

  test('maintenance is on until its end', async () => {
    await using at = await stage()
    at.play({ fault: 'maintenance', until: '5m' })
    const during = await at.carryOut('/assets/associate', { assets, serialNumbers: ['D1'] })
    expect(during.failures).toMatchObject([{ errorNumber: 9644 }])
    at.clock.advance(300_000)
    const after = await at.carryOut('/assets/associate', { assets, serialNumbers: ['D1'] })
    expect(after.eventStatus).toBe('COMPLETE')
  })

  test('stuck and forgotten events', async () => {
    await using at = await stage()
    at.play({ fault: 'stuck-event' }, { fault: 'forgotten-event' })
    const stuck = await at.carryOut('/assets/associate', { assets, serialNumbers: ['D1'] })
    const forgotten = await at.carryOut('/assets/associate', { assets, serialNumbers: ['D2'] })
    expect([stuck.eventStatus, forgotten.errorNumber]).toEqual(['PENDING', 9708])
  })
})

describe('notifications', () => {
  const associate = { assets, serialNumbers: serials(150) }

  test('lose: as many as asked are never sent', async () => {
    await using at = await stage()
    at.play({ fault: 'lose', match: 'ASSET_MANAGEMENT', times: 1 })
    await at.carryOut('/assets/associate', associate)
    expect(at.managed()).toHaveLength(1)
  })

  test('double: twice with the same id', async () => {
    await using at = await stage()
    at.play({ fault: 'double', times: 1 })
    await at.carryOut('/assets/associate', associate)
    const ids = at.webhook.ofType('ASSET_MANAGEMENT').map(({ notificationId }) => notificationId)
    expect([ids.length, new Set(ids).size]).toEqual([3, 2])
  })

  test('delay: later by that much, so that the next one overtakes it', async () => {
    await using at = await stage()
    at.play({ fault: 'delay', times: 1, delay: '90s' })
    await at.post('/assets/associate', associate)
    at.clock.advance(10_000)
    await at.world.drain()
    expect(at.managed().map(({ assignments }) => assignments.length)).toEqual([50])
    at.clock.advance(90_000)
    await at.world.drain()
    expect(at.managed()).toHaveLength(2)
  })

  test('reorder: held back within the delay', async () => {
    await using at = await stage()
    at.play({ fault: 'reorder', times: 1, delay: '60s' })
    await at.carryOut('/assets/associate', associate)
    expect(at.managed().map(({ assignments }) => assignments.length)).toEqual([50, 100])
  })
})

describe('locations', () => {
  const dead: [string, number][] = [
    ['revoke-token', 9625],
    ['expire-token', 9621],
  ]
  for (const [fault, errorNumber] of dead) {
    test(`${fault}: every token of the location named, and of no other`, async () => {
      await using at = await stage()
      const elsewhere = at.world.addLocation({ name: 'Mountain school', organizationName: 'MOUNTAIN' })
      const other = caller(at.apple, elsewhere.mintToken().file)
      at.play({ fault, location: 'Harbor school' })
      expect((await at.get('/assets')).body.errorNumber).toBe(errorNumber)
      expect((await other.get('/assets')).status).toBe(200)
    })
  }

  test('read-only-token: reads pass, writes are refused, until the end', async () => {
    await using at = await stage()
    at.play({ fault: 'read-only-token', until: '1m' })
    const write = () => at.post('/assets/associate', { assets, serialNumbers: ['D1'] })
    expect([(await at.get('/assets')).status, (await write()).status]).toEqual([200, 403])
    at.clock.advance(60_000)
    expect((await write()).status).toBe(200)
  })

  test('take-over and let-go', async () => {
    await using at = await stage()
    at.play({ fault: 'take-over', name: 'Rival' }, { at: '1m', fault: 'let-go' })
    expect((await at.get('/assets')).body.mdmInfo.name).toBe('Rival')
    at.clock.advance(60_000)
    expect((await at.get('/assets')).body.mdmInfo).toBeUndefined()
  })

  test('shortage: nothing is available until the end, and counts are announced with their sign', async () => {
    await using at = await stage()
    at.play({ fault: 'shortage', until: '1h' })
    expect(at.location.counts('900001')).toMatchObject({ available: 0, total: 6 })
    at.clock.advance(3_600_000)
    await at.world.drain()
    expect(at.location.counts('900001')).toMatchObject({ available: 194, total: 200 })
    const deltas = at.webhook.ofType('ASSET_COUNT').map(({ notification }) => notification.countDelta)
    expect(deltas.sort((a, b) => a - b)).toEqual([-194, 194])
  })

  test('what cannot be done at its moment is told, and the others go on', async () => {
    await using at = await stage()
    at.play({ fault: 'refund', adamId: '900001', count: 900 }, { fault: 'buy', adamId: '900001', count: 5 })
    expect(at.world.scenarios[0]?.steps).toMatchObject([
      { state: 'failed', reason: 'Only 194 licenses of 900001 are available, 900 cannot go' },
      { state: 'done', hits: 1 },
    ])
    expect(at.location.counts('900001').total).toBe(205)
  })
})

test('stopping a scenario takes back what is left of it', async () => {
  await using at = await stage()
  const { id } = at.play(
    { fault: '500', times: 10 },
    { fault: 'read-only-token', until: '1h' },
    { at: '1m', fault: 'revoke-token' },
  )
  expect((await at.get('/assets')).status).toBe(500)
  expect(at.world.stopScenario(id).state).toBe('stopped')
  expect((await at.get('/assets')).status).toBe(200)
  expect(at.token.role).toBe('manage')
  at.clock.advance(120_000)
  expect(at.token.isValid).toBe(true)
})

describe('a scenario that is not valid is refused with the place and the value', () => {
  const wrong: [unknown, string][] = [
    [[], 'The scenario must be a JSON object, not []'],
    [{ steps: {} }, 'steps must be a list, not {}'],
    [{ steps: [], sed: 1 }, 'sed is not a field of a scenario; it has name, seed and steps'],
    [{ steps: [], seed: -1 }, 'seed must be a whole number from 0 to 4294967295, not -1'],
    [{ steps: [7] }, 'steps[0] must be a JSON object, not 7'],
    [{ steps: [{ at: '10s' }] }, 'not left out'],
    [{ steps: [{ fault: 'flood' }] }, 'steps[0].fault must be one of 429, 500, 503'],
    [{ steps: [{ fault: '500', at: '10 sec' }] }, 'steps[0].at must be a span of time such as 250ms'],
    [
      { steps: [{ fault: '500' }, { fault: '429', chance: 7 }] },
      'steps[1].chance must be a number from 0 to 1, not 7',
    ],
    [
      { steps: [{ fault: 'html', retryAfter: 2 }] },
      'steps[0].retryAfter is no field of the fault "html"; it may have at, match, chance, times, until',
    ],
    [
      { steps: [{ fault: '503', retryAfterStyle: 'date' }] },
      'steps[0].retryAfterStyle must be one of seconds, http-date',
    ],
    [{ steps: [{ fault: '500', times: 0 }] }, 'steps[0].times must be a whole number from 1'],
    [
      { steps: [{ fault: '500', at: '2m', until: '1m' }] },
      'steps[0].until must be later than "at", 120000 ms',
    ],
    [{ steps: [{ fault: 'buy', count: 1 }] }, 'steps[0].adamId is missing; "buy" needs it'],
    [{ steps: [{ fault: 'partial-failure', errorNumber: 1 }] }, 'steps[0].errorNumber must be one of 9603'],
  ]
  for (const [value, message] of wrong) {
    test(message, () => {
      expect(() => parseScenario(value)).toThrow(message)
    })
  }

  test('a location that does not exist is refused before anything is done', async () => {
    await using at = await stage()
    const steps = [{ fault: 'revoke-token' }, { fault: 'let-go', location: 'Nowhere' }]
    expect(() => at.world.play({ steps })).toThrow(
      'steps[1].location must be the uId or name of a location (Harbor school), not "Nowhere"',
    )
    expect(at.token.isValid).toBe(true)
    expect(at.world.scenarios).toEqual([])
  })
})

describe('scenarios made up from a seed', () => {
  test('are valid, the same for the same seed, different for others, and use every fault between them', () => {
    const used = new Set<string>()
    for (let seed = 0; seed < 200; seed++) {
      const made = randomScenario(seed, { harsh: true })
      expect(randomScenario(seed, { harsh: true })).toEqual(made)
      for (const { fault } of parseScenario(made).steps) used.add(fault)
    }
    expect(randomScenario(1)).not.toEqual(randomScenario(2))
    const byHand = ['let-go', 'refund', 'buy']
    expect([...used, ...byHand].sort()).toEqual(Object.keys(FAULTS).sort())
  })

  test('leave a world that works again, unless they are harsh', async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      await using at = await stage()
      at.world.play(randomScenario(seed))
      await at.world.settle()
      at.world.clearFaults()
      const status = await at.carryOut('/assets/associate', { assets, serialNumbers: ['D1'] })
      expect([seed, status.eventStatus]).toEqual([seed, 'COMPLETE'])
      expect(at.location.counts('900001').total).toBe(200)
    }
  })
})

describe('docs/guide/simulator.md', async () => {
  const guide = await readFile(join(import.meta.dirname, '../../../docs/guide/simulator.md'), 'utf8')

  test('plays every example', async () => {
    const examples = [...guide.matchAll(/```json scenario\n(.*?)```/gs)].map(([, text = '']) => text)
    expect(examples.length).toBeGreaterThan(2)
    for (const text of examples) {
      await using at = await stage()
      at.world.addLocation({ name: 'Meridian College', organizationName: 'MERIDIAN' })
      at.world.play(JSON.parse(text))
      await at.world.settle()
      const steps = at.world.scenarios.flatMap((run) => run.steps)
      expect(steps.filter(({ state }) => state === 'failed')).toEqual([])
      expect(steps.filter(({ state }) => state === 'waiting')).toEqual([])
    }
  })

  test('names every fault with what it does and its fields', () => {
    for (const [name, { says, fields }] of Object.entries(FAULTS)) {
      const more = fields.filter((field) => !['match', 'chance', 'times'].includes(field))
      const words = more.map((field) => `\`${field}\``).join(', ')
      expect(guide).toContain(`| \`${name}\` | ${says} | ${words} |`)
    }
  })
})
