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

  test('without a simulator exits with 5 and says how to start one', async () => {
    const { code, stderr } = await apportion(['sim', 'state'])
    expect(code).toBe(exitCode.unreachable)
    expect(stderr).toContain('apportion sim start')
  })
})
