import { describe, expect, test } from 'vitest'
import { exitCode } from '../src/exit-codes.ts'
import { apportion, page, problem, type Serve } from './support/fake-world.ts'
import { routes } from './support/routes.ts'
import { assetRow, groupRow, planRow } from './support/rows.ts'

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
  const two = page(assetRow(), assetRow({ id: 12, token: { id: 2, name: 'Head office', exactAsOf: null } }))
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
  const waiting = planRow({
    waits: {
      count: 4,
      sample: [],
      byReason: { no_license_left: 4, quota_reached: 0, kept_for_others: 0 },
    },
  })

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

  test('a person sees the new plan when the world moved in between, and is asked again', async () => {
    const moved = { ...waiting, id: '0198f7e2-0000-7000-8000-00000000000b' }
    const serve: Serve = (request) => {
      if (request.path.endsWith('a/apply'))
        return problem(409, 'plan.world_moved', { facts: { plan: moved } })
      return request.path.endsWith('b/apply') ? { assignments: [] } : serving(planRow())(request)
    }
    const { code, stderr, asked, sent } = await apportion(['assign', ...words], {
      serve,
      answers: [true, true],
    })
    expect([code, asked.length]).toEqual([exitCode.ok, 2])
    expect(stderr).toContain('4 devices wait')
    expect(sent.at(-1)?.path).toContain('b/apply')
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
      'POST /api/v1/groups/5/members': {
        added: 5,
        removed: 0,
        groupsAdded: 0,
        groupsRemoved: 0,
        members: 40,
      },
    })
    const { code, stdout, sent } = await apportion(['groups', 'add', 'iPads', 'FIRST', '--from', 'all.txt'], {
      serve,
      files: { 'all.txt': lines },
    })
    const sizes = sent.slice(1).map(({ body }) => (JSON.parse(body) as { add: string[] }).add.length)
    expect([code, sizes]).toEqual([exitCode.ok, [10_000, 2]])
    expect(stdout).toContain('iPads: 10 added, 0 removed, 40 members now.')
  })

  test('takes groups as members, by name', async () => {
    const serve = routes({
      'GET /api/v1/groups': page(groupRow(5, 'iPads'), groupRow(6, 'Carts')),
      'POST /api/v1/groups/5/members': {
        added: 0,
        removed: 0,
        groupsAdded: 1,
        groupsRemoved: 0,
        members: 40,
      },
    })
    const { stdout, sent } = await apportion(['groups', 'add', 'iPads', '--group', 'Carts'], { serve })
    expect(JSON.parse(sent.at(-1)?.body ?? '')).toEqual({ add: [], addGroups: [6] })
    expect(stdout).toContain('1 groups added, 0 removed, 40 members now.')
  })
})

describe('groups preview-rule', () => {
  test('sends the rule of a file and says how many fit', async () => {
    const rule = { fact: 'platform', op: 'is', value: 'iPadOS' }
    const serve = routes({ 'POST /api/v1/groups/preview-rule': { items: [], nextCursor: null, total: 0 } })
    const files = { 'rule.json': JSON.stringify(rule), 'wrong.json': '[]' }
    const { code, stdout, sent } = await apportion(['groups', 'preview-rule', 'rule.json'], { serve, files })
    expect([code, JSON.parse(sent.at(-1)?.body ?? '')]).toEqual([exitCode.ok, { rule, limit: 100 }])
    expect(stdout).toContain('No device fits.')
    const wrong = await apportion(['groups', 'preview-rule', 'wrong.json'], { serve, files })
    expect(wrong.stderr).toContain('wrong.json is not a rule')
  })
})
