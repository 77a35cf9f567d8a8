import { describe, expect, test } from 'vitest'
import { hashPassword, passwordWeakness, verifyPassword } from '../../src/administrators/password.ts'

describe('A password is accepted when', () => {
  const cases: [string, string, boolean][] = [
    ['it has twelve characters', 'twelve chars', true],
    ['it has twelve characters outside the Latin alphabet', 'пароль-длинн', true],
    ['not when it has eleven', 'eleven char', false],
    ['not when emoji only look like twelve', '🙂😀😃😄😁😆', false],
    ['it has 256', 'abcd'.repeat(64), true],
    ['not when it has 257', `${'abcd'.repeat(64)}e`, false],
    ['not when it is the address', 'grace.hopper@example.org', false],
    ['not when it is the address in capitals', 'GRACE.HOPPER@EXAMPLE.ORG', false],
    ['not when it is the name in the address', 'Grace.Hopper', false],
    ['not when it repeats three characters', 'abcabcabcabcabc', false],
  ]
  for (const [when, password, accepted] of cases) {
    test(when, () => {
      expect(passwordWeakness(password, 'grace.hopper@example.org') === null).toBe(accepted)
    })
  }
})

describe('A stored hash', () => {
  test('carries its parameters, and differs each time', async () => {
    const [one, two] = await Promise.all([hashPassword('same password'), hashPassword('same password')])
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}$/)
    expect(one).not.toBe(two)
  })

  test('fits its password only', async () => {
    const stored = await hashPassword('the right one')
    expect(await verifyPassword('the right one', stored)).toEqual({ isRight: true, isOutdated: false })
    expect(await verifyPassword('the wrong one', stored)).toEqual({ isRight: false, isOutdated: false })
  })

  test('fits the same letters composed in another way', async () => {
    const stored = await hashPassword('caf\u00e9 au lait!')
    expect((await verifyPassword('cafe\u0301 au lait!', stored)).isRight).toBe(true)
  })

  const broken = [
    null,
    '',
    '$argon2id$',
    '$2b$10$abcdefghijklmnopqrstuv',
    '$argon2id$v=19$m=64,t=1,p=1$AAAAAAAAAAA$AA',
  ]
  for (const stored of broken) {
    test(`${JSON.stringify(stored)} fits no password`, async () => {
      expect((await verifyPassword('', stored)).isRight).toBe(false)
    })
  }

  test('is made off the event loop', async () => {
    let turns = 0
    const timer = setInterval(() => {
      turns += 1
    }, 1)
    await Promise.all(Array.from({ length: 8 }, () => hashPassword('does not block')))
    clearInterval(timer)
    expect(turns).toBeGreaterThan(5)
  })
})
