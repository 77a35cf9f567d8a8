import type { ResponseUser } from '@apportion/apple-wire/messages'
import { expect, test } from 'vitest'
import { caller, registration, scene } from './support/scene.ts'
import { webhookReceiver } from './support/webhook-receiver.ts'

async function peopledScene() {
  const at = await scene()
  at.location.own({ adamId: '1', total: 5 })
  at.location.own({ adamId: '9', total: 5, productType: 'Book' })
  const users = async (query = ''): Promise<readonly ResponseUser[]> =>
    (await at.get(`/users?${query}`)).body.users
  const create = (...list: object[]) => at.carryOut('/users/create', { users: list })
  return { ...at, users, create }
}

test('C30 a user with an email is Registered with an invite code, and Associated after accepting it', async () => {
  await using at = await peopledScene()
  await using webhook = await webhookReceiver()
  await at.post('/client/config', registration(webhook.url))
  await at.create({ clientUserId: 'u1', email: 'u1@meridian.example' })
  const [registered] = await at.users()
  expect(registered).toEqual({
    clientUserId: 'u1',
    email: 'u1@meridian.example',
    status: 'Registered',
    inviteCode: expect.stringMatching(/^[0-9a-f]{32}$/),
  })

  at.location.acceptInvitation('u1')
  await at.world.settle()
  const [associated] = await at.users()
  expect(associated).toEqual({
    clientUserId: 'u1',
    email: 'u1@meridian.example',
    status: 'Associated',
    idHash: expect.stringMatching(/^[\w+/]{27}=$/),
  })
  const announced = webhook.ofType('USER_ASSOCIATED')
  expect(announced.map(({ notification }) => notification.associatedUsers)).toEqual([
    [{ ...associated, inviteCode: registered?.inviteCode }],
  ])
})

test('C30 a Managed Apple Account of the organization is Associated at once, without an invite code', async () => {
  await using at = await peopledScene()
  at.location.addManagedAppleAccount('u1@school.example')
  await at.create({ clientUserId: 'u1', managedAppleId: 'u1@school.example' })
  const [user] = await at.users()
  expect(user).toMatchObject({ status: 'Associated', idHash: expect.any(String) })
  expect(user).not.toHaveProperty('inviteCode')
})

test('C31 an active id fails with 9716, a foreign account with 9635, one already used with 9641', async () => {
  await using at = await peopledScene()
  at.location.addManagedAppleAccount('a@school.example')
  await at.create({ clientUserId: 'u1', managedAppleId: 'a@school.example' })
  const status = await at.create(
    { clientUserId: 'u1' },
    { clientUserId: 'u2', managedAppleId: 'b@elsewhere.example' },
    { clientUserId: 'u3', managedAppleId: 'a@school.example' },
    { clientUserId: 'u4' },
  )
  expect(status).toMatchObject({
    eventStatus: 'FAILED',
    eventType: 'CREATE',
    numRequested: 4,
    numCompleted: 1,
  })
  expect(
    status.failures.map((failure: { errorNumber: number; errorInfo: object }) => [
      failure.errorNumber,
      failure.errorInfo,
    ]),
  ).toEqual([
    [9716, { clientUserIds: ['u1'] }],
    [9635, { clientUserIds: ['u2'] }],
    [9641, { clientUserIds: ['u3'] }],
  ])
})

test('C31 with the token of somebody without a Managed Apple Account nobody can be given one: 9635', async () => {
  await using at = await peopledScene()
  at.location.addManagedAppleAccount('a@school.example')
  const client = caller(at.apple, at.location.mintToken({ withoutAccount: true }).file)
  const users = [{ clientUserId: 'u1', managedAppleId: 'a@school.example' }, { clientUserId: 'u2' }]
  const { eventId } = (await client.post('/users/create', { users })).body
  await at.world.settle()
  const status = (await client.get(`/status?eventId=${eventId}`)).body
  expect(status).toMatchObject({ eventStatus: 'FAILED', numCompleted: 1 })
  expect(status.failures).toMatchObject([{ errorNumber: 9635, errorInfo: { clientUserIds: ['u1'] } }])
})

test('C31 101 users are 9714, duplicates 9715, a bad address 9717, none 9720', async () => {
  await using at = await peopledScene()
  const many = Array.from({ length: 101 }, (_, index) => ({ clientUserId: `u${index}` }))
  const table: [unknown, number][] = [
    [{ users: many }, 9714],
    [{ users: [{ clientUserId: 'u1' }, { clientUserId: 'u1' }] }, 9715],
    [{ users: [{ clientUserId: 'u1', email: 'nobody at home' }] }, 9717],
    [{ users: [] }, 9720],
    [{}, 9720],
    [{ users: [{ email: 'a@b.example' }] }, 9602],
  ]
  for (const path of ['/users/create', '/users/update', '/users/retire']) {
    for (const [body, errorNumber] of table) {
      const reply = await at.post(path, body)
      expect([path, reply.status, reply.body.errorNumber]).toEqual([path, 400, errorNumber])
    }
  }
  expect(await at.users()).toEqual([])
})

test('C32 retire returns app licenses and keeps books; the row becomes Retired', async () => {
  await using at = await peopledScene()
  await at.create({ clientUserId: 'u1' })
  await at.carryOut('/assets/associate', {
    assets: [{ adamId: '1' }, { adamId: '9' }],
    clientUserIds: ['u1'],
  })
  expect(await at.carryOut('/users/retire', { users: [{ clientUserId: 'u1' }] })).toMatchObject({
    eventStatus: 'COMPLETE',
    eventType: 'RETIRE',
  })
  expect(at.location.counts('1')).toEqual({ total: 5, assigned: 0, available: 5, retired: 0 })
  expect(at.location.counts('9')).toEqual({ total: 5, assigned: 0, available: 4, retired: 1 })
  expect((await at.users()).map((user) => user.status)).toEqual(['Retired'])
  expect((await at.get('/assignments')).body.size).toBe(1)
  expect((await at.get('/assignments?excludeInactiveUsers=true')).body.size).toBe(0)
})

test('C32 the notification of a retirement still has the code of an open invitation, the list does not', async () => {
  await using at = await peopledScene()
  await using webhook = await webhookReceiver()
  await at.post('/client/config', registration(webhook.url))
  await at.create({ clientUserId: 'u1' })
  const inviteCode = (await at.users())[0]?.inviteCode
  await at.carryOut('/users/retire', { users: [{ clientUserId: 'u1' }] })
  const told: unknown[] = webhook.ofType('USER_MANAGEMENT').map(({ notification }) => notification)
  expect(told.at(-1)).toMatchObject({
    type: 'RETIRE',
    users: [{ clientUserId: 'u1', status: 'Retired', inviteCode }],
  })
  expect((await at.users())[0]).toEqual({ clientUserId: 'u1', status: 'Retired' })
})

test('C32 an id that was never associated revives its row; one that was gets a second row', async () => {
  await using at = await peopledScene()
  const retire = () => at.carryOut('/users/retire', { users: [{ clientUserId: 'u1' }] })
  await at.create({ clientUserId: 'u1' })
  await retire()
  await at.create({ clientUserId: 'u1' })
  expect((await at.users()).map((user) => user.status)).toEqual(['Registered'])

  at.location.acceptInvitation('u1', 'person@icloud.example')
  await retire()
  await at.create({ clientUserId: 'u1' })
  expect((await at.users()).map((user) => user.status)).toEqual(['Retired', 'Registered'])
  expect((await at.users('activeOnly=true')).map((user) => user.status)).toEqual(['Registered'])
  expect((await at.users('retiredOnly=true')).map((user) => user.status)).toEqual(['Retired'])
})

test('C32 a return with the old account brings back the old row, another account takes the books along', async () => {
  for (const [account, statuses, retiredBooks] of [
    ['person@icloud.example', ['Associated', 'Retired'], 0],
    ['another@icloud.example', ['Deleted', 'Associated'], 0],
  ] as const) {
    await using at = await peopledScene()
    await at.create({ clientUserId: 'u1' })
    at.location.acceptInvitation('u1', 'person@icloud.example')
    await at.carryOut('/assets/associate', { assets: [{ adamId: '9' }], clientUserIds: ['u1'] })
    await at.carryOut('/users/retire', { users: [{ clientUserId: 'u1' }] })
    await at.create({ clientUserId: 'u1' })
    at.location.acceptInvitation('u1', account)
    expect((await at.users()).map((user) => user.status)).toEqual(statuses)
    expect(await at.users('activeOnly=true')).toHaveLength(1)
    expect(at.location.counts('9')).toEqual({ total: 5, assigned: 1, available: 4, retired: retiredBooks })
  }
})

test('C32 update changes the address and keeps it when none is given; unknown users are 9609', async () => {
  await using at = await peopledScene()
  await at.create({ clientUserId: 'u1', email: 'old@meridian.example' })
  await at.carryOut('/users/update', { users: [{ clientUserId: 'u1' }] })
  expect((await at.users())[0]?.email).toBe('old@meridian.example')
  await at.carryOut('/users/update', { users: [{ clientUserId: 'u1', email: 'new@meridian.example' }] })
  expect((await at.users())[0]?.email).toBe('new@meridian.example')
  for (const path of ['/users/update', '/users/retire']) {
    const status = await at.carryOut(path, { users: [{ clientUserId: 'ghost' }] })
    expect(status.failures[0]).toMatchObject({ errorNumber: 9609, errorInfo: { clientUserIds: ['ghost'] } })
  }
})

test('C33 an associate to a retired or unknown user is 9609, as a task or at once', async () => {
  await using at = await peopledScene()
  at.location.addUser({ clientUserId: 'gone' })
  at.location.retireUser('gone')
  const body = { assets: [{ adamId: '1' }], clientUserIds: ['gone', 'unknown'] }
  const status = await at.carryOut('/assets/associate', body)
  expect(status).toMatchObject({ eventStatus: 'FAILED', numRequested: 2, numCompleted: 0 })
  expect(status.failures).toEqual([
    expect.objectContaining({ errorNumber: 9609, errorInfo: { clientUserIds: ['gone', 'unknown'] } }),
  ])

  at.world.setKnobs({ unknownUser: 'sync' })
  const refused = await at.post('/assets/associate', body)
  expect([refused.status, refused.body.errorNumber]).toEqual([400, 9609])
})

test('C33 a Registered user who has not accepted yet can get a license', async () => {
  await using at = await peopledScene()
  await at.create({ clientUserId: 'u1' })
  const status = await at.carryOut('/assets/associate', { assets: [{ adamId: '1' }], clientUserIds: ['u1'] })
  expect(status.eventStatus).toBe('COMPLETE')
})
