import { expect, test } from 'vitest'
import { caller, scene } from './support/scene.ts'
import {
  APP,
  type Family,
  MATHS,
  numberOf,
  READING,
  subscriptionScene,
  users,
} from './support/subscription-scene.ts'

test('C45 nothing can be bought before subscriptions are enabled; enable and disable need no body', async () => {
  await using at = await scene()
  expect(() => at.location.subscriptions.buy({ adamId: READING, renewing: 1 })).toThrow(/not enabled/)
  const enabled = await at.send('/subscriptions/enable', { method: 'POST' })
  expect(enabled.status).toBe(200)
  expect(enabled.body).toEqual({
    mdmInfo: null,
    subscriptionManagement: true,
    tokenExpirationDate: expect.any(String),
    uId: '300',
  })
  at.location.subscriptions.buy({ adamId: READING, renewing: 1 })
  expect(await numberOf(at.send('/subscriptions/disable', { method: 'POST' }))).toEqual([400, 9818])
  at.location.subscriptions.refund(READING, { renewing: 1 })
  const disabled = await at.send('/subscriptions/disable', { method: 'POST' })
  expect(disabled.body).toMatchObject({ subscriptionManagement: false })
  const claim = { id: 'mdm-1', name: 'Product', metadata: 'v1' }
  await at.post('/client/config', { mdmInfo: claim })
  expect((await at.post('/subscriptions/enable', {})).body.mdmInfo).toEqual(claim)
})

test('C45 ids are integers, and assigned + available = total for renewing and expiring seats', async () => {
  await using at = await subscriptionScene()
  at.location.subscriptions.buy({ adamId: READING, parentAdamId: APP, renewing: 3, expiring: 1 })
  const status = await at.carryOut('/subscriptions/associate', {
    adamIds: [READING],
    clientUserIds: ['u1', 'u2'],
    renewing: true,
  })
  expect(status).toMatchObject({
    eventStatus: 'COMPLETE',
    eventType: 'ASSOCIATE',
    numRequested: 2,
    numCompleted: 2,
  })
  await at.carryOut('/subscriptions/associate', {
    adamIds: [READING],
    clientUserIds: ['u3'],
    renewing: false,
  })
  expect((await at.family('')).subscriptions).toEqual([
    {
      adamId: READING,
      parentAdamId: APP,
      status: 'ACTIVE',
      periodEndDate: '2026-02-05',
      counts: {
        assigned: { renewing: 2, expiring: 1 },
        available: { renewing: 1, expiring: 0 },
        total: { renewing: 3, expiring: 1 },
      },
    },
  ])
  expect((await at.family('/assignments')).assignments).toEqual([
    { adamId: READING, clientUserId: 'u1', renewing: true },
    { adamId: READING, clientUserId: 'u2', renewing: true },
    { adamId: READING, clientUserId: 'u3', renewing: false },
  ])
  expect((await at.family('/assignments?clientUserId=u3&includeUserState=true')).assignments).toEqual([
    {
      adamId: READING,
      clientUserId: 'u3',
      renewing: false,
      userStatus: 'Associated',
      idHash: expect.any(String),
    },
  ])
})

test('C45 the seat invariant holds after every kind of change', async () => {
  await using at = await subscriptionScene()
  const { subscriptions } = at.location
  subscriptions.buy({ adamId: READING, renewing: 3, expiring: 2 })
  const seats = { adamIds: [READING], clientUserIds: users }
  const changes: (() => unknown)[] = [
    () => at.carryOut('/subscriptions/associate', { ...seats, renewing: true }),
    () => at.carryOut('/subscriptions/associate', { ...seats, renewing: false }),
    () => subscriptions.buy({ adamId: READING, renewing: 2 }),
    () => subscriptions.cancelRenewal(READING, 1),
    () => at.carryOut('/subscriptions/disassociate', { ...seats, clientUserIds: ['u1'], deferred: true }),
    () => at.carryOut('/subscriptions/disassociate', { ...seats, clientUserIds: ['u2'] }),
    () => at.location.retireUser('u3'),
    () => subscriptions.endPeriod(READING),
  ]
  for (const change of changes) {
    await change()
    const { counts } = (await at.family('')).subscriptions[0] ?? { counts: undefined }
    for (const kind of ['renewing', 'expiring'] as const) {
      const [assigned = -1, available = -1] = [counts?.assigned[kind], counts?.available[kind]]
      expect(assigned + available).toBe(counts?.total[kind])
      expect(Math.min(assigned, available)).toBeGreaterThanOrEqual(0)
    }
  }
  expect(subscriptions.all[0]?.counts.total).toEqual({ renewing: 4, expiring: 0 })
  expect(() => subscriptions.refund(READING, { renewing: 5 })).toThrow(RangeError)
})

test('C45 pages follow a cursor to the end; one that is invented or of another walk is 9812', async () => {
  await using at = await subscriptionScene({ pageSize: 2 })
  for (let adamId = READING; adamId < READING + 5; adamId++) {
    at.location.subscriptions.buy({ adamId, parentAdamId: APP, renewing: 1 })
  }
  const seen: number[] = []
  const sizes: number[] = []
  let cursor: string | undefined = ''
  let first = ''
  while (cursor !== undefined) {
    const page: Family = await at.family(cursor === '' ? '' : `?cursor=${cursor}`)
    seen.push(...page.subscriptions.map(({ adamId }) => adamId))
    sizes.push(page.subscriptions.length)
    cursor = page.nextCursor
    first ||= cursor ?? ''
  }
  expect(seen).toEqual([0, 1, 2, 3, 4].map((index) => READING + index))
  expect(sizes).toEqual([2, 2, 1])
  for (const path of [
    '?cursor=invented',
    '?cursor=',
    `?cursor=${first}x`,
    `?cursor=${first}&parentAdamId=${APP}`,
    `/assignments?cursor=${first}`,
  ]) {
    expect([path, (await at.family(path)).errorNumber]).toEqual([path, 9812])
  }
  const other = at.world.addLocation({ name: 'Mountain school', organizationName: 'HARBOR' })
  const elsewhere = caller(at.apple, other.mintToken().file)
  expect(await numberOf(elsewhere.get(`/subscriptions?cursor=${first}`))).toEqual([400, 9812])
})

test('C45 a seat that is given back during a walk moves no later page', async () => {
  await using at = await subscriptionScene({ pageSize: 1 })
  at.location.subscriptions.buy({ adamId: READING, renewing: 4 })
  await at.carryOut('/subscriptions/associate', {
    adamIds: [READING],
    clientUserIds: users,
    renewing: true,
  })
  const { nextCursor } = await at.family('/assignments')
  await at.carryOut('/subscriptions/disassociate', { adamIds: [READING], clientUserIds: ['u1'] })
  const second = await at.family(`/assignments?cursor=${nextCursor}`)
  expect(second.assignments.map(({ clientUserId }) => clientUserId)).toEqual(['u2'])
})

test('C45 filters are by subscription, by the app it belongs to, and by user; text for an id is 9813', async () => {
  await using at = await subscriptionScene()
  at.location.subscriptions.buy({ adamId: READING, parentAdamId: APP, renewing: 2 })
  at.location.subscriptions.buy({ adamId: MATHS, renewing: 2 })
  const ids = async (query: string) => (await at.family(query)).subscriptions.map(({ adamId }) => adamId)
  expect(await ids(`?adamId=${MATHS}`)).toEqual([MATHS])
  expect(await ids(`?parentAdamId=${APP}`)).toEqual([READING])
  expect(await ids('?adamId=1')).toEqual([])
  expect((await at.family('?adamId=none')).errorNumber).toBe(9813)
})

test('C45 a request that is wrong is refused with its number, and starts nothing', async () => {
  await using at = await subscriptionScene({
    limits: { maxSubscriptions: 2, maxSubscriptionClientUserIds: 4 },
  })
  at.location.subscriptions.buy({ adamId: READING, renewing: 4 })
  at.location.subscriptions.buy({ adamId: MATHS, renewing: 4 })
  at.location.subscriptions.assignByGroup(READING, 'u4')
  const good = { adamIds: [READING], clientUserIds: ['u1'], renewing: true }
  const table: [string, unknown, number][] = [
    ['/associate', { ...good, adamIds: [] }, 9811],
    ['/associate', { ...good, clientUserIds: ['u1', 'u1'] }, 9811],
    ['/associate', { ...good, adamIds: ['700001'] }, 9602],
    ['/associate', { ...good, renewing: 'yes' }, 9602],
    ['/associate', { ...good, adamIds: [1] }, 9813],
    ['/associate', { ...good, clientUserIds: ['invited'] }, 9814],
    ['/associate', { ...good, clientUserIds: ['nobody'] }, 9814],
    ['/associate', { ...good, adamIds: [READING, MATHS, 1] }, 9816],
    ['/associate', { ...good, clientUserIds: [...users, 'invited'] }, 9816],
    ['/associate', { ...good, clientUserIds: ['u4'] }, 9817],
    ['/disassociate', { ...good, clientUserIds: ['u1'] }, 9815],
    ['/disassociate', { ...good, clientUserIds: ['u4'] }, 9811],
    ['/disassociate', { ...good, clientUserIds: ['u4'], deferred: 1 }, 9602],
    ['/admins/add', { ...good, clientUserIds: ['invited'] }, 9814],
    ['/admins/remove', { ...good, clientUserIds: ['u1'] }, 9815],
  ]
  for (const [path, body, errorNumber] of table) {
    const [status, number] = await numberOf(at.post(`/subscriptions${path}`, body))
    expect([path, body, status, number]).toEqual([path, body, 400, errorNumber])
  }
  at.location.subscriptions.setStatus(READING, 'PAUSED')
  expect(await numberOf(at.post('/subscriptions/associate', good))).toEqual([400, 9811])
  await at.world.settle()
  expect(at.location.subscriptions.assignments).toHaveLength(1)
})

test('C45 more users than seats: the event fails with 9709 and names who got none', async () => {
  await using at = await subscriptionScene()
  at.location.subscriptions.buy({ adamId: READING, renewing: 3 })
  const status = await at.carryOut('/subscriptions/associate', {
    adamIds: [READING],
    clientUserIds: users,
    renewing: true,
  })
  expect(status).toMatchObject({ eventStatus: 'FAILED', numRequested: 4, numCompleted: 3 })
  expect(status.failures).toMatchObject([{ errorNumber: 9709, errorInfo: { clientUserIds: ['u4'] } }])
})
