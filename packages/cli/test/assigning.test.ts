import { describe, expect, test } from 'vitest'
import { exitCode } from '../src/exit-codes.ts'
import { apportion, page, problem } from './support/fake-world.ts'
import { routes } from './support/routes.ts'
import { assetRow, assignmentRow, groupRow, planRow } from './support/rows.ts'

const serve = routes({
  'GET /api/v1/assets?q=Star Atlas': page(assetRow()),
  'GET /api/v1/assets?q=Tally': page(assetRow({ id: 12 }, 'Tally Notes')),
  'GET /api/v1/groups?limit=500&q=iPads': page(groupRow(5, 'iPads')),
  'GET /api/v1/groups?limit=500&q=Loan': page(groupRow(6, 'Loan')),
  'GET /api/v1/assignments?limit=500&assetId=11': page(
    assignmentRow({ priority: 9, settings: { removable: false } }),
    assignmentRow({ group: { id: 6, name: 'Loan', kind: 'device' }, intent: 'uninstall', quota: 3 }),
  ),
  'GET /api/v1/assignments?limit=500&assetId=12': page(),
  'POST /api/v1/plans': planRow(),
})

/** What was asked of the server to plan. */
function planned({ sent }: Awaited<ReturnType<typeof apportion>>): unknown {
  return JSON.parse(
    sent.find(({ method, path }) => method === 'POST' && path === '/api/v1/plans')?.body ?? 'null',
  )
}

describe('an assignment is said by flags:', () => {
  const flags: [string[], object][] = [
    [['--intent', 'available'], { intent: 'available', priority: 9 }],
    [['--license', 'user'], { licenseType: 'user', intent: 'required' }],
    [['--priority', '50'], { priority: 50, settings: { removable: false } }],
    [['--reserve', '20', '--quota', '60'], { reserve: 20, quota: 60 }],
    [['--quota', 'none'], { quota: null }],
    [['--pools', 'most-free'], { pools: 'most_free' }],
    [
      ['--reclaim', 'user-left=14', '--reclaim', 'app_removed=now', '--reclaim', 'unassigned=keep'],
      {
        reclaim: {
          user_left: { kind: 'after', days: 14 },
          app_removed: { kind: 'now' },
          unassigned: { kind: 'keep' },
        },
      },
    ],
    [
      ['--waves', '10@now, 25%@2026-12-01T00:00Z,100@2026-12-08T07:30Z', '--stop-at', '5'],
      {
        rollout: {
          waves: [
            { percent: 10, at: null },
            { percent: 25, at: '2026-12-01T00:00:00.000Z' },
            { percent: 100, at: '2026-12-08T07:30:00.000Z' },
          ],
          stopAtPercent: 5,
        },
      },
    ],
    [['--waves', 'none'], { rollout: null }],
    [
      [
        '--set',
        'automatic-updates=off',
        '--set',
        'removable=yes',
        '--set',
        'vpn-id=a=b',
        '--set',
        'prevent-backup=yes',
      ],
      { settings: { automaticUpdates: 'off', removable: true, vpnId: 'a=b', preventBackup: true } },
    ],
    [['--set', 'vpn-id=none'], { settings: { removable: false, vpnId: null } }],
    [
      ['--configuration', 'atlas.json'],
      { settings: { removable: false, configuration: { server: 'https://a.example', limits: [1, 2] } } },
    ],
    [['--configuration', 'none'], { settings: { removable: false, configuration: null } }],
  ]
  for (const [words, expected] of flags) {
    test(words.join(' '), async () => {
      const ended = await apportion(['plan', '--app', 'Star Atlas', '--group', 'iPads', ...words], {
        serve,
        files: { 'atlas.json': '{"server": "https://a.example", "limits": [1, 2]}' },
      })
      expect([ended.code, ended.stderr]).toEqual([exitCode.ok, ''])
      expect(planned(ended)).toMatchObject({
        assetId: 11,
        // The other group's assignment is sent as it is.
        wanted: [
          { groupId: 5, ...expected },
          { groupId: 6, intent: 'uninstall', quota: 3 },
        ],
      })
    })
  }
})

describe('a value that cannot be is refused with what to write:', () => {
  const cases: [string[], string][] = [
    [['--priority', '101'], '“101” is not a whole number from 0 to 100'],
    [['--reserve', '0'], '“0” is not a whole number from 1'],
    [['--quota', 'many'], '“many” is not a whole number from 0'],
    [['--intent', 'optional'], 'required|available|uninstall'],
    [['--pools', 'all'], 'own|country|most-free'],
    [['--waves', '10'], 'wave “10” is not a percent and a moment; write 10@now'],
    [['--waves', '0@now'], '“0” is not a whole number from 1 to 100'],
    [['--waves', '10@soon'], '“soon” is no moment; write 2027-03-01 or 2027-03-01T14:02'],
    [['--stop-at', '5'], '--stop-at 5 stops a staged rollout, and there is none: add --waves'],
    [['--reclaim', 'user-left'], '“user-left” has no value; write it as user-left=14'],
    [['--reclaim', 'left=14'], '“left” is no event; there are unassigned, uninstall, device-left'],
    [['--reclaim', 'user-left=400'], 'user-left cannot be “400”; write now, keep or days from 1 to 365'],
    [['--set', 'removable=perhaps'], 'removable cannot be “perhaps”; write yes or no'],
    [['--set', 'colour=red'], '“colour” is no setting; there are automatic-updates, removable'],
    [['--set', 'vpn-id='], 'vpn-id is empty; write its id, or none'],
    [['--configuration', 'list.json'], '--configuration list.json holds no JSON object'],
    [['--configuration', 'torn.json'], '--configuration torn.json is not JSON'],
  ]
  for (const [words, said] of cases) {
    test(words.join(' '), async () => {
      const { code, stderr, sent } = await apportion(
        ['assign', '--app', 'Star Atlas', '--group', 'iPads', '--yes', ...words],
        { serve, files: { 'list.json': '[1]', 'torn.json': '{"a":' } },
      )
      expect(code).toBe(exitCode.usage)
      expect(stderr.replace(/\s+/g, '')).toContain(said.replace(/\s+/g, ''))
      expect(sent.every(({ method }) => method === 'GET')).toBe(true)
    })
  }

  test('terms without a group', async () => {
    const { code, stderr } = await apportion(
      ['plan', '--app', 'Star Atlas', '--remove', 'iPads', '--priority', '3'],
      { serve },
    )
    expect(code).toBe(exitCode.usage)
    expect(stderr).toContain('add --group GROUP')
  })
})

test('several apps are one plan, each laid over its own assignments', async () => {
  const words = [
    'plan',
    '--app',
    'Star Atlas',
    '--app',
    'Tally',
    '--app',
    'Star Atlas',
    '--group',
    'iPads',
    '--exclude',
    'Loan',
  ]
  const ended = await apportion(words, { serve })
  expect(ended.code).toBe(exitCode.ok)
  expect(planned(ended)).toMatchObject({
    changes: [
      {
        assetId: 11,
        wanted: [
          { groupId: 5, priority: 9 },
          { groupId: 6, mode: 'exclude' },
        ],
      },
      {
        assetId: 12,
        wanted: [
          { groupId: 5, mode: 'include', intent: 'required' },
          { groupId: 6, mode: 'exclude' },
        ],
      },
    ],
  })
})

describe('assignments', () => {
  const rich = assignmentRow({
    priority: 40,
    reserve: 1,
    quota: 12,
    pools: 'most_free',
    settings: { removable: false, automaticUpdates: 'on', configuration: { apiKey: 'very secret' } },
    reclaim: { user_left: { kind: 'after', days: 14 }, app_removed: { kind: 'keep' } },
    rollout: {
      waves: [
        { percent: 10, at: null },
        { percent: 100, at: '2027-03-08T07:00:00.000Z' },
      ],
      stopAtPercent: 5,
      percent: 10,
      nextAt: '2027-03-08T07:00:00.000Z',
      stoppedAt: null,
      stoppedWhy: null,
      stoppedCode: null,
    },
  })

  test('says in words what an assignment says, and no value of a configuration', async () => {
    const { stdout } = await apportion(['assignments'], {
      serve: routes({
        'GET /api/v1/assignments?': page(rich, assignmentRow({ mode: 'exclude', intent: null })),
      }),
    })
    expect(stdout).toContain(
      [
        'priority 40',
        '1 license kept for it',
        'at most 12 licenses',
        'from the pool with the most free',
        'rollout at 10 %, 100 % on 2027-03-08 07:00, stops when 5 % fail',
        'automatic updates on',
        'the person cannot remove it',
        'configured (apiKey)',
        'comes back 14 days after the person left',
        'license kept when the person removed the app',
      ].join('; '),
    )
    expect(stdout).toMatch(/iPads +devices +excluded +– +– +Ada/)
    expect(stdout).not.toContain('very secret')
  })

  test('show lays everything of one out', async () => {
    const { stdout } = await apportion(['assignments', 'show', '21'], {
      serve: routes({ 'GET /api/v1/assignments/21': rich }),
    })
    expect(stdout).toMatch(/Waves +10 % at once, 100 % on 2027-03-08 07:00/)
    expect(stdout).toMatch(/Taken from +the pool with the most free/)
  })

  const acts: [string, string][] = [
    ['--stop', 'stop'],
    ['--go-on', 'go_on'],
  ]
  for (const [flag, act] of acts) {
    test(`rollout ${flag} asks for ${act}`, async () => {
      const { code, sent } = await apportion(['assignments', 'rollout', '21', flag], {
        serve: routes({ 'POST /api/v1/assignments/21/rollout': rich }),
      })
      expect([code, sent[0]?.body]).toEqual([exitCode.ok, JSON.stringify({ do: act })])
    })
  }

  test('rollout without --stop or --go-on is wrong use', async () => {
    const { code, sent } = await apportion(['assignments', 'rollout', '21'])
    expect([code, sent.length]).toEqual([exitCode.usage, 0])
  })

  test('a rollout that was stopped says since when and why', async () => {
    const rollout = {
      waves: [{ percent: 10, at: null }],
      stopAtPercent: null,
      percent: 10,
      nextAt: null,
      stoppedAt: '2027-03-01T11:00:00.000Z',
      stoppedWhy: '6 of 10 failed',
      stoppedCode: { code: 'other' as const, text: '6 of 10 failed' },
    }
    const { stdout } = await apportion(['assignments'], {
      serve: routes({ 'GET /api/v1/assignments?': page(assignmentRow({ rollout })) }),
    })
    expect(stdout).toContain('rollout at 10 %, stopped on 2027-03-01 11:00: 6 of 10 failed')
  })
})

describe('ask', () => {
  const device = { id: 1, serialNumber: 'C02AAA111', name: 'iPad 1' }
  const user = { id: 1, userName: 'ada@school.example', name: 'Ada Byron' }
  const asking = (answer: unknown) =>
    routes({
      'GET /api/v1/assets?': page(assetRow()),
      'GET /api/v1/devices?': page(device),
      'GET /api/v1/users?': page(user),
      'POST /api/v1/assets/11/asks': answer,
    })
  const cases: [string, string[], object, object, string][] = [
    [
      'for a device',
      ['--device', 'c02aaa'],
      { state: 'granting', place: null },
      { serialNumber: 'C02AAA111', do: 'ask' },
      'Star Atlas for C02AAA111: the license is on its way.',
    ],
    [
      'for a person, with a place in the queue',
      ['--user', 'Ada'],
      { state: 'waiting', place: 4 },
      { userName: 'ada@school.example', do: 'ask' },
      'Star Atlas for ada@school.example: waits for a license, number 4 of the queue.',
    ],
    [
      'no more',
      ['--device', 'C02AAA111', '--take-back'],
      { state: 'none', place: null },
      { serialNumber: 'C02AAA111', do: 'take_back' },
      'no license is asked for',
    ],
  ]
  for (const [title, words, answer, body, said] of cases) {
    test(title, async () => {
      const { stdout, sent } = await apportion(['ask', 'Star Atlas', ...words], { serve: asking(answer) })
      expect(JSON.parse(sent.at(-1)?.body ?? '')).toEqual(body)
      expect(stdout).toContain(said)
    })
  }

  test('for nobody, or for two, is wrong use', async () => {
    const nobody = await apportion(['ask', 'Star Atlas'])
    const two = await apportion(['ask', 'Star Atlas', '--device', 'A', '--user', 'B'])
    expect([nobody.code, two.code]).toEqual([exitCode.usage, exitCode.usage])
  })

  test('what no assignment offers there is a refusal', async () => {
    const { code, stderr } = await apportion(['ask', 'Star Atlas', '--device', 'C02AAA111'], {
      serve: asking(() => problem(409, 'ask.not_available')),
    })
    expect(code).toBe(exitCode.refused)
    expect(stderr).toContain('(ask.not_available)')
  })
})

test('devices targets says what is meant by which rule, and what an exclusion keeps away', async () => {
  const target = {
    assetId: 11,
    assetName: 'Star Atlas',
    tokenName: 'Main school',
    intent: 'required',
    offered: true,
    licenseType: 'user',
    assignmentId: 21,
    groupName: 'Teachers',
    priority: 40,
    askedAt: null,
    settings: {
      automaticUpdates: 'token',
      removable: true,
      preventBackup: false,
      removeWhenManagementEnds: false,
      vpnId: null,
      configuration: null,
      conflicts: [{ setting: 'removeWhenManagementEnds', held: [22], overruled: [21] }],
    },
  } as const
  const { stdout } = await apportion(['devices', 'targets', 'C02AAA111'], {
    serve: routes({
      'GET /api/v1/devices?': page({ id: 1, serialNumber: 'C02AAA111', name: 'iPad 1' }),
      'GET /api/v1/devices/1/targets': {
        targets: [
          target,
          { ...target, assetName: 'Tally', intent: 'available_or_uninstall', offered: false },
        ],
        excluded: [
          { assetId: 12, assetName: 'Drums', tokenName: 'Main school', assignmentId: 22, groupName: 'Exams' },
        ],
      },
    }),
  })
  expect(stdout).toMatch(/Star Atlas +Main school +required, available +user +Teachers +21 +40/)
  expect(stdout).toMatch(/Tally +Main school +removed unless asked for/)
  expect(stdout).toContain(
    'Star Atlas: removeWhenManagementEnds is as assignment 22 says, not as assignment 21',
  )
  expect(stdout).toMatch(/Kept from it by an exclusion:\n.*\nDrums +Main school +Exams +22/)
})

describe('completion', () => {
  const cases: [string[], string][] = [
    [['plan', 'm'], 'members'],
    [['assignments', 'r'], 'rollout'],
    [['assign', '--app', 'x', '--pools', 'm'], 'most-free'],
    [['plan', 'rows', 'p', '--part', 'w'], 'waits'],
  ]
  for (const [words, proposal] of cases) {
    test(`${words.join(' ')} proposes ${proposal}`, async () => {
      const { stdout } = await apportion(['__complete', ...words])
      expect(stdout.split('\n').map((line) => line.split('\t')[0])).toContain(proposal)
    })
  }
})
