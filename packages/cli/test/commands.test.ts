import { describe, expect, test } from 'vitest'
import { exitCode } from '../src/exit-codes.ts'
import { apportion, page, problem, type Serve, signedIn } from './support/fake-world.ts'
import { assetRow, groupRow, planRow, syncRow, tokenRow } from './support/rows.ts'

/** Answers by the start of `METHOD /path`; anything else stays without an answer. */
function routes(table: Readonly<Record<string, unknown>>): Serve {
  return ({ method, path }) => {
    const key = Object.keys(table).find((start) => `${method} ${path}`.startsWith(start))
    const given = key === undefined ? undefined : table[key]
    return typeof given === 'function' ? given() : given
  }
}

describe('wrong use', () => {
  const uses: [string, string[], string][] = [
    ['an unknown command', ['tokn'], 'there is no command “tokn”'],
    ['an unknown flag', ['apps', '--bogus'], 'bogus'],
    ['a missing argument', ['licenses'], 'APP'],
    ['a count that is none', ['apps', '--limit', 'many'], '“many” is not a whole number'],
    ['neither a token nor --all', ['token', 'sync'], '--all'],
    ['an assignment of nothing', ['plan', '--app', 'Atlas'], '--group'],
  ]
  for (const [title, words, said] of uses) {
    test(`${title} exits with 2, says what and sends nothing`, async () => {
      const { code, stdout, stderr, sent } = await apportion(words)
      expect(code).toBe(exitCode.usage)
      expect(stderr).toContain('apportion: ')
      expect(stderr).toContain(said)
      expect([stdout, sent]).toEqual(['', []])
    })
  }
})

test('without a sign-in a command exits with 3 and says how to get one', async () => {
  const { code, stderr } = await apportion(['apps'], { credentials: null })
  expect(code).toBe(exitCode.notSignedIn)
  expect(stderr).toContain('apportion login')
})

test('a server that does not answer exits with 5', async () => {
  const { code, stderr } = await apportion(['overview'])
  expect(code).toBe(exitCode.unreachable)
  expect(stderr).toContain('No answer from http://server.test')
})

test('the kept key is never sent to another server than the one that gave it', async () => {
  const { code, sent } = await apportion(['apps'], { settings: { url: 'https://elsewhere.test' } })
  expect([code, sent]).toEqual([exitCode.notSignedIn, []])
})

test('APPORTION_URL and APPORTION_API_KEY go before what login kept', async () => {
  const { sent } = await apportion(['token', 'list'], {
    settings: { url: 'https://elsewhere.test', apiKey: 'apk_other' },
    serve: routes({ 'GET /api/v1/tokens': page() }),
  })
  expect(sent[0]?.headers.get('authorization')).toBe('Bearer apk_other')
})

describe('token list', () => {
  const serve = routes({
    'GET /api/v1/tokens': page(tokenRow(), tokenRow({ id: 2, name: 'Head office', state: 'expiring' })),
  })

  test('shows a line for each token', async () => {
    const { code, stdout } = await apportion(['token'], { serve })
    expect(code).toBe(exitCode.ok)
    expect(stdout.split('\n')).toEqual([
      'ID  NAME         STATE     EXPIRES     APPS  TOTAL  USED  AVAILABLE  WAITING  EXACT AS OF',
      ' 1  Main school  valid     2028-02-01     3    120    40         80        2  3 minutes ago',
      ' 2  Head office  expiring  2028-02-01     3    120    40         80        2  3 minutes ago',
      '',
    ])
  })

  test("with --json is one document in the API's shape", async () => {
    const { stdout } = await apportion(['token', 'list', '--json'], { serve })
    expect(JSON.parse(stdout)).toEqual(
      page(tokenRow(), tokenRow({ id: 2, name: 'Head office', state: 'expiring' })),
    )
  })
})

describe('token add', () => {
  const inspection = {
    organizationName: 'Meridian College',
    expiresAt: '2028-02-01T00:00:00.000Z',
    uid: 'loc-1',
    locationName: 'Main school',
    country: 'NL',
    accountType: 'education',
    suggestedName: 'Main school',
    holder: null,
    known: null,
  }
  const held = { ...inspection, holder: { id: 'x', name: 'Other MDM', metadata: null } }
  const files = { 'main.vpptoken': 'c2VjcmV0LXRva2Vu\n' }
  const serving = (found: unknown): Serve =>
    routes({ 'POST /api/v1/tokens/inspections': found, 'POST /api/v1/tokens': tokenRow() })
  const bodyOf = (sent: readonly { readonly path: string; readonly body: string }[]): unknown => {
    const body = sent.find(({ path }) => path === '/api/v1/tokens')?.body
    return body === undefined ? undefined : JSON.parse(body)
  }

  test('with --consent and --yes asks nothing and sends the file as it is', async () => {
    const { code, sent } = await apportion(
      ['token', 'add', 'main.vpptoken', '--consent', '--yes', '--name', 'Main'],
      { serve: serving(inspection), files },
    )
    expect(code).toBe(exitCode.ok)
    expect(bodyOf(sent)).toEqual({
      content: 'c2VjcmV0LXRva2Vu\n',
      consent: true,
      takeOver: false,
      automaticUpdates: false,
      name: 'Main',
    })
  })

  test('never shows what is in the file', async () => {
    const { stdout, stderr } = await apportion(['token', 'add', 'main.vpptoken', '--consent', '--yes'], {
      serve: serving(inspection),
      files,
    })
    expect(stdout + stderr).not.toContain('c2VjcmV0')
  })

  const missing: [string, string[], string][] = [
    ['the consent', ['--yes'], '--consent'],
    ['the agreement', ['--consent'], '--yes'],
  ]
  for (const [title, flags, said] of missing) {
    test(`without a terminal and ${title} it exits with 2, names the flag and adds nothing`, async () => {
      const { code, stderr, sent } = await apportion(['token', 'add', 'main.vpptoken', ...flags], {
        serve: serving(inspection),
        files,
      })
      expect(code).toBe(exitCode.usage)
      expect(stderr).toContain(said)
      expect(bodyOf(sent)).toBeUndefined()
    })
  }

  test('asks before taking a location over, and adds nothing when the person declines', async () => {
    const { code, asked, sent } = await apportion(['token', 'add', 'main.vpptoken'], {
      serve: serving(held),
      files,
      answers: [false],
    })
    expect(code).toBe(exitCode.failed)
    expect(asked[0]).toContain('Other MDM manages this location')
    expect(bodyOf(sent)).toBeUndefined()
  })

  test('takes a location over when the person agrees to that, too', async () => {
    const { code, asked, sent } = await apportion(['token', 'add', 'main.vpptoken'], {
      serve: serving(held),
      files,
      answers: [true, true, true],
    })
    expect(code).toBe(exitCode.ok)
    expect(asked).toHaveLength(3)
    expect(bodyOf(sent)).toMatchObject({ consent: true, takeOver: true })
  })

  test('without a terminal another holder is refused by the server, with what to add', async () => {
    const serve = routes({
      'POST /api/v1/tokens/inspections': held,
      'POST /api/v1/tokens': () => problem(409, 'token.managed_elsewhere'),
    })
    const { code, stderr } = await apportion(['token', 'add', 'main.vpptoken', '--consent', '--yes'], {
      serve,
      files,
    })
    expect(code).toBe(exitCode.refused)
    expect(stderr).toContain('--take-over')
  })
})

describe('token sync', () => {
  test('waits until the sync has ended', async () => {
    const looks = [
      syncRow({ state: 'running', phase: 'assets' }),
      syncRow({ state: 'running', phase: 'licenses' }),
      syncRow({ state: 'done', licensesSeen: 40 }),
    ]
    const serve = routes({
      'GET /api/v1/tokens/1/syncs': () => page(looks.length > 1 ? looks.shift() : looks[0]),
      'POST /api/v1/tokens/1/syncs': syncRow(),
      'GET /api/v1/tokens/1': tokenRow(),
    })
    const { code, stdout } = await apportion(['token', 'sync', '1', '--wait'], { serve })
    expect(code).toBe(exitCode.ok)
    expect(stdout).toContain('done: 0 assets, 40 licenses')
  })

  test('that failed exits with 1 and says why', async () => {
    const failed = syncRow({
      state: 'failed',
      problem: { code: 'apple.unreachable', detail: 'Apple is away.' },
    })
    const serve = routes({
      'GET /api/v1/tokens/1/syncs': page(failed),
      'POST /api/v1/tokens/1/syncs': syncRow(),
      'GET /api/v1/tokens/1': tokenRow(),
    })
    const { code, stdout, stderr } = await apportion(['token', 'sync', '1', '--wait'], { serve })
    expect(code).toBe(exitCode.failed)
    expect(stdout).toContain('Apple is away.')
    expect(stderr).toContain('sync.failed')
  })

  test('that does not end is left after --timeout seconds', async () => {
    const serve = routes({
      'GET /api/v1/tokens/1/syncs': page(syncRow()),
      'POST /api/v1/tokens/1/syncs': syncRow(),
      'GET /api/v1/tokens/1': tokenRow(),
    })
    const { code, stderr, slept } = await apportion(['token', 'sync', '1', '--wait', '--timeout', '30'], {
      serve,
    })
    expect(code).toBe(exitCode.failed)
    expect(stderr).toContain('wait.timeout')
    expect(slept).toBeGreaterThanOrEqual(30_000)
    expect(slept).toBeLessThan(33_000)
  })
})

describe('apps', () => {
  test('says unlimited where Apple sets no limit, and never a number', async () => {
    const counts = { ...assetRow().counts, unlimited: true, total: null, available: null }
    const { stdout } = await apportion(['apps'], {
      serve: routes({ 'GET /api/v1/assets': page(assetRow({ counts })) }),
    })
    expect(stdout).toMatch(/unlimited +40 +unlimited/)
  })

  test('says that there is more than was shown, apart from the list', async () => {
    const serve = routes({ 'GET /api/v1/assets': { items: [assetRow()], nextCursor: 'c' } })
    const { stdout, stderr } = await apportion(['apps', '--limit', '1'], { serve })
    expect(stderr).toContain('--all shows every one')
    expect(stdout).not.toContain('--all')
  })

  test('passes the search and the filters on', async () => {
    const { sent } = await apportion(['apps', '--search', 'atlas', '--waiting', '--sort', 'used'], {
      serve: routes({ 'GET /api/v1/assets': page() }),
    })
    expect(sent[0]?.path).toBe('/api/v1/assets?sort=used&show=waiting&q=atlas&limit=100')
  })

  test('passes the CSV of the server on, byte for byte', async () => {
    const csv = '\ufeffName,Total\r\nZoë,1\r\n'
    const serve = routes({
      'GET /api/v1/assets.csv': () => new Response(csv, { headers: { 'content-type': 'text/csv' } }),
    })
    const { stdout } = await apportion(['apps', '--csv'], { serve })
    expect(stdout).toBe(csv)
  })
})

describe('an app is found', () => {
  const two = page(assetRow(), assetRow({ id: 12, token: { id: 2, name: 'Head office' } }))
  const cases: [string, string, unknown, number, string][] = [
    ['by its adamId', '9041000017', page(assetRow()), exitCode.ok, '/api/v1/assets/11/holders'],
    ['by part of its name', 'atlas', page(assetRow()), exitCode.ok, '/api/v1/assets/11/holders'],
    ['not when two locations own it', '9041000017', two, exitCode.usage, '/api/v1/assets'],
    ['not when there is none', 'tetris', page(), exitCode.failed, '/api/v1/assets'],
  ]
  for (const [title, wanted, found, expected, last] of cases) {
    test(title, async () => {
      const serve = routes({ 'GET /api/v1/assets/11/holders': page(), 'GET /api/v1/assets?': found })
      const { code, sent } = await apportion(['licenses', wanted], { serve })
      expect(code).toBe(expected)
      expect(sent.at(-1)?.path.startsWith(last)).toBe(true)
    })
  }

  test('by its id when no adamId is like it', async () => {
    const serve = routes({
      'GET /api/v1/assets/11/holders': page(),
      'GET /api/v1/assets/11': assetRow(),
      'GET /api/v1/assets?': page(),
    })
    const { code } = await apportion(['licenses', '11'], { serve })
    expect(code).toBe(exitCode.ok)
  })
})

describe('plan and assign', () => {
  const groups = page(groupRow(5, 'iPads'))
  const serving = (plan: unknown, applied: unknown = { assignments: [] }): Serve =>
    routes({
      'GET /api/v1/assets?': page(assetRow()),
      'GET /api/v1/groups': groups,
      'GET /api/v1/assignments': page(),
      'POST /api/v1/plans/0198f7e2-0000-7000-8000-00000000000a/apply': applied,
      'POST /api/v1/plans': plan,
    })
  const words = ['--app', 'Star Atlas', '--group', 'iPads']
  const waiting = planRow({ waits: { count: 4, sample: [] } })

  test('plan shows what would happen and changes nothing', async () => {
    const { code, stdout, sent } = await apportion(['plan', ...words], { serve: serving(planRow()) })
    expect(code).toBe(exitCode.ok)
    expect(stdout).toContain('30 devices get a license')
    expect(stdout).toContain('C02AAA111 iPad 1: Member of iPads.')
    expect(stdout).toContain('60 → 30')
    expect(sent.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET', 'POST'])
    expect(JSON.parse(sent.at(-1)?.body ?? '')).toEqual({
      assetId: 11,
      wanted: [{ groupId: 5, mode: 'include', intent: 'required' }],
    })
  })

  test('plan --strict exits with 6 when devices wait', async () => {
    const { code } = await apportion(['plan', ...words, '--strict'], { serve: serving(waiting) })
    expect(code).toBe(exitCode.attention)
  })

  test('assign without a terminal needs --yes, and applies nothing without it', async () => {
    const { code, stderr, sent } = await apportion(['assign', ...words], { serve: serving(planRow()) })
    expect(code).toBe(exitCode.usage)
    expect(stderr).toContain('--yes')
    expect(sent.some(({ path }) => path.endsWith('/apply'))).toBe(false)
  })

  test('assign shows the plan before it asks, and applies nothing when the person declines', async () => {
    const { code, stderr, asked, sent } = await apportion(['assign', ...words], {
      serve: serving(planRow()),
      answers: [false],
    })
    expect(code).toBe(exitCode.failed)
    expect(stderr).toContain('30 devices get a license')
    expect(asked).toEqual(['Apply this?'])
    expect(sent.some(({ path }) => path.endsWith('/apply'))).toBe(false)
  })

  test('assign --yes applies the plan that was made', async () => {
    const { code, stdout, sent } = await apportion(['assign', ...words, '--yes', '--json'], {
      serve: serving(planRow()),
    })
    expect(code).toBe(exitCode.ok)
    expect(sent.at(-1)?.path).toBe('/api/v1/plans/0198f7e2-0000-7000-8000-00000000000a/apply')
    expect(JSON.parse(stdout)).toEqual({ assignments: [] })
  })

  test('assign --strict stops before applying when devices would wait', async () => {
    const { code, sent } = await apportion(['assign', ...words, '--yes', '--strict'], {
      serve: serving(waiting),
    })
    expect(code).toBe(exitCode.attention)
    expect(sent.some(({ path }) => path.endsWith('/apply'))).toBe(false)
  })

  test('a world that moved in between is a refusal', async () => {
    const { code, stderr } = await apportion(['assign', ...words, '--yes'], {
      serve: serving(planRow(), () => problem(409, 'plan.world_moved')),
    })
    expect(code).toBe(exitCode.refused)
    expect(stderr).toContain('Nothing was changed')
  })
})

describe('import', () => {
  const result = {
    id: 'i',
    kind: 'devices',
    at: '',
    actorName: '',
    fileName: null,
    onError: 'keep_nothing',
    rows: 3,
    created: 2,
    updated: 0,
    unchanged: 0,
  }
  const bad = {
    rejected: 1,
    rejections: [{ line: 3, column: 'serial_number', value: '?', reason: 'Not a serial number.' }],
  }
  const cases: [string, object, number, string][] = [
    ['with good rows only', { kept: true, rejected: 0, rejections: [] }, exitCode.ok, '3 rows: 2 new'],
    ['that kept the good rows', { kept: true, ...bad }, exitCode.attention, 'Not a serial number.'],
    ['that kept nothing', { kept: false, ...bad }, exitCode.refused, 'nothing kept'],
  ]
  for (const [title, outcome, expected, said] of cases) {
    test(`${title} exits with ${expected}`, async () => {
      const serve = routes({ 'POST /api/v1/imports': { ...result, ...outcome } })
      const { code, stdout, sent } = await apportion(['devices', 'import', 'lists/ipads.csv'], {
        serve,
        files: { 'lists/ipads.csv': 'serial_number\n' },
      })
      expect(code).toBe(expected)
      expect(stdout).toContain(said)
      expect(sent[0]?.path).toBe('/api/v1/imports?kind=devices&onError=keep_nothing&fileName=ipads.csv')
      expect(sent[0]?.headers.get('content-type')).toBe('text/csv')
    })
  }
})

describe('groups add', () => {
  test('takes members from the line and from a file, in calls of at most 10,000', async () => {
    const lines = Array.from({ length: 10_001 }, (_, index) => `SERIAL${index}`).join('\r\n')
    const serve = routes({
      'GET /api/v1/groups': page(groupRow(5, 'iPads')),
      'POST /api/v1/groups/5/members': { added: 5, removed: 0, members: 40 },
    })
    const { code, stdout, sent } = await apportion(['groups', 'add', 'iPads', 'FIRST', '--from', 'all.txt'], {
      serve,
      files: { 'all.txt': lines },
    })
    const sizes = sent.slice(1).map(({ body }) => (JSON.parse(body) as { add: string[] }).add.length)
    expect([code, sizes]).toEqual([exitCode.ok, [10_000, 2]])
    expect(stdout).toContain('iPads: 10 added, 0 removed, 40 members now.')
  })
})

describe('login', () => {
  const serve: Serve = ({ method, path }) => {
    if (method === 'POST' && path === '/api/v1/session') {
      const headers = { 'set-cookie': 'apportion=s3cret; HttpOnly; Path=/' }
      return Response.json(
        { administrator: {}, csrfToken: 'csrf-1', expiresAt: '' },
        { status: 201, headers },
      )
    }
    if (method === 'POST') return Response.json({ key: 'apk_new', apiKey: { id: 'k9' } }, { status: 201 })
    if (method === 'DELETE') return new Response(null, { status: 204 })
    return { items: [] }
  }
  const words = ['login', '--url', 'http://localhost:8080', '--email', 'ada@example.org', '--password-stdin']

  test('keeps an API key, ends the session, and keeps no password', async () => {
    const { code, saved, sent, stdout, stderr } = await apportion(words, {
      serve,
      credentials: null,
      files: { '-': 'a quiet river\n' },
    })
    expect(code).toBe(exitCode.ok)
    expect(saved).toEqual({
      url: 'http://localhost:8080',
      apiKey: 'apk_new',
      apiKeyId: 'k9',
      email: 'ada@example.org',
    })
    expect(sent.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'POST /api/v1/session',
      'POST /api/v1/api-keys',
      'DELETE /api/v1/session',
      'GET /api/v1/api-keys',
    ])
    expect(sent[1]?.headers.get('cookie')).toBe('apportion=s3cret')
    expect(sent[1]?.headers.get('x-csrf-token')).toBe('csrf-1')
    expect(stdout + stderr).not.toContain('apk_new')
  })

  test('with a wrong password exits with 3 and keeps what was there', async () => {
    const refusing: Serve = () => problem(401, 'session.wrong_credentials')
    const { code, saved } = await apportion(words, { serve: refusing, files: { '-': 'wrong\n' } })
    expect([code, saved]).toEqual([exitCode.notSignedIn, signedIn])
  })

  test('sends no password over plain HTTP to another machine', async () => {
    const { code, sent } = await apportion(['login', '--url', 'http://apportion.example'], { serve })
    expect([code, sent]).toEqual([exitCode.usage, []])
  })

  test('asks a person for what is not given', async () => {
    const { code, asked } = await apportion(['login'], {
      serve,
      credentials: null,
      answers: ['localhost', 'ada@example.org', 'pw'],
    })
    expect(code).toBe(exitCode.ok)
    expect(asked).toEqual(['Address of the server', 'Email address', 'Password'])
  })
})

test('logout revokes the key at the server and forgets it, even when the server is gone', async () => {
  const { code, sent, saved, stderr } = await apportion(['logout'])
  expect([code, saved]).toEqual([exitCode.ok, null])
  expect(sent[0]).toMatchObject({ method: 'DELETE', path: '/api/v1/api-keys/k1' })
  expect(stderr).toContain('stays valid there')
})

describe('doctor', () => {
  const date = new Date('2027-03-01T12:00:00.000Z').toUTCString()
  const serving = (...tokens: readonly unknown[]): Serve =>
    routes({
      'GET /health': () => Response.json({ status: 'ok' }, { headers: { date } }),
      'GET /api/v1/openapi.json': { info: { version: '1.2.3' } },
      'GET /api/v1/api-keys': { items: [] },
      'GET /api/v1/tokens': page(...tokens),
    })
  const cases: [string, Serve, number, string][] = [
    ['all is well', serving(tokenRow()), exitCode.ok, 'ok    Token Main school: valid'],
    [
      'a token expires soon',
      serving(tokenRow({ state: 'expiring' })),
      exitCode.attention,
      'apportion token renew 1 FILE',
    ],
    [
      'a token has expired',
      serving(tokenRow({ state: 'expired' })),
      exitCode.failed,
      'fail  Token Main school',
    ],
    ['the server does not answer', () => undefined, exitCode.failed, 'fail  Server: no answer'],
    [
      'the server cannot work',
      routes({
        'GET /health': () =>
          Response.json(
            { status: 'unavailable', reason: 'disk.full', detail: 'The disk is full.' },
            { status: 503 },
          ),
      }),
      exitCode.failed,
      'The disk is full.',
    ],
  ]
  for (const [title, serve, expected, said] of cases) {
    test(`exits with ${expected} when ${title}`, async () => {
      const { code, stdout } = await apportion(['doctor'], { serve })
      expect(code).toBe(expected)
      expect(stdout).toContain(said)
    })
  }
})

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

test('a shell can ask what could follow', async () => {
  const { stdout } = await apportion(['__complete', 'token', 's'])
  expect(stdout.split('\n').map((line) => line.split('\t')[0])).toEqual(['show', 'sync', ''])
})
