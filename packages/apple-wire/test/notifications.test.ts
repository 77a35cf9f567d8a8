import { describe, expect, test } from 'vitest'
import samples from '../fixtures/notifications.json' with { type: 'json' }
import { type ParsedNotification, parseNotification } from '../src/notifications.ts'

const head = { notificationId: 'n-1', uId: '300' }

/** A notification of this type and content, read. */
const read = (notificationType: string, notification: unknown): ParsedNotification | undefined =>
  parseNotification({ ...head, notificationType, notification })

test('the samples have all eight types, and each is understood', () => {
  expect(new Set(samples.map((each) => each.notificationType)).size).toBe(8)
  expect(samples.map((each) => parseNotification(each)?.kind)).toEqual([
    'test',
    'asset-count',
    'asset-management',
    'asset-management',
    'user-associated',
    'user-management',
    'user-management',
    'subscription-count',
    'subscription-management',
    'unlimited-asset',
  ])
})

describe('what each type tells', () => {
  const told: [title: string, type: string, content: unknown, parsed: object][] = [
    ['a test', 'TEST_NOTIFICATION', {}, { kind: 'test' }],
    ['a test without content', 'TEST_NOTIFICATION', undefined, { kind: 'test' }],
    [
      'a refund',
      'ASSET_COUNT',
      { adamId: '1', countDelta: -3, pricingParam: 'PLUS' },
      { kind: 'asset-count', adamId: '1', pricingParam: 'PLUS', countDelta: -3 },
    ],
    [
      'a purchase without pricingParam, its id a number',
      'ASSET_COUNT',
      { adamId: 1, countDelta: 3 },
      { kind: 'asset-count', adamId: '1', pricingParam: 'STDQ', countDelta: 3 },
    ],
    [
      'licenses given',
      'ASSET_MANAGEMENT',
      { eventId: 'e', result: 'SUCCESS', type: 'ASSOCIATE', assignments: [{ adamId: 1, serialNumber: 'S' }] },
      {
        kind: 'asset-management',
        eventId: 'e',
        result: 'SUCCESS',
        type: 'ASSOCIATE',
        assignments: [{ adamId: '1', pricingParam: 'STDQ', serialNumber: 'S' }],
      },
    ],
    [
      'licenses refused, the failure in a list and result left out',
      'ASSET_MANAGEMENT',
      {
        eventId: 'e',
        type: 'ASSOCIATE',
        assignments: [{ adamId: '1', pricingParam: 'PLUS', clientUserId: 'u' }],
        failures: [{ errorNumber: 9609, errorMessage: 'gone', errorInfo: { clientUserIds: ['u'] } }],
      },
      {
        kind: 'asset-management',
        eventId: 'e',
        result: 'FAILURE',
        type: 'ASSOCIATE',
        assignments: [{ adamId: '1', pricingParam: 'PLUS', clientUserId: 'u' }],
        error: { errorNumber: 9609, errorMessage: 'gone', errorInfo: { clientUserIds: ['u'] } },
      },
    ],
    [
      'users refused, the ids alone',
      'USER_MANAGEMENT',
      {
        eventId: 'e',
        result: 'FAILURE',
        type: 'CREATE',
        users: [{ clientUserId: 'u' }],
        error: { errorNumber: 9716 },
      },
      {
        kind: 'user-management',
        eventId: 'e',
        result: 'FAILURE',
        type: 'CREATE',
        users: [{ clientUserId: 'u' }],
        error: { errorNumber: 9716 },
      },
    ],
    [
      'an invitation accepted',
      'USER_ASSOCIATED',
      { associatedUsers: [{ clientUserId: 'u', status: 'Associated', idHash: 'h=' }] },
      { kind: 'user-associated', users: [{ clientUserId: 'u', status: 'Associated', idHash: 'h=' }] },
    ],
    [
      'seats bought, ids as texts',
      'SUBSCRIPTION_COUNT',
      {
        parentAdamId: '1',
        adamId: '2',
        counts: { available: { renewing: 1, expiring: 0 }, total: { renewing: 2, expiring: 0 } },
      },
      {
        kind: 'subscription-count',
        parentAdamId: 1,
        adamId: 2,
        counts: { available: { renewing: 1, expiring: 0 }, total: { renewing: 2, expiring: 0 } },
      },
    ],
    [
      'seats given',
      'SUBSCRIPTION_MANAGEMENT',
      {
        eventId: 'e',
        result: 'SUCCESS',
        type: 'ASSOCIATE',
        assignments: [{ adamId: 2, clientUserId: 'u', renewing: true }],
      },
      {
        kind: 'subscription-management',
        eventId: 'e',
        result: 'SUCCESS',
        type: 'ASSOCIATE',
        assignments: [{ adamId: 2, clientUserId: 'u', renewing: true }],
      },
    ],
    [
      'an unlimited asset, whatever it carries',
      'UNLIMITED_ASSET',
      { assets: [{ adamId: '1' }] },
      { kind: 'unlimited-asset', raw: { assets: [{ adamId: '1' }] } },
    ],
  ]
  for (const [title, type, content, parsed] of told) {
    test(title, () => expect(read(type, content)).toEqual({ ...head, ...parsed }))
  }
})

describe('what cannot be understood is kept as it came', () => {
  const odd: [title: string, type: string, content: unknown][] = [
    ['a type of tomorrow', 'ASSET_FORECAST', { adamId: '1' }],
    ['a type that every object has', 'constructor', {}],
    ['a count that is none', 'ASSET_COUNT', { adamId: '1', countDelta: 'many' }],
    [
      'licenses without an event',
      'ASSET_MANAGEMENT',
      { result: 'SUCCESS', type: 'ASSOCIATE', assignments: [] },
    ],
    [
      'licenses without a result or an error',
      'ASSET_MANAGEMENT',
      { eventId: 'e', type: 'ASSOCIATE', assignments: [] },
    ],
    [
      'licenses of which one has no holder',
      'ASSET_MANAGEMENT',
      {
        eventId: 'e',
        result: 'SUCCESS',
        type: 'REVOKE',
        assignments: [{ adamId: '1', serialNumber: 'S' }, { adamId: '1' }],
      },
    ],
    [
      'a license with two holders',
      'ASSET_MANAGEMENT',
      {
        eventId: 'e',
        result: 'SUCCESS',
        type: 'REVOKE',
        assignments: [{ adamId: '1', serialNumber: 'S', clientUserId: 'u' }],
      },
    ],
    [
      'a list of users that is none',
      'USER_MANAGEMENT',
      { eventId: 'e', result: 'SUCCESS', type: 'CREATE', users: 'u' },
    ],
    ['associated users without an id', 'USER_ASSOCIATED', { associatedUsers: [{ status: 'Associated' }] }],
    ['seats without counts', 'SUBSCRIPTION_COUNT', { adamId: 2 }],
    ['no content at all', 'ASSET_MANAGEMENT', undefined],
  ]
  for (const [title, notificationType, raw] of odd) {
    test(title, () =>
      expect(read(notificationType, raw)).toEqual({ ...head, kind: 'unknown', notificationType, raw }),
    )
  }
})

describe('what is no notification', () => {
  const none: [title: string, body: unknown][] = [
    ['nothing', undefined],
    ['a text', 'ASSET_COUNT'],
    ['a list', [samples[0]]],
    ['without an id', { uId: '300', notificationType: 'ASSET_COUNT' }],
    ['without a type', { ...head }],
    ['without a uId', { notificationId: 'n', notificationType: 'ASSET_COUNT' }],
  ]
  for (const [title, body] of none) test(title, () => expect(parseNotification(body)).toBeUndefined())

  test('a uId that is a number is taken as its text', () => {
    expect(parseNotification({ ...head, uId: 300, notificationType: 'TEST_NOTIFICATION' })).toEqual({
      ...head,
      kind: 'test',
    })
  })
})
