import { describe, expect, test } from 'vitest'
import { exitCode } from '../src/exit-codes.ts'
import type { Intervention } from '../src/intervening.ts'
import { apportion, page, problem, type Serve } from './support/fake-world.ts'
import { routes } from './support/routes.ts'
import { assetRow } from './support/rows.ts'

const id = '0198f7e2-0000-7000-8000-00000000000a'
const at = '2027-03-01T11:00:00.000Z'

function intervention(
  changes: Partial<Intervention> = {},
  preview: Partial<Intervention['preview']> = {},
): Intervention {
  return {
    id,
    kind: 'take_back',
    state: 'preview',
    scope: {
      token: { id: 1, name: 'Main school' },
      asset: { id: 11, name: 'Star Atlas' },
      holder: null,
      user: null,
      idle: null,
    },
    includeOutside: false,
    required: 'leave',
    unassigned: 'leave',
    preview: {
      licenses: 30,
      withheld: 0,
      waitingWithheld: 0,
      comeBack: 0,
      skipped: [
        {
          outcome: 'skipped',
          reason: 'held_outside',
          count: 3,
          text: 'Held outside Apportion: another gave it.',
        },
      ],
      apps: 1,
      locations: 1,
      requests: 1,
      toQueue: 2,
      queued: 0,
      ...preview,
    },
    counts: [],
    appsDone: 0,
    appsTotal: 0,
    withheldNow: 0,
    undoes: null,
    undoneBy: null,
    undoUntil: null,
    createdAt: at,
    createdBy: 'Ada',
    expiresAt: at,
    appliedAt: null,
    appliedBy: null,
    finishedAt: null,
    ...changes,
  }
}

const running = intervention({ state: 'running', appliedAt: at, appliedBy: 'Ada', appsTotal: 1 })
const done = intervention({
  ...running,
  state: 'done',
  appsDone: 1,
  withheldNow: 4,
  counts: [{ outcome: 'taken', reason: null, count: 30, text: 'Taken back.' }],
})

const serving = (shown: unknown, applied: unknown = running): Serve =>
  routes({
    'GET /api/v1/assets?': page(assetRow()),
    [`POST /api/v1/interventions/${id}/apply`]: applied,
    [`GET /api/v1/interventions/${id}`]: done,
    'POST /api/v1/interventions': shown,
  })
const words = ['licenses', 'take-back', '--app', 'Star Atlas']

describe('licenses idle free and undo', () => {
  test('frees what is idle for the reasons that were said', async () => {
    const words = [
      'licenses',
      'idle',
      'free',
      '--reason',
      'serial_unknown,user_left',
      '--app',
      'Star Atlas',
      '--yes',
    ]
    const { code, sent } = await apportion(words, { serve: serving(intervention()) })
    expect(code).toBe(exitCode.ok)
    const asked = sent.find(({ path }) => path === '/api/v1/interventions')
    expect(JSON.parse(asked?.body ?? '')).toEqual({
      kind: 'take_back',
      required: 'leave',
      includeOutside: false,
      scope: { idle: ['serial_unknown', 'user_left'], assetId: 11 },
    })
  })

  test('undoes a record: shows who gets a license again, asks, and does it', async () => {
    const undo = intervention({ kind: 'undo', undoes: id }, { skipped: [], queued: 2 })
    const serve = routes({
      [`POST /api/v1/interventions/${id}/undo`]: undo,
      [`POST /api/v1/interventions/${id}/apply`]: { ...running, kind: 'undo', undoes: id },
    })
    const { code, stderr, stdout, asked } = await apportion(['licenses', 'undo', id], {
      serve,
      answers: [true],
    })
    expect(code).toBe(exitCode.ok)
    expect(stderr).toContain('30 licenses go to their holders again')
    expect(stderr).toContain('2 devices withheld no longer')
    expect(stderr).not.toContain('stops working')
    expect(asked).toEqual(['Do this?'])
    expect(stdout).toContain('Undo: ')
  })
})

describe('licenses take-back', () => {
  test('shows what is taken and what is passed over and why, and does nothing when the person declines', async () => {
    const { code, stderr, asked, sent } = await apportion(words, {
      serve: serving(intervention()),
      answers: [false],
    })
    expect(code).toBe(exitCode.failed)
    expect(stderr).toContain('Take back: Star Atlas of Main school')
    expect(stderr).toContain('30 licenses are taken back')
    expect(stderr).toContain('2 licenses that come free go to devices that wait')
    expect(stderr).toContain('3 licenses passed over: Held outside Apportion')
    expect(asked).toEqual(['Do this?'])
    expect(sent.some(({ path }) => path.endsWith('/apply'))).toBe(false)
  })

  test('asks for what was said, and no more', async () => {
    const { sent } = await apportion([...words, '--withhold', '--include-outside', '--yes'], {
      serve: serving(intervention()),
    })
    const asked = sent.find(({ path }) => path === '/api/v1/interventions')
    expect(JSON.parse(asked?.body ?? '')).toEqual({
      kind: 'take_back',
      required: 'withhold',
      includeOutside: true,
      scope: { assetId: 11 },
    })
  })

  test('waits until Apple has answered for all of it, and says how to undo what is withheld', async () => {
    const { code, stdout } = await apportion([...words, '--yes', '--wait'], {
      serve: serving(intervention()),
    })
    expect(code).toBe(exitCode.ok)
    expect(stdout).toContain('30  Taken back.')
    expect(stdout).toContain(`apportion licenses give-again --record ${id}`)
  })

  test('without a terminal needs --yes, and previews nothing without it', async () => {
    const { code, stderr, sent } = await apportion(words, { serve: serving(intervention()) })
    expect([code, sent]).toEqual([exitCode.usage, []])
    expect(stderr).toContain('--yes')
  })

  test('does nothing when every license is passed over', async () => {
    const { code, stderr, sent } = await apportion([...words, '--yes'], {
      serve: serving(intervention({}, { licenses: 0 })),
    })
    expect(code).toBe(exitCode.failed)
    expect(stderr).toContain('every license is passed over')
    expect(sent.some(({ path }) => path.endsWith('/apply'))).toBe(false)
  })

  test('a person sees the new preview when the world moved in between, and is asked again', async () => {
    const other = '0198f7e2-0000-7000-8000-00000000000b'
    const moved = intervention({ id: other }, { licenses: 31 })
    const serve: Serve = (request) => {
      if (request.path.endsWith('a/apply')) {
        return problem(409, 'intervention.world_moved', { facts: { intervention: moved } })
      }
      return request.path.endsWith('b/apply') ? running : serving(intervention())(request)
    }
    const { code, stderr, asked } = await apportion(words, { serve, answers: [true, true] })
    expect([code, asked.length]).toEqual([exitCode.ok, 2])
    expect(stderr).toContain('31 licenses are taken back')
  })

  test('a world that moved in between is a refusal for a script', async () => {
    const { code, stderr } = await apportion([...words, '--yes'], {
      serve: serving(intervention(), () => problem(409, 'intervention.world_moved')),
    })
    expect(code).toBe(exitCode.refused)
    expect(stderr).toContain('Nothing was done')
  })

  const scopes: [string, string[]][] = [
    ['nothing', []],
    ['everything and an app', ['--everything', '--app', 'Star Atlas']],
    ['a device and a user', ['--device', 'C02AAA111', '--user', 'ada']],
  ]
  for (const [title, scope] of scopes) {
    test(`is wrong use when it names ${title}`, async () => {
      const { code } = await apportion(['licenses', 'take-back', ...scope, '--yes'], {
        serve: serving(intervention()),
      })
      expect(code).toBe(exitCode.usage)
    })
  }
})

describe('licenses adopt, free and give-again', () => {
  test('adopting says what would be taken back then', async () => {
    const shown = intervention({ kind: 'adopt' }, { comeBack: 5, skipped: [] })
    const { stderr, sent } = await apportion(
      ['licenses', 'adopt', '--app', 'Star Atlas', '--unassigned', '--yes'],
      {
        serve: serving(shown),
      },
    )
    expect(stderr).toContain('30 licenses become ours')
    expect(stderr).toContain('5 licenses of these are required by no assignment, and are taken back then')
    expect(sent.find(({ path }) => path === '/api/v1/interventions')?.body).toContain(
      '"unassigned":"take_back"',
    )
  })

  test('freeing everything asks for everything', async () => {
    const { sent } = await apportion(['licenses', 'free', '--everything', '--yes'], {
      serve: serving(intervention({ kind: 'free' })),
    })
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual({
      kind: 'free',
      required: 'leave',
      scope: { everything: true },
    })
  })

  test('giving again names a record, a device, an app or a token', async () => {
    const serve = routes({ 'POST /api/v1/give-again': { given: 4 } })
    const { stdout, sent } = await apportion(['licenses', 'give-again', '--record', id], { serve })
    expect(stdout).toContain('4 withheld no longer')
    expect(JSON.parse(sent[0]?.body ?? '')).toEqual({ interventionId: id })
    expect((await apportion(['licenses', 'give-again'], { serve })).code).toBe(exitCode.usage)
  })
})

describe('licenses records', () => {
  const serve = routes({
    [`GET /api/v1/interventions/${id}`]: done,
    'GET /api/v1/interventions?': page(done),
  })

  test('lists them, and shows one with what became of it', async () => {
    expect((await apportion(['licenses', 'records'], { serve })).stdout).toContain(
      'Star Atlas of Main school',
    )
    expect((await apportion(['licenses', 'records', id], { serve })).stdout).toContain(
      'Ada, 2027-03-01 11:00',
    )
  })
})

describe('ledger', () => {
  const holder = {
    asset: { id: 11, name: 'Star Atlas' },
    token: { id: 1, name: 'Main school' },
    kind: 'device',
    id: 'C02AAA111',
    deviceId: 1,
    name: 'iPad 1',
  }
  const line = {
    seq: 7,
    at,
    change: 'refused',
    ...holder,
    cause: {
      code: 'refused_by_apple',
      text: 'Apple refused to give it.',
      errorNumber: 9709,
      groupName: null,
      by: null,
    },
    operationId: null,
    interventionId: null,
  }
  const serve = routes({
    'GET /api/v1/assets?': page(assetRow()),
    'GET /api/v1/ledger/holders': page(holder),
    'GET /api/v1/ledger?': page(line),
  })

  test('tells when, what, of whom and why', async () => {
    const { stdout } = await apportion(['ledger', '--device', 'C02AAA111'], { serve })
    expect(stdout).toMatch(
      /2027-03-01 11:00 +refused +C02AAA111 +Star Atlas +Apple refused to give it\. \(error 9709\)/,
    )
  })

  test('tells who held an app at a moment', async () => {
    const { stdout, sent } = await apportion(['ledger', '--app', 'Star Atlas', '--at', '2027-02-01T10:00Z'], {
      serve,
    })
    expect(stdout).toContain('C02AAA111')
    expect(sent.at(-1)?.path).toBe('/api/v1/ledger/holders?at=2027-02-01T10:00:00.000Z&assetId=11&limit=100')
  })

  test('refuses a moment that is none, and a moment of nothing', async () => {
    expect((await apportion(['ledger', '--from', 'yesterday'], { serve })).code).toBe(exitCode.usage)
    expect((await apportion(['ledger', '--at', '2027-02-01'], { serve })).code).toBe(exitCode.usage)
  })
})
