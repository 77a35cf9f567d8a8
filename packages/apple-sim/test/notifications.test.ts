import { expect, test } from 'vitest'
import type { KnobChoices } from '../src/knobs.ts'
import { caller, registration, scene, serials } from './support/scene.ts'
import { webhookReceiver } from './support/webhook-receiver.ts'

const assets = [{ adamId: '900001' }]

async function subscribedScene(knobs: KnobChoices = {}) {
  const at = await scene(knobs)
  const webhook = await webhookReceiver()
  at.location.own({ adamId: '900001', total: 200 })
  at.location.own({ adamId: '900002', total: 200 })
  await at.post('/client/config', registration(webhook.url, 'secret-1'))
  return {
    ...at,
    webhook,
    managed: () => webhook.ofType('ASSET_MANAGEMENT').map(({ notification }) => notification),
    async [Symbol.asyncDispose]() {
      await at.apple.close()
      await webhook[Symbol.asyncDispose]()
    },
  }
}

test('C34 150 devices are two notifications of at most 100 with the same eventId, split per asset', async () => {
  await using at = await subscribedScene()
  const both = [...assets, { adamId: '900002' }]
  await at.carryOut('/assets/associate', { assets: both, serialNumbers: serials(150) })
  const heard = at.managed()
  expect(heard.map(({ assignments }) => assignments.length).sort((a, b) => a - b)).toEqual([50, 50, 100, 100])
  expect(new Set(heard.map(({ eventId }) => eventId)).size).toBe(1)
  for (const { assignments } of heard) {
    expect(new Set(assignments.map((assignment: { adamId: string }) => assignment.adamId)).size).toBe(1)
  }
})

test('C34 success and failure never share a notification, nor do two kinds of failure', async () => {
  await using at = await subscribedScene()
  at.location.own({ adamId: '900003', total: 2 })
  await at.carryOut('/assets/associate', {
    assets: [{ adamId: '900003' }],
    clientUserIds: ['nobody'],
    serialNumbers: serials(4),
  })
  const heard = at
    .managed()
    .map(({ result, type, error, assignments }) => [
      result,
      type,
      error?.errorNumber,
      assignments.map(
        (each: { serialNumber?: string; clientUserId?: string }) => each.serialNumber ?? each.clientUserId,
      ),
    ])
  expect(heard).toHaveLength(3)
  expect(heard).toEqual(
    expect.arrayContaining([
      ['SUCCESS', 'ASSOCIATE', undefined, ['D1', 'D2']],
      ['FAILURE', 'ASSOCIATE', 9709, ['D3', 'D4']],
      ['FAILURE', 'ASSOCIATE', 9609, ['nobody']],
    ]),
  )
})

test('C35 only subscribed types are sent, with the exact header and four top-level fields', async () => {
  await using at = await subscribedScene()
  await at.post('/client/config', { notificationTypes: ['ASSET_COUNT'] })
  await at.carryOut('/assets/associate', { assets, serialNumbers: ['D1'] })
  expect(at.managed()).toEqual([])

  at.location.buy('900001', 1)
  await at.world.settle()
  const last = at.webhook.received.at(-1)
  expect(last?.authorization).toBe('Bearer secret-1')
  expect(Object.keys(last?.body ?? {}).sort()).toEqual([
    'notification',
    'notificationId',
    'notificationType',
    'uId',
  ])
  expect(last?.body.notification).toEqual({ adamId: '900001', pricingParam: 'STDQ', countDelta: 1 })
})

test('C36 a failed delivery is tried three times with the same id and then dropped', async () => {
  await using at = await subscribedScene()
  at.webhook.answerNext(500, 'silence', 403)
  at.location.buy('900001', 1)
  await at.world.settle()
  const heard = at.webhook.ofType('ASSET_COUNT')
  expect(heard).toHaveLength(3)
  expect(new Set(heard.map(({ notificationId }) => notificationId)).size).toBe(1)
  expect(at.world.notifications.at(-1)).toMatchObject({ outcome: 'dropped', attempts: 3 })
})

test('C36 the attempts are a minute and three minutes apart', async () => {
  await using at = await subscribedScene()
  at.webhook.answerNext(500, 500, 500)
  at.location.buy('900001', 1)
  await at.world.drain()
  const tries = () => at.webhook.ofType('ASSET_COUNT').length
  expect(tries()).toBe(1)
  at.clock.advance(59_999)
  await at.world.drain()
  expect(tries()).toBe(1)
  at.clock.advance(1)
  await at.world.drain()
  expect(tries()).toBe(2)
  at.clock.advance(180_000)
  await at.world.drain()
  expect(tries()).toBe(3)
})

test('C36 any 2xx counts as delivered, 204 included', async () => {
  for (const status of [200, 202, 204]) {
    await using at = await subscribedScene()
    at.webhook.answerNext(status)
    at.location.buy('900001', 1)
    await at.world.settle()
    expect(at.webhook.ofType('ASSET_COUNT')).toHaveLength(1)
    expect(at.world.notifications.at(-1)?.outcome).toBe('delivered')
  }
})

test('C37 notifications are doubled and reordered as the knobs say', async () => {
  await using at = await subscribedScene({ notifications: { duplicate: 1, reorder: 0.5, reorderMs: 60_000 } })
  for (let count = 1; count <= 20; count++) at.location.buy('900001', count)
  await at.world.settle()
  const heard = at.webhook.ofType('ASSET_COUNT')
  expect(heard).toHaveLength(40)
  expect(new Set(heard.map(({ notificationId }) => notificationId)).size).toBe(20)
  const order = heard.map(({ notification }) => notification.countDelta)
  expect(order).not.toEqual([...order].sort((a, b) => a - b))
})

test('C37 with every notification lost, status and a full walk still tell everything', async () => {
  await using at = await subscribedScene({ notifications: { loss: 1 } })
  const status = await at.carryOut('/assets/associate', { assets, serialNumbers: serials(3) })
  expect(status).toMatchObject({ eventStatus: 'COMPLETE', numCompleted: 3 })
  expect(at.managed()).toEqual([])
  expect((await at.get('/assignments')).body.size).toBe(3)
})

test('C37 the same seed loses the same notifications', async () => {
  const outcomes = async (seed: number) => {
    await using at = await scene({ notifications: { loss: 0.5 } }, { seed })
    await using webhook = await webhookReceiver()
    await at.post('/client/config', registration(webhook.url))
    for (let count = 1; count <= 20; count++) at.location.buy('900001', count)
    await at.world.settle()
    return webhook
      .ofType('ASSET_COUNT')
      .map(({ notification }) => notification.countDelta)
      .sort((a, b) => a - b)
  }
  expect(await outcomes(5)).toEqual(await outcomes(5))
  expect(await outcomes(5)).not.toEqual(await outcomes(6))
})

test('C38 purchase, transfer and refund are ASSET_COUNT with the right sign on both sides and no eventId', async () => {
  await using at = await subscribedScene()
  await using elsewhere = await webhookReceiver()
  const other = at.world.addLocation({ uId: '301', name: 'Mountain school', organizationName: 'HARBOR' })
  await caller(at.apple, other.mintToken().file).post('/client/config', registration(elsewhere.url))
  at.location.buy('900001', 10)
  at.location.transfer(other, '900001', 4)
  at.location.refund('900001', 3)
  await at.world.settle()
  const counts = (heard: { notification: { countDelta: number; eventId?: string } }[]) =>
    heard
      .map(({ notification }) => [notification.countDelta, notification.eventId] as const)
      .sort(([a], [b]) => a - b)
  expect(counts(at.webhook.ofType('ASSET_COUNT'))).toEqual([
    [-4, undefined],
    [-3, undefined],
    [10, undefined],
  ])
  expect(counts(elsewhere.ofType('ASSET_COUNT'))).toEqual([[4, undefined]])
  expect([at.location.counts('900001').total, other.counts('900001').total]).toEqual([203, 4])
  expect(() => at.location.refund('900001', 1000)).toThrow(RangeError)
})

test('C38 what another system assigns is announced with an eventId that the client has never seen', async () => {
  await using at = await subscribedScene()
  at.location.assignOutside('900001', { serialNumbers: ['X1'] })
  at.location.releaseOutside('900001', { serialNumbers: ['X1'] })
  await at.world.settle()
  expect(at.managed().map(({ type, result, assignments }) => [type, result, assignments.length])).toEqual([
    ['ASSOCIATE', 'SUCCESS', 1],
    ['DISASSOCIATE', 'SUCCESS', 1],
  ])
})
