import { describe, expect, test } from 'vitest'
import { exitCode } from '../src/exit-codes.ts'
import { describePlan } from '../src/output/plan.ts'
import { describeDifference } from '../src/output/plan-difference.ts'
import type { Outcome, Plan } from '../src/planning.ts'
import { apportion, page, problem, type Serve } from './support/fake-world.ts'
import { routes } from './support/routes.ts'
import { assetRow, groupRow, planRow } from './support/rows.ts'

const id = '0198f7e2-0000-7000-8000-00000000000a'
const [sample] = planRow().outcome.grants.sample
if (sample === undefined) throw new Error('planRow names a device')
const person = { ...sample, deviceId: null, userId: 3, serialNumber: null, deviceName: null, userName: 'ada' }

const shown = (plan: Plan): string => describePlan(plan, { paint: (_, text) => text, width: null })
const described = (changes: Partial<Outcome>): string => shown(planRow(changes))

describe('a plan as text', () => {
  test('says what cannot be undone before everything else, and once', () => {
    const text = described({
      irrevocable: 3,
      warnings: [
        { code: 'irrevocable', count: 3, text: 'Apple never takes these back.' },
        { code: 'shortage', count: 2, text: '2 more are needed.' },
      ],
    })
    expect(text.split('\n')[0]).toBe('3 licenses will be used up for good: Apple never takes them back.')
    expect(text).not.toContain('Apple never takes these back.')
    expect(text).toContain('Note: 2 more are needed.')
  })

  test('names people by user name, and says where everybody is', () => {
    const text = described({ peopleReached: 9, devicesReached: 0, grants: { count: 9, sample: [person] } })
    expect(text).toContain('Star Atlas of Main school: 9 people reached')
    expect(text).toContain('9 devices or people get a license\n    ada: Member of iPads.\n    and 8 more')
    expect(text).toContain(`apportion plan rows ${id} --app 11 --part grants`)
  })

  const sentences: [string, Partial<Outcome>, string][] = [
    [
      'why who waits, waits',
      {
        waits: {
          count: 6,
          sample: [],
          byReason: { no_license_left: 3, quota_reached: 2, kept_for_others: 1 },
        },
      },
      '6 devices wait: 3 since no license is left, 2 since a quota is reached, 1 since what is left is kept for others',
    ],
    [
      'why who cannot, cannot',
      {
        cannot: {
          count: 3,
          sample: [],
          byReason: { ...planRow().outcome.cannot.byReason, device_is_anonymous: 1, no_user: 2 },
        },
      },
      '3 devices cannot get it: 1 by User Enrollment, without a serial number, 2 without a known user',
    ],
    [
      'whose license a policy keeps',
      { kept: { count: 1, sample: [{ ...sample, code: 'kept', reason: 'Kept until 2027-03-15.' }] } },
      '1 device keeps the license for now by the reclaim policy\n    C02AAA111 iPad 1: Kept until 2027-03-15.',
    ],
    ['who joins first', { joining: 1 }, '1 person must join Apps and Books first'],
    ['from how many the app is removed', { uninstalls: 4 }, 'the app is removed from 4 devices'],
    [
      'whom it is offered',
      { offered: 5 },
      'offered to 5 devices or people; a license is taken when somebody asks',
    ],
    ['who has it from elsewhere', { elsewhere: 2 }, '2 devices or people have it from another pool'],
    [
      'who keeps it, and what is held outside',
      { keeps: { count: 7, outside: 2 } },
      '7 devices or people keep their license, 2 of them held outside Apportion',
    ],
  ]
  for (const [title, changes, said] of sentences) {
    test(`says ${title}`, () => expect(described(changes)).toContain(said))
  }

  test('has a table of what people will be asked, and what the table does not tell', () => {
    const text = described({
      prompts: [
        {
          scenario: 'byod_user',
          devices: 12,
          prompts: ['join-program', 'confirm-install', 'sign-in'],
          caveats: ['store_must_be_allowed'],
        },
        {
          scenario: 'corporate_supervised_device',
          devices: 18,
          prompts: [],
          caveats: ['update_asks_while_open'],
        },
      ],
    })
    expect(text).toMatch(
      /12 +personal device +user +to join Apps and Books, to agree to the installation, to sign in to the App Store/,
    )
    expect(text).toMatch(/18 +supervised +device +nothing: it appears silently/)
    expect(text).toContain('User licenses need the App Store')
    expect(text).toContain('Supervised devices ask before an update')
  })

  test('has the licenses of each location before and after', () => {
    const plan = planRow()
    const [one] = plan.assets
    if (one === undefined) throw new Error('planRow has an asset')
    const licenses = { ...one.outcome.licenses, unlimited: true, usedBefore: 7, usedAfter: 9 }
    const other = {
      ...one,
      assetId: 12,
      tokenName: 'Head office',
      country: 'BE',
      outcome: { ...one.outcome, licenses },
    }
    const text = shown({ ...plan, assets: [one, other] })
    expect(text).toMatch(/Star Atlas +Main school +NL +40 → 70 +60 → 30/)
    expect(text).toMatch(/Star Atlas +Head office +BE +7 → 9 +unlimited/)
    expect(text).toContain('--app APP --part grants')
  })
})

describe('what differs from the plan that was shown', () => {
  test('is said number by number', () => {
    const instead = planRow({ grants: { count: 26, sample: [] }, joining: 2 })
    expect(describeDifference(planRow(), instead)).toBe(
      [
        'The facts moved since this was shown. What differs:',
        '  Star Atlas of Main school: get a license 30 → 26, join first 0 → 2',
      ].join('\n'),
    )
  })

  test('is said of a pool that comes in or falls away', () => {
    const [one] = planRow().assets
    if (one === undefined) throw new Error('planRow has an asset')
    const other: Plan = { ...planRow(), assets: [{ ...one, assetId: 12, tokenName: 'Head office' }] }
    expect(describeDifference(planRow(), other)).toContain('Star Atlas of Head office: concerned now')
    expect(describeDifference(planRow(), other)).toContain('Star Atlas of Main school: no longer concerned')
  })

  test('can be who it is, with the same numbers', () => {
    expect(describeDifference(planRow(), planRow())).toContain('other devices or people')
  })

  test('is said to a script too, before the refusal', async () => {
    const plan = planRow({ grants: { count: 26, sample: [] } })
    const serve = routes({
      'GET /api/v1/assets?': page(assetRow()),
      'GET /api/v1/groups': page(groupRow(5, 'iPads')),
      'GET /api/v1/assignments': page(),
      [`POST /api/v1/plans/${id}/apply`]: () => problem(409, 'plan.world_moved', { facts: { plan } }),
      'POST /api/v1/plans': planRow(),
    })
    const words = ['assign', '--app', 'Star Atlas', '--group', 'iPads', '--yes']
    const { code, stderr, sent } = await apportion(words, { serve })
    expect(code).toBe(exitCode.refused)
    expect(stderr).toMatch(/get a license 30 → 26\n.*\(plan\.world_moved\)\nNothing was changed/s)
    expect(sent.filter(({ path }) => path.endsWith('/apply'))).toHaveLength(1)
  })
})

describe('plan rows', () => {
  const serve = (...pages: readonly unknown[]): Serve => {
    const left = [...pages]
    return ({ path }) => (path.startsWith('/api/v1/assets') ? page(assetRow()) : left.shift())
  }
  const words = ['plan', 'rows', id, '--app', 'Star Atlas']

  test('follows the pages of one part, and passes the search on', async () => {
    const { stdout, sent } = await apportion([...words, '--part', 'waits', '--search', 'C02', '--all'], {
      serve: serve({ items: [{ ...sample, place: 1 }], nextCursor: 'n' }, page({ ...person, place: 2 })),
    })
    expect(sent.slice(1).map(({ path }) => path)).toEqual([
      `/api/v1/plans/${id}/rows?part=waits&assetId=11&q=C02&limit=500`,
      `/api/v1/plans/${id}/rows?part=waits&assetId=11&q=C02&limit=500&cursor=n`,
    ])
    expect(stdout).toMatch(/PLACE +DEVICE OR PERSON/)
    expect(stdout).toMatch(/1 +C02AAA111 iPad 1 +required +Member of iPads\./)
    expect(stdout).toMatch(/2 +ada +required/)
  })

  test('says when a part concerns nobody', async () => {
    const { stdout } = await apportion([...words, '--part', 'kept'], { serve: serve(page()) })
    expect(stdout).toBe('It concerns nobody.\n')
  })

  test('needs a part', async () => {
    expect(await apportion(words)).toMatchObject({ code: exitCode.usage })
  })
})

describe('plan members', () => {
  const plan: Plan = { ...planRow(), kind: 'group', assetId: null }
  const serve = routes({
    'GET /api/v1/groups?': page(groupRow(5, 'iPads')),
    'GET /api/v1/groups/5': groupRow(5, 'iPads'),
    [`POST /api/v1/plans/${id}/apply`]: { assignments: [] },
    'POST /api/v1/plans': plan,
  })
  const words = ['plan', 'members', 'iPads', '--add', 'C02AAA111', '--remove', 'C02BBB222']

  test('asks what the change would do, and makes none', async () => {
    const { code, stdout, sent } = await apportion(words, { serve })
    expect(code).toBe(exitCode.ok)
    expect(stdout).toContain('30 devices get a license')
    expect(sent.map(({ method, path }) => `${method} ${path}`).slice(1)).toEqual(['POST /api/v1/plans'])
    expect(JSON.parse(sent.at(-1)?.body ?? '')).toEqual({
      group: { id: 5, add: ['C02AAA111'], remove: ['C02BBB222'] },
    })
  })

  test('takes members from files too', async () => {
    const { sent } = await apportion([...words, '--add-from', 'in.txt', '--remove-from', 'out.txt'], {
      serve,
      files: { 'in.txt': 'C1\n\nC2\n', 'out.txt': 'C3' },
    })
    expect(JSON.parse(sent.at(-1)?.body ?? '')).toMatchObject({
      group: { add: ['C02AAA111', 'C1', 'C2'], remove: ['C02BBB222', 'C3'] },
    })
  })

  test('with --apply shows it, asks, and saves that plan', async () => {
    const { code, stdout, stderr, asked, sent } = await apportion([...words, '--apply'], {
      serve,
      answers: [true],
    })
    expect([code, asked]).toEqual([exitCode.ok, ['Apply this?']])
    expect(stderr).toContain('30 devices get a license')
    expect(sent.some(({ path }) => path === `/api/v1/plans/${id}/apply`)).toBe(true)
    expect(stdout).toBe('iPads: saved, 30 members now.\n')
  })

  const wrong: [string, string[]][] = [
    ['--apply without a terminal and without --yes', [...words, '--apply']],
    ['--yes without --apply', [...words, '--yes']],
    ['no members', ['plan', 'members', 'iPads']],
  ]
  for (const [title, typed] of wrong) {
    test(`${title} is wrong use, and asks the server nothing`, async () => {
      const { code, sent } = await apportion(typed, { serve })
      expect([code, sent.length]).toEqual([exitCode.usage, 0])
    })
  }

  test('of a group without assignments says that no license changes hands', () => {
    expect(shown({ ...plan, assets: [] })).toContain('no license changes hands')
  })
})
