import { describe, expect, test } from 'vitest'
import {
  type Holder,
  mayRead,
  mayWrite,
  type TokenFacts,
  type TokenState,
  tokenState,
  tokenStateReason,
} from './token-state.ts'

const now = new Date('2026-11-23T12:00:00Z')
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000)
const fresh: TokenFacts = { expiresAt: inDays(200), answered: 'valid', managedBy: null }
const other: Holder = { id: 'x-1', name: 'Other MDM', metadata: 'mdm.example' }
const copy: Holder = { id: 'x-2', name: 'Apportion', metadata: 'apps.elsewhere.example' }

describe('T3 the state of a content token', () => {
  const cases: [string, Partial<TokenFacts>, TokenState][] = [
    ['one that Apple accepts, with 200 days left, is valid', {}, 'valid'],
    ['one with 31 days left is valid', { expiresAt: inDays(31) }, 'valid'],
    ['one with exactly 30 days left is expiring', { expiresAt: inDays(30) }, 'expiring'],
    ['one whose moment has come is expired', { expiresAt: now }, 'expired'],
    ['one that Apple has revoked is revoked, however long it would last', { answered: 'revoked' }, 'revoked'],
    [
      'a revoked one that has expired too is revoked',
      { answered: 'revoked', expiresAt: inDays(-1) },
      'revoked',
    ],
    ['one that Apple does not accept is invalid', { answered: 'invalid' }, 'invalid'],
    [
      'one whose location another service took is managed elsewhere',
      { managedBy: other },
      'managed_elsewhere',
    ],
    [
      'one whose location another service took without a name is managed elsewhere',
      { managedBy: { id: 'x', name: null, metadata: null } },
      'managed_elsewhere',
    ],
    [
      'one that the other service let go waits for an explicit word',
      { managedBy: { ...other, letGo: true } },
      'managed_elsewhere',
    ],
    ['one that another installation of this product holds is a duplicate', { managedBy: copy }, 'duplicate'],
    [
      'one that is being deleted is leaving, whatever else holds',
      { leaving: true, answered: 'revoked' },
      'leaving',
    ],
  ]
  for (const [title, facts, state] of cases) {
    test(title, () => expect(tokenState({ ...fresh, ...facts }, now)).toBe(state))
  }

  test('writing needs a token that is ours and accepted; reading goes on when another service took over', () => {
    const states = [
      'leaving',
      'duplicate',
      'valid',
      'expiring',
      'expired',
      'revoked',
      'invalid',
      'managed_elsewhere',
    ] as const
    expect(states.filter(mayWrite)).toEqual(['valid', 'expiring'])
    expect(states.filter(mayRead)).toEqual(['duplicate', 'valid', 'expiring', 'managed_elsewhere'])
  })

  const reasons: [string, Partial<TokenFacts>, string][] = [
    ['the days left', { expiresAt: inDays(1) }, 'in 1 day:'],
    ['the date', { expiresAt: inDays(-1) }, 'Expired on 2026-11-22'],
    ['the other service', { managedBy: other }, 'Managed by Other MDM'],
    [
      'that nobody holds it any more',
      { managedBy: { ...other, letGo: true } },
      'Other MDM has let the location go',
    ],
    [
      'where the other installation is',
      { managedBy: copy },
      'another installation of Apportion (apps.elsewhere.example)',
    ],
    ['that it is being deleted', { leaving: true }, 'being deleted'],
  ]
  for (const [what, facts, said] of reasons) {
    test(`the reason names ${what}`, () =>
      expect(tokenStateReason({ ...fresh, ...facts }, now)).toContain(said))
  }
})
