import { Problem, Unreachable } from '@apportion/api-client/client'
import { describe, expect, test } from 'vitest'
import { parseSpan } from '../src/commands/sim/time.ts'
import { isReadableOnTheWay, parseServerUrl } from '../src/connection.ts'
import { configFolder } from '../src/credentials.ts'
import {
  type Finding,
  judgeClock,
  judgeDisk,
  judgeNode,
  judgeToken,
  judgeVersions,
  worstOf,
} from '../src/doctor-checks.ts'
import { exitCode } from '../src/exit-codes.ts'
import { attention, CommandFailure, describeFailure, exitCodeOf, usageFailure } from '../src/failure.ts'
import { chooseByName } from '../src/lookup/choose.ts'
import type { Token } from '../src/lookup/token.ts'
import { fetchPages } from '../src/pages.ts'
import { begin } from './support/fake-world.ts'
import { tokenRow } from './support/rows.ts'

type Health = Token['health']

/** A health with one reason. */
const ill = (status: 'warning' | 'unhealthy', code: Health['reasons'][number]['code']): Health => ({
  status,
  reasons: [{ code, severity: status, text: 'Something holds: do something.', count: null, at: null }],
})

describe('the advice on a token', () => {
  const codes: [Health['reasons'][number]['code'], string][] = [
    ['token_revoked', 'apportion token renew 1 FILE'],
    ['token_managed_elsewhere', 'apportion token take-over 1'],
    ['sync_overdue', 'apportion token sync 1 --wait'],
    ['operations_stuck', 'apportion operations --token 1'],
    ['deletion_blocked', 'apportion token delete 1 --licenses leave'],
    ['notifications_off', 'apportion token show 1'],
  ]
  for (const [code, typed] of codes) {
    test(`for ${code} is a command: ${typed}`, () => {
      expect(judgeToken(tokenRow({ health: ill('warning', code) }), begin).advice).toContain(typed)
    })
  }
})

describe('the exit code of', () => {
  const parts = { title: 't', detail: 'd', requestId: null, facts: {}, errors: [] }
  const problem = (status: number, code: string): Problem => new Problem({ ...parts, status, code })
  const cases: [string, unknown, number][] = [
    ['a failure without a code of its own', new Error('x'), exitCode.failed],
    ['wrong use', usageFailure('usage.x', 'x'), exitCode.usage],
    ['a session that is missing', problem(401, 'session.required'), exitCode.notSignedIn],
    ['a wrong password', problem(401, 'session.wrong_credentials'), exitCode.notSignedIn],
    ['a refusal', problem(422, 'token.expired'), exitCode.refused],
    ['Apple out of reach of the server', problem(502, 'apple.unreachable'), exitCode.refused],
    ['a server that starts', problem(503, 'server.starting'), exitCode.unreachable],
    ['a database that is gone', problem(503, 'database.unavailable'), exitCode.unreachable],
    ['a proxy without a server', problem(502, 'http.502'), exitCode.unreachable],
    ['a page of something else', problem(404, 'http.404'), exitCode.failed],
    ['a defect of the server', problem(500, 'internal'), exitCode.failed],
    ['no answer', new Unreachable('http://a.test'), exitCode.unreachable],
    ['something to attend to', attention('x', 'x'), exitCode.attention],
  ]
  for (const [title, failure, code] of cases) {
    test(`${title} is ${code}`, () => expect(exitCodeOf(failure)).toBe(code))
  }
})

test('a failure says what, its code, each wrong value and what to type next', () => {
  const failure = new Problem({
    code: 'session.required',
    status: 401,
    title: 'Sign-in required',
    detail: 'Sign in first.',
    requestId: 'r',
    facts: {},
    errors: [{ path: 'body.name', message: 'too long' }],
  })
  expect(describeFailure(failure)).toBe(
    'apportion: Sign in first. (session.required)\n  body.name: too long\nSign in with: apportion login',
  )
})

test('a failure cannot rewrite the terminal', () => {
  expect(describeFailure(new CommandFailure('x', 'bad \u001b[2J name'))).toBe('apportion: bad  [2J name (x)')
})

describe('a name means', () => {
  const groups = ['iPads', 'iPads upstairs', 'Macs']
  const choose = (wanted: string): string =>
    chooseByName({
      what: 'group',
      wanted,
      candidates: groups,
      nameOf: (name) => name,
      describe: (name) => name,
      advice: 'Look.',
    })

  test('the one with exactly this name, though others contain it', () =>
    expect(choose('ipads')).toBe('iPads'))
  test('the only one that contains it', () => expect(choose('mac')).toBe('Macs'))
  test('nothing, when none contains it', () =>
    expect(() => choose('tv')).toThrow('There is no group “tv”. Look.'))
  test('a question, when more than one contains it', () => {
    expect(() => choose('pads')).toThrow('“pads” can mean 2 things; say which:\n  iPads\n  iPads upstairs')
  })
})

describe('the doctor', () => {
  const cases: [string, Finding, string][] = [
    ['is content with the Node of the project', judgeNode('v24.21.0'), 'ok'],
    ['doubts a newer Node', judgeNode('v26.0.0'), 'warn'],
    ['refuses an older Node', judgeNode('v20.11.0'), 'fail'],
    ['is content with equal versions', judgeVersions('1.0.0', '1.0.0'), 'ok'],
    ['doubts different versions', judgeVersions('1.0.0', '1.1.0'), 'warn'],
    ['allows a clock 30 seconds off', judgeClock(new Date(begin.getTime() + 30_000), begin), 'ok'],
    ['doubts a clock a minute off', judgeClock(new Date(begin.getTime() - 60_000), begin), 'warn'],
    ['refuses a clock an hour off', judgeClock(new Date(begin.getTime() - 3_600_000), begin), 'fail'],
    ['is content with much room', judgeDisk('/data', 50 * 1024 ** 3), 'ok'],
    ['doubts little room', judgeDisk('/data', 3 * 1024 ** 3), 'warn'],
    ['refuses no room', judgeDisk('/data', 100 * 1024 ** 2), 'fail'],
    ['is content with a fresh valid token', judgeToken(tokenRow(), begin), 'ok'],
    [
      'doubts what the server warns of',
      judgeToken(tokenRow({ state: 'expiring', health: ill('warning', 'token_expiring') }), begin),
      'warn',
    ],
    [
      'refuses what the server calls unhealthy',
      judgeToken(tokenRow({ state: 'expired', health: ill('unhealthy', 'token_expired') }), begin),
      'fail',
    ],
    ['doubts a token that is being deleted', judgeToken(tokenRow({ state: 'leaving' }), begin), 'warn'],
  ]
  for (const [title, finding, verdict] of cases) {
    test(title, () => {
      expect(finding.verdict).toBe(verdict)
      // Whatever is not well comes with something to do.
      expect(finding.advice === null).toBe(verdict === 'ok')
    })
  }

  test('takes the worst of all findings as its verdict', () => {
    expect(worstOf([])).toBe('ok')
    expect(worstOf([judgeNode('v24.0.0'), judgeNode('v26.0.0')])).toBe('warn')
    expect(worstOf([judgeNode('v26.0.0'), judgeNode('v18.0.0')])).toBe('fail')
  })
})

describe('an address', () => {
  const addresses: [string, string][] = [
    ['https://apportion.example', 'https://apportion.example'],
    ['https://apportion.example/', 'https://apportion.example'],
    ['apportion.example', 'https://apportion.example'],
    ['localhost:8080', 'http://localhost:8080'],
    ['HTTP://localhost:8080', 'http://localhost:8080'],
    ['https://example.org/apportion/', 'https://example.org/apportion'],
  ]
  for (const [typed, meant] of addresses) {
    test(`“${typed}” means ${meant}`, () => expect(parseServerUrl(typed)).toBe(meant))
  }

  test('that is none is refused', () =>
    expect(() => parseServerUrl('not an address')).toThrow('is not an address'))

  const ways: [string, boolean][] = [
    ['https://apportion.example', false],
    ['http://apportion.example', true],
    ['http://localhost:8080', false],
    ['http://127.0.0.1:8080', false],
    ['http://[::1]:8080', false],
  ]
  for (const [url, readable] of ways) {
    test(`${url} can${readable ? '' : 'not'} be read on the way`, () =>
      expect(isReadableOnTheWay(url)).toBe(readable))
  }
})

const folders: [string, NodeJS.ProcessEnv, string][] = [
  ['XDG_CONFIG_HOME when set', { XDG_CONFIG_HOME: '/x' }, '/x/apportion'],
  ['~/.config otherwise', {}, '/home/ada/.config/apportion'],
]
for (const [title, environment, expected] of folders) {
  test(`settings are kept under ${title}`, () =>
    expect(configFolder(environment, '/home/ada')).toBe(expected))
}

describe('pages', () => {
  const rows = Array.from({ length: 1203 }, (_, index) => index)
  const asked: number[] = []
  const fetchPage = async ({ limit, cursor }: { limit: number; cursor?: string }) => {
    asked.push(limit)
    const start = Number(cursor ?? 0)
    const items = rows.slice(start, start + limit)
    return { items, nextCursor: start + limit < rows.length ? String(start + limit) : null }
  }

  const cases: [string, { limit: number; all: boolean }, number, number[], boolean][] = [
    ['a short list takes one page of just its size', { limit: 20, all: false }, 20, [20], true],
    [
      'a longer one takes pages of the largest size and a rest',
      { limit: 700, all: false },
      700,
      [500, 200],
      true,
    ],
    ['all takes every page', { limit: 20, all: true }, 1203, [500, 500, 500], false],
  ]
  for (const [title, flags, count, limits, more] of cases) {
    test(title, async () => {
      asked.length = 0
      const { items, nextCursor } = await fetchPages(flags, fetchPage)
      expect(items).toEqual(rows.slice(0, count))
      expect(asked).toEqual(limits)
      expect(nextCursor !== null).toBe(more)
    })
  }
})

const timeSpans: [string, number][] = [
  ['250ms', 250],
  ['90s', 90_000],
  ['1.5h', 5_400_000],
  ['30d', 2_592_000_000],
]
for (const [typed, ms] of timeSpans) {
  test(`${typed} is ${ms} milliseconds`, () => expect(parseSpan(typed)).toBe(ms))
}
test('a span without a unit is refused', () => expect(() => parseSpan('90')).toThrow('90s, 15m'))
