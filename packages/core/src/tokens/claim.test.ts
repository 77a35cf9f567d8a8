import { describe, expect, test } from 'vitest'
import { copyAt, hasLostClaim, heldBy, holderAfter, RELEASED_ID, type SaidOfHolder } from './claim.ts'
import type { Holder } from './token-state.ts'

const ours = '0d9c1f5e-0000-4000-8000-000000000001'
const other: Holder = { id: 'x-1', name: 'Other MDM', metadata: 'mdm.example' }

describe('T4 who holds a location, as an answer tells', () => {
  const cases: [string, SaidOfHolder | null | undefined, string][] = [
    ['our id', { id: ours, name: 'Apportion', metadata: 'a' }, 'us'],
    ['our id in capitals', { id: ours.toUpperCase() }, 'us'],
    ['another id', { id: 'x-1', name: 'Other MDM' }, 'other'],
    ['another id under our own name', { id: 'x-2', name: 'Apportion' }, 'other'],
    ['a name without an id', { name: 'Other MDM' }, 'other'],
    ['nothing', undefined, 'nobody'],
    ['null', null, 'nobody'],
    ['empty texts', { id: '', name: '', metadata: '' }, 'nobody'],
    ['the id that a release leaves behind', { id: RELEASED_ID, name: 'Nobody' }, 'nobody'],
  ]
  for (const [title, said, by] of cases) test(`${title}: ${by}`, () => expect(heldBy(said, ours).by).toBe(by))

  test('without an id of ours, every holder is another', () => {
    expect(heldBy({ id: ours }, null).by).toBe('other')
  })
})

describe('T4 what the holder becomes', () => {
  const said = (holder: Holder) => ({ by: 'other', holder }) as const
  const cases: [string, Holder | null, Parameters<typeof holderAfter>[1], Holder | null][] = [
    ['ours, and another shows: the other', null, said(other), other],
    ['another, and we show again: ours', other, { by: 'us' }, null],
    ['another, and nobody shows: remembered as let go', other, { by: 'nobody' }, { ...other, letGo: true }],
    [
      'let go, and a third shows: the third',
      { ...other, letGo: true },
      said({ ...other, id: 'x-3' }),
      { ...other, id: 'x-3' },
    ],
    ['ours, and nobody shows: still ours to claim', null, { by: 'nobody' }, null],
    [
      'a copy of this installation, which has our id: stays a copy until somebody takes over',
      { id: null, name: 'Apportion', metadata: 'copy.example' },
      { by: 'us' },
      { id: null, name: 'Apportion', metadata: 'copy.example' },
    ],
  ]
  for (const [title, known, held, after] of cases) {
    test(title, () => expect(holderAfter(known, held)).toEqual(after))
  }

  test('our claim has vanished only where nobody held the location after us', () => {
    expect(hasLostClaim(null, { by: 'nobody' })).toBe(true)
    expect(hasLostClaim({ ...other, letGo: true }, { by: 'nobody' })).toBe(false)
    expect(hasLostClaim(null, { by: 'us' })).toBe(false)
  })
})

describe('T3 a copy of this installation writes under our id', () => {
  const ourBase = 'https://apps.example.org'
  const cases: [string, Parameters<typeof copyAt>[0], string | null][] = [
    ['no address at Apple', { url: undefined, known: false, ourBase }, null],
    [
      'an address that we made',
      { url: 'https://old.example/apple/notifications/a', known: true, ourBase },
      null,
    ],
    [
      'an unknown address on our host, as after a restore',
      { url: `${ourBase}/apple/notifications/b`, known: false, ourBase },
      null,
    ],
    [
      'an unknown address elsewhere',
      { url: 'https://copy.example/apple/notifications/c', known: false, ourBase },
      'copy.example',
    ],
    [
      'an unknown address while we have none',
      { url: 'https://copy.example/x', known: false, ourBase: null },
      'copy.example',
    ],
    ['something unreadable', { url: 'nonsense', known: false, ourBase }, null],
  ]
  for (const [title, address, host] of cases) test(title, () => expect(copyAt(address)).toBe(host))
})
