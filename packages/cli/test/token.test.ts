import { describe, expect, test } from 'vitest'
import { exitCode } from '../src/exit-codes.ts'
import { apportion, page, problem, type Serve } from './support/fake-world.ts'
import { routes } from './support/routes.ts'
import { syncRow, tokenRow } from './support/rows.ts'

describe('token list', () => {
  const serve = routes({
    'GET /api/v1/tokens': page(tokenRow(), tokenRow({ id: 2, name: 'Head office', state: 'expiring' })),
  })

  test('shows a line for each token', async () => {
    const { code, stdout } = await apportion(['token'], { serve })
    expect(code).toBe(exitCode.ok)
    expect(stdout.split('\n')).toEqual([
      'ID  NAME         STATE     HEALTH   EXPIRES     APPS  TOTAL  USED  AVAILABLE  WAITING  EXACT AS OF',
      ' 1  Main school  valid     healthy  2028-02-01     3    120    40         80        2  2027-03-01 11:57:00',
      ' 2  Head office  expiring  healthy  2028-02-01     3    120    40         80        2  2027-03-01 11:57:00',
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
      syncRow({ state: 'done', scope: 'everything', licensesSeen: 40 }),
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

describe('token change', () => {
  const serve = routes({
    'GET /api/v1/tokens/1': tokenRow(),
    'PATCH /api/v1/tokens/1': tokenRow({ name: 'South' }),
  })
  const changes: [string[], object][] = [
    [['--name', 'South'], { name: 'South' }],
    [['--account', ''], { account: null }],
    [['--automatic-updates', 'off'], { automaticUpdates: false }],
    [['--sync-every', '60'], { syncEveryMinutes: 60 }],
    [['--account-type', 'business'], { accountType: 'business' }],
  ]
  for (const [flags, body] of changes) {
    test(`${flags.join(' ')} changes that and nothing else`, async () => {
      const { code, sent } = await apportion(['token', 'change', '1', ...flags], { serve })
      expect([code, JSON.parse(sent.at(-1)?.body ?? '')]).toEqual([exitCode.ok, body])
    })
  }

  test('nothing asked for exits with 2', async () => {
    expect(await apportion(['token', 'change', '1'], { serve })).toMatchObject({
      code: exitCode.usage,
      sent: [],
    })
  })
})
