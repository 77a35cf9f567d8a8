import { describe, expect, test } from 'vitest'
import { mayRead, mayWrite, type TokenFacts, tokenState, tokenStateReason } from './token-state.ts'

const now = new Date('2026-11-23T12:00:00Z')
const inDays = (days: number) => new Date(now.getTime() + days * 86_400_000)
const fresh: TokenFacts = { expiresAt: inDays(200), answered: 'valid', managedBy: null }

describe('T3 the state of a content token', () => {
  const cases: [string, Partial<TokenFacts>, string][] = [
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
      { managedBy: 'Other MDM' },
      'managed_elsewhere',
    ],
  ]
  for (const [title, facts, state] of cases) {
    test(title, () => expect(tokenState({ ...fresh, ...facts }, now)).toBe(state))
  }

  test('writing needs a token that is ours and accepted; reading goes on when another service took over', () => {
    const states = ['valid', 'expiring', 'expired', 'revoked', 'invalid', 'managed_elsewhere'] as const
    expect(states.filter(mayWrite)).toEqual(['valid', 'expiring'])
    expect(states.filter(mayRead)).toEqual(['valid', 'expiring', 'managed_elsewhere'])
  })

  test('the reason names the date, the days left and the other service', () => {
    expect(tokenStateReason({ ...fresh, expiresAt: inDays(1) }, now)).toContain('in 1 day:')
    expect(tokenStateReason({ ...fresh, expiresAt: inDays(-1) }, now)).toContain('Expired on 2026-11-22')
    expect(tokenStateReason({ ...fresh, managedBy: 'Other MDM' }, now)).toContain('Managed by Other MDM')
  })
})
