import { describe, expect, test } from 'vitest'
import {
  type AssignmentSettings,
  defaultSettings,
  mergeSettings,
  parseSettings,
  type SettledBy,
} from './settings.ts'

const assignment = (
  assignmentId: number,
  said: Partial<AssignmentSettings> & { decides?: boolean } = {},
): SettledBy => {
  const { decides = false, ...settings } = said
  return { assignmentId, decides, settings: { ...defaultSettings, ...settings } }
}

describe('A3 whose settings hold', () => {
  test('the deciding assignment’s, whatever the others say', () => {
    const merged = mergeSettings([
      assignment(1, { automaticUpdates: 'on', vpnId: 'berlin' }),
      assignment(2, { automaticUpdates: 'off', removable: false, decides: true }),
    ])
    expect(merged.settings).toMatchObject({ automaticUpdates: 'off', removable: false, vpnId: null })
    expect(merged.from).toEqual({
      automaticUpdates: 2,
      removable: 2,
      preventBackup: 2,
      removeWhenManagementEnds: 2,
      vpnId: 2,
      configuration: 2,
    })
  })
  test('the defaults, where no assignment decides', () => {
    const merged = mergeSettings([])
    expect(merged.settings).toEqual(defaultSettings)
    expect(new Set(Object.values(merged.from))).toEqual(new Set([null]))
    expect(merged.conflicts).toEqual([])
  })
  test('the first’s, should two claim to decide', () => {
    const twice = [assignment(3, { vpnId: 'a', decides: true }), assignment(4, { vpnId: 'b', decides: true })]
    expect(mergeSettings(twice).settings.vpnId).toBe('a')
  })
})

describe('A3 removing the app when management ends: off wins', () => {
  const removing = { removeWhenManagementEnds: true }
  const rows: [string, SettledBy[], { removes: boolean; from: number }][] = [
    ['one says on', [assignment(1, { ...removing, decides: true })], { removes: true, from: 1 }],
    [
      'both say on',
      [assignment(1, { ...removing, decides: true }), assignment(2, removing)],
      { removes: true, from: 1 },
    ],
    [
      'another says off',
      [assignment(1, { ...removing, decides: true }), assignment(2)],
      { removes: false, from: 2 },
    ],
    [
      'the deciding one says off',
      [assignment(1, { decides: true }), assignment(2, removing)],
      { removes: false, from: 1 },
    ],
    [
      'off by the deciding one is not credited to another',
      [assignment(2), assignment(1, { decides: true })],
      { removes: false, from: 1 },
    ],
  ]
  test.each(rows)('%s', (_title, all, { removes, from }) => {
    const merged = mergeSettings(all)
    expect(merged.settings.removeWhenManagementEnds).toBe(removes)
    expect(merged.from.removeWhenManagementEnds).toBe(from)
  })
  test('the assignment that wanted it removed is named as overruled', () =>
    expect(mergeSettings([assignment(1, { ...removing, decides: true }), assignment(2)]).conflicts).toEqual([
      { setting: 'removeWhenManagementEnds', held: [2], overruled: [1] },
    ]))
})

describe('A3 what the assignments disagree about', () => {
  test('is listed setting by setting, with who holds and who is overruled', () =>
    expect(
      mergeSettings([
        assignment(1, { vpnId: 'berlin', decides: true }),
        assignment(2, { vpnId: 'berlin', preventBackup: true }),
        assignment(3),
      ]).conflicts,
    ).toEqual([
      { setting: 'preventBackup', held: [1, 3], overruled: [2] },
      { setting: 'vpnId', held: [1, 2], overruled: [3] },
    ]))

  const configurations: [string, unknown, unknown, boolean][] = [
    ['the same in another order', { a: 1, b: { c: [1, 2] } }, { b: { c: [1, 2] }, a: 1 }, false],
    ['another value deep inside', { b: { c: [1, 2] } }, { b: { c: [1, 3] } }, true],
    ['a list in another order', { a: [1, 2] }, { a: [2, 1] }, true],
    ['a name more', { a: 1 }, { a: 1, b: null }, true],
    ['a name less', { a: 1, b: null }, { a: 1 }, true],
    ['another name', { a: 1 }, { b: 1 }, true],
    ['a list and an object', { a: [1] }, { a: { 0: 1 } }, true],
    ['one and none', { a: 1 }, null, true],
  ]
  test.each(configurations)('configurations: %s', (_title, one, other, differ) => {
    const merged = mergeSettings([
      { ...assignment(1, { decides: true }), settings: parseSettings({ configuration: one }) },
      { ...assignment(2), settings: parseSettings({ configuration: other }) },
    ])
    expect(merged.conflicts.map((conflict) => conflict.setting)).toEqual(differ ? ['configuration'] : [])
  })
})

describe('A3 stored settings', () => {
  test('that say nothing are the defaults', () => expect(parseSettings({})).toEqual(defaultSettings))
  test('keep what they say', () =>
    expect(parseSettings({ removable: false, configuration: { server: 'https://example.org' } })).toEqual({
      ...defaultSettings,
      removable: false,
      configuration: { server: 'https://example.org' },
    }))

  const wrong: [unknown, string][] = [
    [null, 'not an object'],
    [[], 'not an object'],
    [{ automaticUpdates: 'maybe' }, '"automaticUpdates" cannot be "maybe"'],
    [{ removable: 'yes' }, '"removable" cannot be "yes"'],
    [{ preventBackup: 1 }, '"preventBackup" cannot be 1'],
    [{ removeWhenManagementEnds: null }, '"removeWhenManagementEnds" cannot be null'],
    [{ vpnId: 7 }, '"vpnId" cannot be 7'],
    [{ configuration: ['a'] }, '"configuration" cannot be ["a"]'],
    [{ colour: 'red' }, 'no setting has the name "colour"'],
  ]
  test.each(wrong)('%j is refused', (json, message) => {
    expect(() => parseSettings(json)).toThrow(TypeError)
    expect(() => parseSettings(json)).toThrow(message)
  })
})
