/** What requests about people come to (U1): refusals of a whole request, people who stay invited, and late outcomes. */
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hearPeople } from '../../src/people/hear-users.ts'
import { settleRead } from '../../src/people/settle-registrations.ts'
import type { UserOperation } from '../../src/people/user-operations.ts'
import { inTransaction } from '../../src/platform/db/transaction.ts'
import { createTestDatabase } from '../support/test-database.ts'
import { RegistrationScene, type SentRequest } from './registration-scene.ts'

const database = await createTestDatabase()
afterAll(() => database[Symbol.asyncDispose]())

let scene: RegistrationScene
beforeEach(async () => {
  scene = await RegistrationScene.begin(database)
})
afterEach(() => scene[Symbol.asyncDispose]())

const names = (count: number) => Array.from({ length: count }, (_, i) => ({ name: `p${i}` }))
const minutesFromNow = (at: Date | null) => at && (at.getTime() - scene.now().getTime()) / 60_000

describe('a request that Apple refuses as a whole', () => {
  const cases: [string, number, (request: SentRequest, ids: readonly string[]) => boolean, string[]][] = [
    ['too large for Apple, whatever limit it tells', 9714, ({ ids }) => ids.length > 2, []],
    ['too large for Apple, even of one person', 9714, () => true, ['p0', 'p1', 'p2', 'p3', 'p4']],
    [
      'with somebody twice, as Apple sees it',
      9715,
      ({ ids }, [, second = '']) => ids.includes(second),
      ['p1'],
    ],
    ['with a bad address', 9717, ({ ids }, [first = '']) => ids.includes(first), ['p0']],
  ]
  test.each(cases)(
    '%s (%s) is sent in ever smaller parts, and comes to rest',
    async (...[, number, strikes, left]) => {
      const ids = await scene.addPeople(names(5))
      scene.refusalOf = (request) => (strikes(request, ids) ? { errorNumber: number } : undefined)
      await scene.register()
      expect(scene.sent.length).toBeLessThanOrEqual(2 * ids.length - 1)
      await scene.look()
      const found = await Promise.all(ids.map((id) => scene.of(id)))
      expect(found.map(({ status, problem_number }) => status ?? problem_number)).toEqual(
        names(5).map(({ name }) => (left.includes(name) ? number : 'Registered')),
      )
      const asked = scene.sent.length
      await scene.register()
      expect(scene.sent.length).toBe(asked)
    },
  )

  test('parts are not larger than the limit that Apple tells since', async () => {
    await scene.addPeople(names(9))
    scene.refusalOf = ({ ids }) => {
      if (ids.length < 9) return undefined
      scene.apple.world.setKnobs({ limits: { maxUsers: 2 } })
      return { errorNumber: 9714 }
    }
    await scene.register()
    const [first, ...parts] = scene.sent.map(({ ids }) => ids.length)
    expect([first, ...parts.toSorted((a, b) => a - b)]).toEqual([9, 1, 2, 2, 2, 2])
  })
})

describe('a change of somebody whom Apple does not know (9609)', () => {
  test.each([
    ['names the person', true],
    ['names nobody', false],
  ])('that %s forgets that person alone, who is registered anew', async (_title, isNamed) => {
    const ids = await scene.addPeople(names(2))
    await scene.register()
    await scene.look()
    const [gone = '', there = ''] = ids
    for (const [i, id] of ids.entries()) {
      scene.location.addManagedAppleAccount(`p${i}@school.example`)
      await scene.learnAccount(id, `p${i}@school.example`)
    }
    scene.sent.length = 0
    scene.refusalOf = ({ kind, ids: asked }) =>
      kind === 'update' && asked.includes(gone)
        ? { errorNumber: 9609, ...(isNamed && { clientUserIds: [gone] }) }
        : undefined
    await scene.register()
    expect(scene.sent.filter(({ kind }) => kind === 'create').map(({ ids: asked }) => asked)).toEqual([
      [gone],
    ])
    expect((await scene.of(gone)).status).toBeNull()
    await scene.look()
    expect((await scene.of(there)).status).toBe('Associated')
    expect(await scene.of(gone)).toMatchObject({ problem_number: null, operation_id: null })
  })
})

/** Apple tells that it did a request, and leaves these people invited. */
const tellInvited = (operation: UserOperation, ids: readonly string[]) =>
  inTransaction(scene.db, (tx) =>
    hearPeople(tx, {
      locationId: scene.locationId,
      at: scene.now(),
      told: {
        kind: 'user-management',
        notificationId: operation.id,
        uId: scene.uid,
        eventId: operation.event_id ?? '',
        type: operation.kind === 'create' ? 'CREATE' : 'UPDATE',
        result: 'SUCCESS',
        users: ids.map((clientUserId) => ({ clientUserId, status: 'Registered', inviteCode: 'c2VhbGVk' })),
      },
    }),
  )

async function onlyOpen(): Promise<UserOperation> {
  const [operation, ...others] = await scene.open()
  if (operation === undefined || others.length > 0) throw new Error(`${others.length} others are open`)
  return operation
}

describe('somebody whom Apple leaves invited', () => {
  const account = 'p0@school.example'

  test.each([
    ['although the change carried the account is asked for again only after a pause', 'update'],
    ['although the registration carried the account is asked for again only after a pause', 'create'],
  ] as const)('%s', async (_title, kind) => {
    const [id = ''] = await scene.addPeople([{ name: 'p0', ...(kind === 'create' && { account }) }])
    if (kind === 'update') {
      await scene.register()
      await scene.look()
      await scene.learnAccount(id, account)
    }
    await scene.register()
    const operation = await onlyOpen()
    expect(operation.kind).toBe(kind)
    await tellInvited(operation, [id])
    const settled = await scene.of(id)
    expect(settled).toMatchObject({ status: 'Registered', operation_id: null, problem_number: null })
    expect(minutesFromNow(settled.due_at)).toBe(15)
    const asked = scene.sent.length
    await scene.register()
    expect(scene.sent.length).toBe(asked)
  })

  test('by a registration that left without the account is asked for again at once', async () => {
    const [id = ''] = await scene.addPeople([{ name: 'p0' }])
    await scene.register()
    await scene.learnAccount(id, account)
    await tellInvited(await onlyOpen(), [id])
    await scene.register()
    expect(scene.sent.map(({ kind }) => kind)).toEqual(['create', 'update'])
  })
})

describe('a request that ends late', () => {
  /** The first of two people was settled by the first part of the news, and is in a newer request since. */
  async function overtaken() {
    const ids = await scene.addPeople(names(2))
    await scene.register()
    const first = await onlyOpen()
    const [early = ''] = ids
    await tellInvited(first, [early])
    await scene.learnAccount(early, 'p0@school.example')
    await scene.register()
    const second = (await scene.open()).find(({ id }) => id !== first.id)
    if (second === undefined) throw new Error('No second request')
    return { first, second, early, ids }
  }

  test.each([
    ['well', []],
    ['badly', [9635]],
    ['with somebody unknown', [9609]],
  ])('%s leaves people alone who are in a newer request', async (_title, numbers) => {
    const { first, second, early, ids } = await overtaken()
    const failures = new Map(
      numbers.flatMap((number) => ids.map((id) => [id, { number, detail: 'No.' }] as const)),
    )
    await inTransaction(scene.db, (tx) =>
      settleRead(tx, first, { failures, isCertain: true, at: scene.now() }),
    )
    expect(await scene.of(early)).toMatchObject({
      operation_id: second.id,
      due_at: null,
      problem_number: null,
      status: 'Registered',
    })
  })
})
