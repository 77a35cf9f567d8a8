import { describe, expect, test } from 'vitest'
import { exitCode } from '../src/exit-codes.ts'
import { apportion, page, problem } from './support/fake-world.ts'
import { routes } from './support/routes.ts'
import { tokenRow } from './support/rows.ts'

const preview = {
  name: 'Main school',
  cannotRelease: null,
  licenses: { ours: 40, irrevocable: 3, outside: 5, granting: 0 },
  assets: {
    count: 3,
    sample: [{ assetId: 11, name: 'Star Atlas', ours: 40, outside: 5, revocable: true, assignments: 2 }],
  },
  assignments: 2,
  groups: 1,
  waiting: 4,
  holders: { devices: 40, users: 0, sample: [] },
  appsStopAfterDays: 30,
}
const before = { state: 'none', preview, progress: null, end: null }
const progress = {
  since: '2027-03-01T11:58:00.000Z',
  by: 'Ada Byron',
  licenses: 'release',
  phase: 'releasing',
  mayCancel: true,
  total: 40,
  released: 10,
  releasing: 30,
  refused: 0,
  askedAgainAt: null,
  openOperations: 1,
  blocked: null,
}
const running = { state: 'running', preview, progress, end: null }
const deleted = (claim: string, claimDetail: string | null = null) => ({
  state: 'deleted',
  preview: null,
  progress: null,
  end: { name: 'Main school', at: '2027-03-01T12:00:00.000Z', by: 'Ada Byron', claim, claimDetail },
})
const serving = (looks: unknown[], begun: unknown = running) =>
  routes({
    'GET /api/v1/tokens/1/deletion': () => (looks.length > 1 ? looks.shift() : looks[0]),
    'POST /api/v1/tokens/1/deletion': begun,
    'DELETE /api/v1/tokens/1/deletion': () => new Response(null, { status: 204 }),
    'GET /api/v1/tokens': page(tokenRow()),
  })
const posted = (sent: readonly { readonly method: string; readonly body: string }[]): unknown => {
  const body = sent.find(({ method }) => method === 'POST')?.body
  return body === undefined ? undefined : JSON.parse(body)
}

describe('T6 token delete', () => {
  test('--preview names every consequence with its number, and changes nothing', async () => {
    const { code, stdout, sent } = await apportion(['token', 'delete', 'Main school', '--preview'], {
      serve: serving([before]),
    })
    expect(code).toBe(exitCode.ok)
    for (const said of [
      '40 licenses',
      '3 licenses',
      '5 licenses',
      '40 devices',
      '2 assignments to 1 group',
      '4 devices',
      '30 days',
    ]) {
      expect(stdout).toContain(said)
    }
    expect(stdout).toContain('Star Atlas')
    expect(posted(sent)).toBeUndefined()
  })

  test('asks what becomes of the licenses, and for the name', async () => {
    const { code, sent, asked } = await apportion(['token', 'delete', '1'], {
      serve: serving([before]),
      answers: [true, 'Main school'],
    })
    expect(code).toBe(exitCode.ok)
    expect(asked).toHaveLength(2)
    expect(posted(sent)).toEqual({ name: 'Main school', licenses: 'release' })
  })

  test('deletes nothing when another name is typed', async () => {
    const { code, sent } = await apportion(['token', 'delete', '1', '--licenses', 'leave'], {
      serve: serving([before]),
      answers: ['Another school'],
    })
    expect(code).toBe(exitCode.failed)
    expect(posted(sent)).toBeUndefined()
  })

  const unclear: [string, string[], string][] = [
    ['what becomes of the licenses', ['--yes'], '--licenses'],
    ['the agreement', ['--licenses', 'leave'], '--yes'],
  ]
  for (const [title, flags, said] of unclear) {
    test(`without a terminal and ${title} it exits with 2 and sends nothing`, async () => {
      const { code, stderr, sent } = await apportion(['token', 'delete', '1', ...flags], {
        serve: serving([before]),
      })
      expect([code, sent]).toEqual([exitCode.usage, []])
      expect(stderr).toContain(said)
    })
  }

  test('--wait follows it to its end and tells what became of the claim', async () => {
    const { code, stdout } = await apportion(
      ['token', 'delete', '1', '--licenses', 'release', '--yes', '--wait'],
      { serve: serving([before, before, running, running, deleted('marked')]) },
    )
    expect(code).toBe(exitCode.ok)
    expect(stdout).toContain('was deleted')
    expect(stdout).toContain('shows the location as released')
  })

  test('a claim that stayed at Apple is told, and exits with 6', async () => {
    const { code, stderr } = await apportion(
      ['token', 'delete', '1', '--licenses', 'leave', '--yes', '--wait'],
      { serve: serving([before, before, deleted('failed', 'The next service has to take it over.')]) },
    )
    expect(code).toBe(exitCode.attention)
    expect(stderr).toContain('has to take it over')
  })

  test('a deletion that cannot go on exits with 6 and says what to do', async () => {
    const blocked = { why: 'token', text: '40 licenses cannot be taken back. Leave them.' }
    const { code, stderr } = await apportion(
      ['token', 'delete', '1', '--licenses', 'release', '--yes', '--wait'],
      { serve: serving([before, before, { ...running, progress: { ...progress, blocked } }]) },
    )
    expect(code).toBe(exitCode.attention)
    expect(stderr).toContain('Leave them.')
  })

  test('a token that cannot take licenses back is refused with what to add', async () => {
    const { code, stderr } = await apportion(['token', 'delete', '1', '--licenses', 'release', '--yes'], {
      serve: serving([before], () => problem(409, 'token.cannot_release')),
    })
    expect(code).toBe(exitCode.refused)
    expect(stderr).toContain('--licenses leave')
  })

  test('--cancel calls it off', async () => {
    const { code, sent } = await apportion(['token', 'delete', '1', '--cancel'], {
      serve: serving([running, before]),
    })
    expect(code).toBe(exitCode.ok)
    expect(sent.map(({ method }) => method)).toContain('DELETE')
  })

  test('--status shows how far it is', async () => {
    const { stdout } = await apportion(['token', 'delete', '1', '--status'], { serve: serving([running]) })
    expect(stdout).toContain('10 of 40 licenses back, 30 on their way')
  })
})

describe('T7 token change --country', () => {
  const change = {
    from: 'NL',
    to: 'DE',
    appleCountry: 'NL',
    titles: 3,
    known: 1,
    missing: 1,
    unread: 1,
    renamed: [{ from: 'Sterrenatlas', to: 'Sternatlas' }],
    warnings: ['Names change.', 'Apple says that this location buys in NL, not in DE.'],
  }
  const serve = routes({
    'GET /api/v1/tokens/1/country-change': change,
    'PATCH /api/v1/tokens/1': tokenRow({ country: 'DE' }),
    'GET /api/v1/tokens/1': tokenRow(),
  })

  test('warns and asks; a person who declines changes nothing', async () => {
    const { code, stderr, sent } = await apportion(['token', 'change', '1', '--country', 'de'], {
      serve,
      answers: [false],
    })
    expect(code).toBe(exitCode.failed)
    expect(stderr).toContain('Sterrenatlas becomes Sternatlas')
    expect(sent.some(({ method }) => method === 'PATCH')).toBe(false)
  })

  test('with --yes changes it, and shows what Apple says beside it', async () => {
    const { code, stdout, sent } = await apportion(['token', 'change', '1', '--country', 'de', '--yes'], {
      serve,
    })
    expect(code).toBe(exitCode.ok)
    expect(JSON.parse(sent.at(-1)?.body ?? '')).toEqual({ country: 'DE' })
    expect(stdout).toContain('DE (Apple says NL)')
  })

  test('without a terminal and --yes exits with 2', async () => {
    expect((await apportion(['token', 'change', '1', '--country', 'de'], { serve })).code).toBe(
      exitCode.usage,
    )
  })
})

describe('T4 token take-over', () => {
  const managedBy = { id: 'x', name: 'Other MDM', metadata: null, letGo: false }
  const serve = routes({
    'POST /api/v1/tokens/1/claim': tokenRow(),
    'GET /api/v1/tokens/1': tokenRow({ state: 'managed_elsewhere', managedBy }),
  })

  test('names the other service and asks', async () => {
    const { code, asked, sent } = await apportion(['token', 'take-over', '1'], { serve, answers: [true] })
    expect(code).toBe(exitCode.ok)
    expect(asked[0]).toContain('Other MDM manages this location')
    expect(posted(sent)).toEqual({ takeOver: true })
  })

  test('without a terminal needs --yes', async () => {
    expect((await apportion(['token', 'take-over', '1'], { serve })).code).toBe(exitCode.usage)
    expect((await apportion(['token', 'take-over', '1', '--yes'], { serve })).code).toBe(exitCode.ok)
  })
})
