import { expect, test } from 'vitest'
import { registration, scene, serials } from './support/scene.ts'
import { webhookReceiver } from './support/webhook-receiver.ts'

const assets = [{ adamId: '900001' }]

/** Two assets with 100 licenses each, four registered users, and a book. */
async function stockedScene(knobs = {}) {
  const at = await scene(knobs)
  at.location.own({ adamId: '900001', total: 100 })
  at.location.own({ adamId: '900002', total: 100 })
  at.location.own({ adamId: '900009', total: 10, productType: 'Book' })
  for (const clientUserId of ['u1', 'u2', 'u3', 'u4']) at.location.addUser({ clientUserId })
  return at
}

test('C23 two assets for four users and four devices are sixteen tasks', async () => {
  await using at = await stockedScene()
  const body = {
    assets: [{ adamId: '900001' }, { adamId: '900002', pricingParam: 'STDQ' }],
    clientUserIds: ['u1', 'u2', 'u3', 'u4'],
    serialNumbers: serials(4),
  }
  expect(await at.carryOut('/assets/associate', body)).toMatchObject({
    eventStatus: 'COMPLETE',
    eventType: 'ASSOCIATE',
    numRequested: 16,
    numCompleted: 16,
  })
  expect(at.location.heldCount).toBe(16)
})

test('C23 duplicates, too many and empty lists are refused with their number, without event or change', async () => {
  await using at = await stockedScene()
  const many = (count: number) => Array.from({ length: count }, (_, index) => ({ adamId: String(index) }))
  const table: [unknown, number][] = [
    [{ serialNumbers: ['D1'] }, 9718],
    [{ assets: [], serialNumbers: ['D1'] }, 9718],
    [{ assets }, 9719],
    [{ assets, clientUserIds: [], serialNumbers: [] }, 9719],
    [{ assets: many(26), serialNumbers: ['D1'] }, 9700],
    [{ assets, clientUserIds: serials(1001, 'u') }, 9701],
    [{ assets, serialNumbers: serials(1001) }, 9702],
    [{ assets: [...assets, { adamId: '900001', pricingParam: 'STDQ' }], serialNumbers: ['D1'] }, 9703],
    [{ assets, clientUserIds: ['u1', 'u1'] }, 9704],
    [{ assets, serialNumbers: ['D1', 'D2', 'D1'] }, 9705],
    [{ assets: '900001', serialNumbers: ['D1'] }, 9602],
    [{ assets: [{ adamId: 900_001 }], serialNumbers: ['D1'] }, 9602],
    [{ assets, serialNumbers: [1] }, 9602],
  ]
  for (const path of ['/assets/associate', '/assets/disassociate']) {
    for (const [body, errorNumber] of table) {
      const reply = await at.post(path, body)
      expect([reply.status, reply.body.errorNumber]).toEqual([400, errorNumber])
      expect(reply.body).not.toHaveProperty('eventId')
    }
  }
  await at.world.settle()
  expect(at.location.heldCount).toBe(0)
})

test('C23 limits follow the override that service config announces', async () => {
  await using at = await stockedScene({ limits: { maxSerialNumbers: 2 } })
  expect((await at.get('/service/config')).body.limits.maxSerialNumbers).toBe(2)
  expect((await at.post('/assets/associate', { assets, serialNumbers: serials(3) })).body.errorNumber).toBe(
    9702,
  )
})

test('C24 status is PENDING with a growing count, then COMPLETE; an unknown eventId is 400/9708', async () => {
  await using at = await stockedScene({
    processing: { minMs: 10_000, maxMs: 10_000 },
    notificationElements: 10,
  })
  const { body } = await at.post('/assets/associate', { assets, serialNumbers: serials(100) })
  const seen = []
  for (let second = 0; second <= 10; second++) {
    const { eventStatus, numCompleted } = (await at.get(`/status?eventId=${body.eventId}`)).body
    seen.push([eventStatus, numCompleted])
    at.clock.advance(1000)
  }
  expect(seen).toEqual([
    ...Array.from({ length: 10 }, (_, step) => ['PENDING', step * 10]),
    ['COMPLETE', 100],
  ])
  const unknown = await at.get('/status?eventId=none')
  expect([unknown.status, unknown.body.errorNumber]).toEqual([400, 9708])
  expect((await at.get('/status')).body.errorNumber).toBe(9602)
})

test('C24 one unknown user fails its two tasks, grouped; the fourteen good ones exist', async () => {
  await using at = await stockedScene()
  const status = await at.carryOut('/assets/associate', {
    assets: [{ adamId: '900001' }, { adamId: '900002' }],
    clientUserIds: ['u1', 'u2', 'u3', 'nobody'],
    serialNumbers: serials(4),
  })
  expect(status).toMatchObject({ eventStatus: 'FAILED', numRequested: 16, numCompleted: 14 })
  expect(status.failures).toHaveLength(1)
  expect(status.failures[0]).toMatchObject({ errorNumber: 9609, errorInfo: { clientUserIds: ['nobody'] } })
  expect((await at.get('/assignments')).body.size).toBe(14)
})

test('C25 ten licenses for fifteen devices: 9709 names the five that failed, and none is left', async () => {
  await using at = await stockedScene()
  at.location.own({ adamId: '900003', total: 10 })
  const status = await at.carryOut('/assets/associate', {
    assets: [{ adamId: '900003' }],
    serialNumbers: serials(15),
  })
  expect(status).toMatchObject({ eventStatus: 'FAILED', numRequested: 15, numCompleted: 10 })
  expect(status.failures).toEqual([
    expect.objectContaining({
      errorNumber: 9709,
      errorInfo: {
        assets: [{ adamId: '900003', pricingParam: 'STDQ' }],
        serialNumbers: serials(15).slice(10),
      },
    }),
  ])
  expect(at.location.counts('900003')).toEqual({ total: 10, assigned: 10, available: 0, retired: 0 })
})

test('C25 with the knob whole-asset nothing of an asset in shortage is given', async () => {
  await using at = await stockedScene({ shortage: 'whole-asset' })
  at.location.own({ adamId: '900003', total: 10 })
  const both = [{ adamId: '900001' }, { adamId: '900003' }]
  const status = await at.carryOut('/assets/associate', { assets: both, serialNumbers: serials(15) })
  expect(status).toMatchObject({ eventStatus: 'FAILED', numCompleted: 15 })
  expect(at.location.counts('900003').assigned).toBe(0)
})

test('C25 an adamId that the location does not own fails with 9709 and is named', async () => {
  await using at = await stockedScene()
  const status = await at.carryOut('/assets/associate', { assets: [{ adamId: '77' }], serialNumbers: ['D1'] })
  expect(status.failures[0]).toMatchObject({ errorNumber: 9709, errorInfo: { assets: [{ adamId: '77' }] } })
})

test('C26 the same associate again takes nothing more; taking what nobody holds completes', async () => {
  await using at = await stockedScene()
  const body = { assets, serialNumbers: serials(5) }
  await at.carryOut('/assets/associate', body)
  expect(await at.carryOut('/assets/associate', body)).toMatchObject({
    eventStatus: 'COMPLETE',
    numCompleted: 5,
  })
  expect(at.location.counts('900001').assigned).toBe(5)

  const nothing = await at.carryOut('/assets/disassociate', { assets, serialNumbers: ['never'] })
  expect(nothing).toMatchObject({ eventStatus: 'COMPLETE', eventType: 'DISASSOCIATE', numCompleted: 1 })
  await at.carryOut('/assets/disassociate', body)
  expect(at.location.counts('900001')).toEqual({ total: 100, assigned: 0, available: 100, retired: 0 })
})

test('C27 a book for a device is 9707, taking a book back is 9706, revoking a user leaves the book', async () => {
  await using at = await stockedScene()
  const book = [{ adamId: '900009' }]
  const wrong = await at.post('/assets/associate', { assets: [...assets, ...book], serialNumbers: ['D1'] })
  expect(wrong.body).toMatchObject({ errorNumber: 9707, errorInfo: { assets: [{ adamId: '900009' }] } })

  await at.carryOut('/assets/associate', { assets: [...assets, ...book], clientUserIds: ['u1'] })
  const back = await at.post('/assets/disassociate', { assets: book, clientUserIds: ['u1'] })
  expect([back.status, back.body.errorNumber]).toEqual([400, 9706])

  const revoked = await at.carryOut('/assets/revoke', { clientUserIds: ['u1'] })
  expect(revoked).toMatchObject({
    eventStatus: 'COMPLETE',
    eventType: 'REVOKE',
    numRequested: 1,
    numCompleted: 1,
  })
  expect([...at.location.assignments()]).toEqual([
    { adamId: '900009', pricingParam: 'STDQ', clientUserId: 'u1' },
  ])
})

test('C28 a nonsense serial number is accepted and takes a license', async () => {
  await using at = await stockedScene()
  const status = await at.carryOut('/assets/associate', { assets, serialNumbers: ['not a serial number!'] })
  expect(status.eventStatus).toBe('COMPLETE')
  expect(at.location.counts('900001').assigned).toBe(1)
})

test('C29 revoke takes at most 100 users and 100 devices, only what is revocable, and names each pair', async () => {
  await using at = await stockedScene()
  await using webhook = await webhookReceiver()
  await at.post('/client/config', registration(webhook.url))
  expect((await at.post('/assets/revoke', { serialNumbers: serials(101) })).body.errorNumber).toBe(9702)
  expect((await at.post('/assets/revoke', { clientUserIds: serials(101, 'u') })).body.errorNumber).toBe(9701)
  expect((await at.post('/assets/revoke', {})).body.errorNumber).toBe(9719)

  await at.carryOut('/assets/associate', {
    assets: [...assets, { adamId: '900002' }],
    serialNumbers: ['D1', 'D2'],
  })
  const status = await at.carryOut('/assets/revoke', { serialNumbers: ['D1', 'D2', 'D3'] })
  expect(status).toMatchObject({ numRequested: 4, numCompleted: 4 })
  const removed = webhook
    .ofType('ASSET_MANAGEMENT')
    .filter(({ notification }) => notification.type === 'REVOKE')
    .flatMap(({ notification }) => notification.assignments)
    .map(({ adamId, serialNumber }) => `${adamId} ${serialNumber}`)
  expect(removed.sort()).toEqual(['900001 D1', '900001 D2', '900002 D1', '900002 D2'])

  const nothing = await at.carryOut('/assets/revoke', { serialNumbers: ['D1'] })
  expect(nothing).toMatchObject({ eventStatus: 'COMPLETE', numRequested: 0, numCompleted: 0 })
})

test('an event takes as long as the speed of the knob, and events wait for each other', async () => {
  await using at = await stockedScene({ processing: { minMs: 0, maxMs: 0, tasksPerSecond: 10 } })
  const first = await at.post('/assets/associate', { assets, serialNumbers: serials(20, 'A') })
  const second = await at.post('/assets/associate', { assets, serialNumbers: serials(20, 'B') })
  const statusOf = async (event: typeof first) =>
    (await at.get(`/status?eventId=${event.body.eventId}`)).body.eventStatus
  at.clock.advance(2000)
  expect([await statusOf(first), await statusOf(second)]).toEqual(['COMPLETE', 'PENDING'])
  at.clock.advance(2000)
  expect(await statusOf(second)).toBe('COMPLETE')
})
