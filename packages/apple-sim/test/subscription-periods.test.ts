import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startAppleSim } from '../src/apple-sim.ts'
import { manualClock } from '../src/clock.ts'
import { caller, registration, scene } from './support/scene.ts'
import { APP, type Family, numberOf, READING, subscriptionScene } from './support/subscription-scene.ts'
import { webhookReceiver } from './support/webhook-receiver.ts'

test('C45 administrators are set in the answer itself, which has a versionId and no eventId', async () => {
  await using at = await subscriptionScene()
  at.location.subscriptions.buy({ adamId: READING, renewing: 1 })
  const body = { adamIds: [READING], clientUserIds: ['u1', 'u2'] }
  const added = await at.post('/subscriptions/admins/add', body)
  expect(Object.keys(added.body).sort()).toEqual(['tokenExpirationDate', 'uId', 'versionId'])
  const admins = await at.family('/admins')
  expect(admins.versionId).toBe(added.body.versionId)
  expect(admins.admins).toEqual([
    { adamId: READING, clientUserId: 'u1', idHash: expect.any(String) },
    { adamId: READING, clientUserId: 'u2', idHash: expect.any(String) },
  ])
  const removed = await at.post('/subscriptions/admins/remove', { ...body, clientUserIds: ['u1'] })
  expect(removed.body.versionId).not.toBe(added.body.versionId)
  const left = await at.family('/admins?includeUserState=true')
  expect(left.admins).toMatchObject([{ clientUserId: 'u2', userStatus: 'Associated' }])
})

test('C45 a period ends on its day: expiring seats go, renewing ones stay, the next period begins', async () => {
  await using at = await subscriptionScene()
  at.location.subscriptions.buy({ adamId: READING, renewing: 1, expiring: 1, periodEndDate: '2026-01-31' })
  await at.carryOut('/subscriptions/associate', { adamIds: [READING], clientUserIds: ['u1'], renewing: true })
  await at.carryOut('/subscriptions/associate', {
    adamIds: [READING],
    clientUserIds: ['u2'],
    renewing: false,
  })
  at.clock.advance(Date.UTC(2026, 0, 31) - at.clock.now() - 1)
  expect(at.location.subscriptions.assignments).toHaveLength(2)
  at.clock.advance(1)
  expect(at.location.subscriptions.assignments.map(({ clientUserId }) => clientUserId)).toEqual(['u1'])
  expect(at.location.subscriptions.all).toMatchObject([
    { status: 'ACTIVE', periodEndDate: '2026-02-28', counts: { total: { renewing: 1, expiring: 0 } } },
  ])
  at.location.subscriptions.endPeriod(READING)
  expect(at.location.subscriptions.all).toMatchObject([{ periodEndDate: '2026-03-28' }])
})

test('C45 without renewing seats the period is the last; the entry stays with all counts 0', async () => {
  await using at = await subscriptionScene()
  at.location.subscriptions.buy({ adamId: READING, expiring: 2 })
  at.location.subscriptions.endPeriod(READING)
  const none = { renewing: 0, expiring: 0 }
  expect((await at.family('')).subscriptions).toMatchObject([
    { adamId: READING, status: 'INACTIVE', counts: { assigned: none, available: none, total: none } },
  ])
  expect((await at.send('/subscriptions/disable', { method: 'POST' })).status).toBe(200)
})

test('C45 subscriptions survive a restart, seats, administrators and cursors included', async () => {
  const stateFolder = await mkdtemp(join(tmpdir(), 'apple-sim-'))
  try {
    let file = ''
    let before: Family | undefined
    let cursor: string | undefined
    {
      await using at = await scene({ pageSize: 1 }, { stateFolder })
      file = at.token.file
      for (const clientUserId of ['u1', 'u2']) {
        at.location.addUser({ clientUserId, managedAppleId: `${clientUserId}@school.example` })
      }
      at.location.subscriptions.enable()
      at.location.subscriptions.buy({ adamId: READING, renewing: 2 })
      await at.carryOut('/subscriptions/associate', {
        adamIds: [READING],
        clientUserIds: ['u1', 'u2'],
        renewing: true,
      })
      await at.post('/subscriptions/admins/add', { adamIds: [READING], clientUserIds: ['u1'] })
      before = JSON.parse(JSON.stringify((await at.get('/subscriptions/assignments')).body))
      cursor = before?.nextCursor
    }
    await using apple = await startAppleSim({ stateFolder, clock: manualClock(), knobs: { pageSize: 1 } })
    const client = caller(apple, file)
    expect((await client.get('/subscriptions/assignments')).body).toEqual(before)
    const second = await client.get(`/subscriptions/assignments?cursor=${cursor}`)
    expect(second.body.assignments).toMatchObject([{ clientUserId: 'u2' }])
    expect(apple.world.location('300').subscriptions.enabled).toBe(true)
  } finally {
    await rm(stateFolder, { recursive: true })
  }
})

test('C03 the addresses of subscriptions are named in service config only when the knob says so', async () => {
  await using at = await scene()
  const names = async () => Object.keys((await at.get('/service/config')).body.urls)
  expect(await names()).not.toContain('getSubscriptions')
  at.world.setKnobs({ subscriptionUrls: true })
  expect(await names()).toEqual(
    expect.arrayContaining(['getSubscriptions', 'associateSubscriptions', 'enableSubscriptions']),
  )
})

test('C35 adamId is text in the asset family and an integer in the subscription family', async () => {
  await using at = await subscriptionScene()
  await using webhook = await webhookReceiver()
  await at.post('/client/config', {
    ...registration(webhook.url),
    notificationTypes: ['ASSET_COUNT', 'SUBSCRIPTION_COUNT', 'SUBSCRIPTION_MANAGEMENT'],
  })
  at.location.buy('900001', 1)
  at.location.subscriptions.buy({ adamId: READING, parentAdamId: APP, renewing: 3 })
  const seats = { adamIds: [READING], clientUserIds: ['u1', 'u2'] }
  await at.carryOut('/subscriptions/associate', { ...seats, renewing: true })
  await at.carryOut('/subscriptions/disassociate', { ...seats, clientUserIds: ['u1'] })
  const deferred = await at.post('/subscriptions/disassociate', {
    ...seats,
    clientUserIds: ['u2'],
    deferred: true,
  })
  await at.world.settle()
  const heard = (type: string): unknown[] => webhook.ofType(type).map(({ notification }) => notification)
  expect(heard('ASSET_COUNT')).toEqual([{ adamId: '900001', pricingParam: 'STDQ', countDelta: 1 }])
  expect(heard('SUBSCRIPTION_COUNT')).toEqual([
    {
      parentAdamId: APP,
      adamId: READING,
      counts: { available: { renewing: 3, expiring: 0 }, total: { renewing: 3, expiring: 0 } },
    },
  ])
  const told = (clientUserId: string) => ({ adamId: READING, clientUserId, renewing: true })
  const managed = { eventId: expect.any(String), result: 'SUCCESS' }
  expect(heard('SUBSCRIPTION_MANAGEMENT')).toEqual([
    { ...managed, type: 'ASSOCIATE', assignments: [told('u1'), told('u2')] },
    { ...managed, type: 'DISASSOCIATE', assignments: [told('u1')] },
  ])
  expect((await at.get(`/status?eventId=${deferred.body.eventId}`)).body).toMatchObject({
    eventStatus: 'COMPLETE',
    numCompleted: 1,
  })
  expect(at.location.subscriptions.assignments).toHaveLength(1)

  at.location.subscriptions.endPeriod(READING)
  await at.world.settle()
  expect(at.location.subscriptions.assignments).toEqual([])
  expect(heard('SUBSCRIPTION_MANAGEMENT').at(-1)).toEqual({
    ...managed,
    eventId: deferred.body.eventId,
    type: 'DISASSOCIATE',
    assignments: [told('u2')],
  })
})

test('C04 a read-only token cannot write to subscriptions', async () => {
  await using at = await subscriptionScene()
  const reader = caller(at.apple, at.location.mintToken({ role: 'read' }).file)
  for (const path of ['associate', 'disassociate', 'admins/add', 'admins/remove', 'enable', 'disable']) {
    expect([path, await numberOf(reader.post(`/subscriptions/${path}`, {}))]).toEqual([path, [403, 9602]])
  }
})
