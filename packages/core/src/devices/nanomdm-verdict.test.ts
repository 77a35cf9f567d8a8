import { describe, expect, test } from 'vitest'
import { enqueueVerdict, pushesVerdict } from './nanomdm-verdict.ts'

const of = (one: object) => ({ status: { A: one }, command_uuid: 'c', request_type: 'DeviceInformation' })

describe('a command that was passed on', () => {
  test.each([
    ['200 without an error', 200, of({}), 'taken'],
    ['200 that names nobody, as for an id it does not know', 200, { command_uuid: 'c' }, 'taken'],
    ['500 because the push failed', 500, { ...of({ push_error: 'no push cert' }), push_error: 'x' }, 'taken'],
    ['500 because it has the command', 500, of({ command_error: 'command already exists: c' }), 'taken'],
    [
      '500 because it has the command, said once for all',
      500,
      { command_error: 'command already exists: c' },
      'taken',
    ],
    ['207 with an error of this device', 207, of({ command_error: 'foreign key' }), 'refused'],
    ['500 with an error', 500, of({ command_error: 'disk full' }), 'refused'],
    ['401', 401, undefined, 'unauthorized'],
    ['500 without JSON', 500, undefined, 'unclear'],
    ['200 of another server', 200, { hello: 'world' }, 'unclear'],
    ['404', 404, undefined, 'unclear'],
  ])('%s', (_what, status, body, kind) => {
    expect(enqueueVerdict({ status, body }, 'A').kind).toBe(kind)
  })
})

describe('devices that were to be woken', () => {
  test('are told apart by their own results', () => {
    const body = { status: { A: { push_result: 'x' }, B: { push_error: 'gone' } } }
    expect(pushesVerdict({ status: 207, body }, ['A', 'B'])).toEqual({
      kind: 'answered',
      failed: new Map([['B', 'gone']]),
    })
  })

  test('all failed when the error is of all', () => {
    const verdict = pushesVerdict({ status: 500, body: { push_error: 'no certificate' } }, ['A', 'B'])
    expect(verdict.kind === 'answered' && [...verdict.failed.keys()]).toEqual(['A', 'B'])
  })

  test.each([
    [401, 'unauthorized'],
    [502, 'unclear'],
  ])('%i says %s', (status, kind) => {
    expect(pushesVerdict({ status, body: undefined }, ['A']).kind).toBe(kind)
  })
})
