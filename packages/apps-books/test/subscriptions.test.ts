import event from '@apportion/apple-wire/fixtures/event.json' with { type: 'json' }
import admins from '@apportion/apple-wire/fixtures/subscription-admins.json' with { type: 'json' }
import adminsChanged from '@apportion/apple-wire/fixtures/subscription-admins-changed.json' with {
  type: 'json',
}
import seats from '@apportion/apple-wire/fixtures/subscription-assignments.json' with { type: 'json' }
import enabled from '@apportion/apple-wire/fixtures/subscriptions-enabled.json' with { type: 'json' }
import page0 from '@apportion/apple-wire/fixtures/subscriptions-page-0.json' with { type: 'json' }
import page1 from '@apportion/apple-wire/fixtures/subscriptions-page-1.json' with { type: 'json' }
import { describe, expect, test } from 'vitest'
import { allOf, clientOf, failureOf, json } from './scripted-apple.ts'

const holders = { adamIds: [910002], clientUserIds: ['5d1c0cf5-1c6d-4a52-a0b5-9d8f5c1e7a02'] }

describe('a list of subscriptions', () => {
  test('is read cursor by cursor, one after the other', async () => {
    let open = 0
    const { client, asked } = clientOf(async ({ url }) => {
      expect(++open).toBe(1)
      await new Promise((resolve) => setImmediate(resolve))
      open -= 1
      return json(url.searchParams.has('cursor') ? page1 : page0)
    })
    expect(await allOf(client.subscriptions.list({ parentAdamId: 910001 }))).toEqual([
      ...page0.subscriptions,
      ...page1.subscriptions,
    ])
    expect(asked.map(({ url }) => `${url.pathname}${url.search}`)).toEqual([
      '/mdm/v2/subscriptions?parentAdamId=910001',
      `/mdm/v2/subscriptions?parentAdamId=910001&cursor=${page0.nextCursor}`,
    ])
  })

  test('assigned plus available is total, for both kinds of seats', () => {
    for (const { counts } of [...page0.subscriptions, ...page1.subscriptions]) {
      for (const kind of ['renewing', 'expiring'] as const) {
        expect(counts.assigned[kind] + counts.available[kind]).toBe(counts.total[kind])
      }
    }
  })

  test('of seats and of administrators', async () => {
    const { client, asked } = clientOf(({ url }) => json(url.pathname.endsWith('admins') ? admins : seats))
    expect(await allOf(client.subscriptions.assignments({ adamId: 910002, includeUserState: true }))).toEqual(
      seats.assignments,
    )
    expect(await allOf(client.subscriptions.admins())).toEqual(admins.admins)
    expect(asked.map(({ url }) => `${url.pathname}${url.search}`)).toEqual([
      '/mdm/v2/subscriptions/assignments?adamId=910002&includeUserState=true',
      '/mdm/v2/subscriptions/admins',
    ])
  })

  test('that is left causes no further request', async () => {
    const { client, asked } = clientOf(() => json(page0))
    for await (const _ of client.subscriptions.list()) break
    expect(asked).toHaveLength(1)
  })

  test('that leads in a circle ends', async () => {
    const { client } = clientOf(() => json(page0))
    const failure = await failureOf(allOf(client.subscriptions.list()))
    expect(failure).toMatchObject({ code: 'apple.paging_corrupt' })
  })

  test('whose cursor Apple knows no more', async () => {
    const { client } = clientOf(({ url }) =>
      url.searchParams.has('cursor') ? json({ errorNumber: 9812 }, { status: 400 }) : json(page0),
    )
    await expect(allOf(client.subscriptions.list())).rejects.toMatchObject({ code: 'apple.cursor_invalid' })
  })

  const odd: [title: string, body: unknown, outcome: unknown][] = [
    ['a missing list is empty', { versionId: 'v' }, []],
    [
      'ids as texts are numbers',
      { subscriptions: [{ ...page1.subscriptions[0], adamId: '910003' }] },
      page1.subscriptions,
    ],
    ['a list that is none', { subscriptions: 'none' }, 'apple.unexpected_answer'],
    ['a subscription without an id', { subscriptions: [{ counts: {} }] }, 'apple.unexpected_answer'],
    ['a subscription without counts', { subscriptions: [{ adamId: 1 }] }, 'apple.unexpected_answer'],
  ]
  for (const [title, body, outcome] of odd) {
    test(title, async () => {
      const { client } = clientOf(() => json(body))
      const reading = allOf(client.subscriptions.list())
      if (typeof outcome === 'string') await expect(reading).rejects.toMatchObject({ code: outcome })
      else expect(await reading).toEqual(outcome)
    })
  }
})

describe('a command about subscriptions', () => {
  type Subscriptions = ReturnType<typeof clientOf>['client']['subscriptions']
  const commands: [
    title: string,
    path: string,
    send: (its: Subscriptions) => Promise<unknown>,
    sent: unknown,
    answer: object,
  ][] = [
    [
      'associate gives an event',
      'associate',
      (its) => its.associate({ ...holders, renewing: true }),
      { ...holders, renewing: true },
      event,
    ],
    [
      'disassociate at the end of the period gives an event',
      'disassociate',
      (its) => its.disassociate({ ...holders, deferred: true }),
      { ...holders, deferred: true },
      event,
    ],
    [
      'adding administrators is done at once',
      'admins/add',
      (its) => its.addAdmins(holders),
      holders,
      adminsChanged,
    ],
    [
      'removing administrators is done at once',
      'admins/remove',
      (its) => its.removeAdmins(holders),
      holders,
      adminsChanged,
    ],
    ['enable has no body', 'enable', (its) => its.enable(), undefined, enabled],
    [
      'disable has no body',
      'disable',
      (its) => its.disable(),
      undefined,
      { ...enabled, subscriptionManagement: false },
    ],
  ]
  for (const [title, path, send, sent, answer] of commands) {
    test(title, async () => {
      const { client, asked } = clientOf(() => json(answer))
      // Without a holder `mdmInfo` is null here and missing elsewhere; both are read as missing.
      const known = Object.entries(answer).filter(([, value]) => value !== null)
      expect(await send(client.subscriptions)).toEqual(Object.fromEntries(known))
      expect(asked).toHaveLength(1)
      expect(asked[0]).toMatchObject({ method: 'POST', body: sent })
      expect(asked[0]?.url.pathname).toBe(`/mdm/v2/subscriptions/${path}`)
      expect(asked[0]?.headers['content-type']).toBe('application/json')
    })
  }

  test('disabling while some exist is refused', async () => {
    const { client } = clientOf(() => json({ errorNumber: 9818 }, { status: 400 }))
    await expect(client.subscriptions.disable()).rejects.toMatchObject({ code: 'apple.subscriptions_exist' })
  })

  test('an answer that does not say what holds now leaves it open', async () => {
    const { client } = clientOf(() => json({ uId: '7' }))
    await expect(client.subscriptions.enable()).rejects.toMatchObject({ code: 'apple.outcome_unknown' })
  })
})
