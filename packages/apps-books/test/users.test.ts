import event from '@apportion/apple-wire/fixtures/event.json' with { type: 'json' }
import serviceConfig from '@apportion/apple-wire/fixtures/service-config.json' with { type: 'json' }
import { describe, expect, test } from 'vitest'
import { inUserRequests, invitationUrl } from '../src/users.ts'
import { clientOf, json } from './scripted-apple.ts'

const ann = { clientUserId: '5d1c0cf5-1c6d-4a52-a0b5-9d8f5c1e7a01', email: 'ann@mobility.example' }

describe('users are registered, changed and retired by commands that give an event', () => {
  const commands = ['create', 'update', 'retire'] as const
  for (const name of commands) {
    test(name, async () => {
      const { client, asked } = clientOf(() => json(event))
      expect(await client[`${name}Users`]({ users: [ann] })).toEqual(event)
      expect(asked).toHaveLength(1)
      expect(asked[0]).toMatchObject({ method: 'POST', body: { users: [ann] } })
      expect(asked[0]?.url.pathname).toBe(`/mdm/v2/users/${name}`)
    })

    test(`${name}: a lost answer leaves the outcome open and is not sent again`, async () => {
      const { client, asked } = clientOf(() => Promise.reject(new TypeError('fetch failed')))
      await expect(client[`${name}Users`]({ users: [ann] })).rejects.toMatchObject({
        code: 'apple.outcome_unknown',
      })
      expect(asked).toHaveLength(1)
    })
  }

  const refusals: [errorNumber: number, code: string][] = [
    [9714, 'apple.too_many_users'],
    [9715, 'apple.duplicate_users'],
    [9717, 'apple.email_invalid'],
    [9720, 'apple.no_users'],
  ]
  for (const [errorNumber, code] of refusals) {
    test(`${errorNumber} is ${code}`, async () => {
      const { client } = clientOf(() => json({ errorNumber }, { status: 400 }))
      await expect(client.createUsers({ users: [] })).rejects.toMatchObject({ code, retry: 'no' })
    })
  }
})

describe('users in requests of a size that Apple takes', () => {
  const many = (count: number) => Array.from({ length: count }, (_, at) => ({ clientUserId: `u${at}` }))
  const sizes: [users: number, maxUsers: number, requests: number[]][] = [
    [0, 100, []],
    [1, 100, [1]],
    [100, 100, [100]],
    [101, 100, [100, 1]],
    [5, 2, [2, 2, 1]],
  ]
  for (const [users, maxUsers, requests] of sizes) {
    test(`${users} users, ${maxUsers} at most: ${requests.join(' + ') || 'none'}`, () => {
      const made = inUserRequests(many(users), maxUsers)
      expect(made.map((each) => each.users.length)).toEqual(requests)
      expect(made.flatMap((each) => each.users)).toEqual(many(users))
    })
  }

  test('a user named twice is refused before anything is sent', () => {
    expect(() => inUserRequests([ann, ann], 100)).toThrow(ann.clientUserId)
  })
})

describe('the invitation', () => {
  test('takes the place of the code in Apple’s template', () => {
    expect(invitationUrl(serviceConfig, '0123abcd')).toBe(
      'https://buy.itunes.apple.com/WebObjects/MZFinance.woa/wa/associateVPPUserWithITSAccount?inviteCode=0123abcd&mt=8',
    )
  })

  test('a code cannot add anything to the address', () => {
    expect(invitationUrl(serviceConfig, 'a&mt=9')).toContain('inviteCode=a%26mt%3D9&mt=8')
  })

  test('is none without a template that has a place for it', () => {
    expect(invitationUrl({}, 'a')).toBeUndefined()
    expect(invitationUrl({ urls: { invitationEmail: 'https://apple.example/' } }, 'a')).toBeUndefined()
  })
})
