import { describe, expect, test } from 'vitest'
import { exitCode } from '../src/exit-codes.ts'
import { apportion } from './support/fake-world.ts'
import { routes } from './support/routes.ts'

describe('sim', () => {
  const state = {
    locations: [
      {
        uId: 'u1',
        name: 'Main school',
        heldCount: 0,
        assets: [{ adamId: '1', total: null, assigned: 3, available: null }],
      },
    ],
  }

  test('buy names the location by its name and says what happened', async () => {
    const serve = routes({ 'GET /state': state, 'POST /locations/u1/buy': {} })
    const { code, sent } = await apportion(['sim', 'buy', 'main', '9041000017', '5'], { serve })
    expect(code).toBe(exitCode.ok)
    expect(JSON.parse(sent.at(-1)?.body ?? '')).toEqual({ adamId: '9041000017', count: 5 })
  })

  test('token writes the file for the user alone', async () => {
    const serve = routes({ 'GET /state': state, 'POST /locations/u1/tokens': { file: 'dG9rZW4=' } })
    const { written, stdout } = await apportion(['sim', 'token', 'u1', '--out', 'a.vpptoken'], { serve })
    expect(written).toEqual({ 'a.vpptoken': 'dG9rZW4=' })
    expect(stdout).not.toContain('dG9rZW4=')
  })

  const faults: [string[], string, unknown][] = [
    [
      ['503', '--times', '2', '--retry-after', '7'],
      'POST /faults',
      { fault: '503', times: 2, retryAfter: 7 },
    ],
    [['stuck-events', '--times', '3'], 'POST /faults/stuck-events', { count: 3 }],
    [['maintenance'], 'POST /faults/maintenance', { on: true }],
    [['none'], 'DELETE /faults', undefined],
  ]
  for (const [words, call, body] of faults) {
    test(`fault ${words.join(' ')} is ${call}`, async () => {
      const { sent } = await apportion(['sim', 'fault', ...words], { serve: () => ({}) })
      expect(`${sent[0]?.method} ${sent[0]?.path}`).toBe(call)
      expect(sent[0]?.body === '' ? undefined : JSON.parse(sent[0]?.body ?? '')).toEqual(body)
    })
  }

  const calls: [string[], string, unknown][] = [
    [['fault', 'lose', '--chance', '0.5'], 'POST /faults', { fault: 'lose', times: 1, chance: 0.5 }],
    [
      ['organization', 'company', '--devices', '50', '--users', '0', '--seed', '7'],
      'POST /organization',
      { preset: 'company', devices: 50, users: 0, seed: 7 },
    ],
    [['directory', '/tmp/d'], 'POST /directory', { folder: '/tmp/d' }],
    [
      ['transfer', 'main', 'u1', '9', '3'],
      'POST /locations/u1/transfer',
      { adamId: '9', count: 3, to: 'u1' },
    ],
    [
      ['assign-outside', 'main', '9', 'D1', 'D2'],
      'POST /locations/u1/assign-outside',
      { adamId: '9', serialNumbers: ['D1', 'D2'] },
    ],
    [
      ['release-outside', 'main', '9', 'D1'],
      'POST /locations/u1/release-outside',
      { adamId: '9', serialNumbers: ['D1'] },
    ],
    [['accept', 'main', 'c1'], 'POST /locations/u1/accept-invitation', { clientUserId: 'c1' }],
    [['let-go', 'main'], 'POST /locations/u1/let-go', undefined],
    [['play', '--random', '5', '--harsh'], 'POST /scenarios/random', { seed: 5, harsh: true, print: false }],
    [['stop-scenario', '3'], 'DELETE /scenarios/3', undefined],
    [['events', 'main', '--limit', '5'], 'GET /locations/u1/events?limit=5', undefined],
    [['holders', 'main', '--app', '9'], 'GET /locations/u1/assignments?limit=30&adamId=9', undefined],
    [['notifications'], 'GET /notifications', undefined],
    [['faults'], 'GET /faults', undefined],
    [['scenarios'], 'GET /scenarios', undefined],
  ]
  const run = { id: 1, name: 'x', state: 'playing', steps: [] }
  const answers = { ...state, ...run, run, size: {}, scenarios: [] }
  for (const [words, call, body] of calls) {
    test(`${words.join(' ')} is ${call}`, async () => {
      const { code, sent } = await apportion(['sim', ...words], { serve: () => answers })
      expect(code).toBe(exitCode.ok)
      expect(`${sent.at(-1)?.method} ${sent.at(-1)?.path}`).toBe(call)
      expect(sent.at(-1)?.body === '' ? undefined : JSON.parse(sent.at(-1)?.body ?? '')).toEqual(body)
    })
  }

  test('play reads a scenario from a file and tells its number', async () => {
    const scenario = { steps: [{ fault: '500' }] }
    const files = { 'a.json': JSON.stringify(scenario), 'b.json': '{' }
    const played = await apportion(['sim', 'play', 'a.json'], { files, serve: () => run })
    expect(JSON.parse(played.sent[0]?.body ?? '')).toEqual(scenario)
    expect(played.stdout).toContain('Scenario 1, x: playing')
    const broken = await apportion(['sim', 'play', 'b.json'], { files })
    expect([broken.code, broken.stderr]).toEqual([
      exitCode.usage,
      expect.stringContaining('b.json is not JSON'),
    ])
    expect((await apportion(['sim', 'play'])).code).toBe(exitCode.usage)
  })

  test('a scenario that the simulator refuses ends with its reason', async () => {
    const error = 'steps[0].chance must be a number from 0 to 1, not 7'
    const { code, stderr } = await apportion(['sim', 'play', 'a.json'], {
      files: { 'a.json': '{}' },
      serve: () => new Response(JSON.stringify({ error }), { status: 400 }),
    })
    expect(code).toBe(exitCode.refused)
    expect(stderr).toContain(error)
  })

  test('knobs turns them and shows what they are', async () => {
    const { sent, stdout } = await apportion(['sim', 'knobs', '{"pageSize": 5}'], {
      serve: () => ({ pageSize: 5 }),
    })
    expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /knobs', 'GET /knobs'])
    expect(JSON.parse(stdout)).toEqual({ pageSize: 5 })
  })

  test('without a simulator exits with 5 and says how to start one', async () => {
    const { code, stderr } = await apportion(['sim', 'state'])
    expect(code).toBe(exitCode.unreachable)
    expect(stderr).toContain('apportion sim start')
  })
})
