/** What assignments say, from a plan through the real door to licenses at the simulated Apple (A1 to A4, L3, L8). */
import { unwrap } from '@apportion/api-client/client'
import { describe, expect, test } from 'vitest'
import { type Story, startStory } from '../support/story.ts'

const app = '900001'
const book = '900009'

async function startSchool() {
  const story = await startStory()
  const { apple, admin, settle } = story
  apple.world.addTitle({ adamId: app, name: 'Tally Notes', kind: 'iosSoftware', publisher: 'Paperwing' })
  const location = apple.world.addLocation({ uId: '300', name: 'Utrecht', organizationName: 'Meridian' })
  location.own({ adamId: app, total: 3 })
  location.own({ adamId: book, total: 10, productType: 'Book' })
  await admin.addToken(location.mintToken().file)
  await settle()
  await admin.importCsv('groups', 'name,kind\nPupils,device\nBoard,device\nReaders,user\n')
  await admin.importCsv('users', 'user_name,name,groups\nada,Ada,Readers\nben,Ben,Readers\n')
  const rows = [
    'ADA1,ada,',
    'ADA2,ada,',
    'BEN1,ben,',
    'PUP1,,Pupils',
    'PUP2,,Pupils',
    'BRD1,,Board',
    'BRD2,,Board',
  ]
  await admin.importCsv('devices', ['serial_number,user,groups', ...rows].join('\n'))
  return { story, location }
}

type Wanted = { readonly group: string; readonly [field: string]: unknown }

async function change(story: Story, adamId: string, wanted: readonly Wanted[]) {
  const { admin } = story
  const { id: assetId } = await admin.asset(adamId)
  return {
    assetId,
    wanted: await Promise.all(
      wanted.map(async ({ group, ...fields }) => ({
        groupId: await admin.groupId(group),
        mode: 'include' as const,
        intent: 'required' as const,
        ...fields,
      })),
    ),
  }
}

const holdersOf = (story: Story, adamId: string) =>
  [...story.apple.world.location('300').assignments(adamId)]
    .map((each) => each.serialNumber ?? 'person')
    .toSorted()

describe('assignments, through the real door', () => {
  test('books and user licenses go to people, once each, whom the plan says to be invited', async () => {
    const { story } = await startSchool()
    await using _ = story
    const { api } = story.admin
    const changes = [
      await change(story, app, [{ group: 'Readers', licenseType: 'user' }]),
      await change(story, book, [{ group: 'Readers' }]),
    ]
    const plan = unwrap(await api.POST('/api/v1/plans', { body: { changes } }))
    expect(plan.outcome).toMatchObject({ grants: { count: 4 }, joining: 4, irrevocable: 2 })
    expect(plan.outcome.prompts).toMatchObject([
      {
        scenario: 'corporate_unsupervised_user',
        devices: 3,
        prompts: ['join-program', 'confirm-install', 'sign-in'],
      },
    ])
    unwrap(await api.POST('/api/v1/plans/{id}/apply', { params: { path: { id: plan.id } } }))
    await expect.poll(() => holdersOf(story, app).length, { timeout: 20_000 }).toBe(2)
    await expect.poll(() => holdersOf(story, book).length, { timeout: 20_000 }).toBe(2)
    await story.settle()
    const holders = await story.admin.holders(app)
    expect(holders.map(({ kind, state, why }) => [kind, state, why.code])).toEqual([
      ['user', 'held', 'waiting_to_join'],
      ['user', 'held', 'waiting_to_join'],
    ])
  }, 60_000)

  test('who has priority is served first, and what is bought goes to the next in the queue by itself', async () => {
    const { story, location } = await startSchool()
    await using _ = story
    const { api } = story.admin
    const body = await change(story, app, [{ group: 'Pupils' }, { group: 'Board', priority: 50 }])
    const plan = unwrap(await api.POST('/api/v1/plans', { body }))
    expect(plan.outcome).toMatchObject({ grants: { count: 3 }, waits: { count: 1 } })
    expect(plan.outcome.waits.sample.map((row) => row.serialNumber)).toEqual(['PUP2'])
    unwrap(await api.POST('/api/v1/plans/{id}/apply', { params: { path: { id: plan.id } } }))
    await story.settle()
    expect(holdersOf(story, app)).toEqual(['BRD1', 'BRD2', 'PUP1'])
    const waiting = (await story.admin.holders(app)).filter(({ state }) => state === 'waiting')
    expect(waiting).toMatchObject([{ id: 'PUP2', position: 1, priority: 0 }])
    location.buy(app, 1)
    await story.settle()
    await expect
      .poll(() => holdersOf(story, app), { timeout: 20_000 })
      .toEqual(['BRD1', 'BRD2', 'PUP1', 'PUP2'])
  }, 60_000)

  test('a plan for the members of a group is refused when the world has moved, and the new one holds', async () => {
    const { story } = await startSchool()
    await using _ = story
    const { admin } = story
    await admin.assign(app, [{ group: 'Pupils', intent: 'required' }])
    await story.settle()
    const group = { id: await admin.groupId('Pupils'), add: ['BRD1', 'BRD2'], remove: [] }
    const plan = unwrap(await admin.api.POST('/api/v1/plans', { body: { group } }))
    expect(plan).toMatchObject({ kind: 'group', outcome: { grants: { count: 1 }, waits: { count: 1 } } })
    await admin.api.POST('/api/v1/groups/{id}/members', {
      params: { path: { id: group.id } },
      body: { add: ['ADA1'], remove: [] },
    })
    await story.settle()
    const refused = await admin.api.POST('/api/v1/plans/{id}/apply', { params: { path: { id: plan.id } } })
    expect(refused.error).toMatchObject({ code: 'plan.world_moved' })
    const moved = newPlanIn(refused.error)
    expect(moved).toMatchObject({ outcome: { grants: { count: 0 }, waits: { count: 2 } } })
    await admin.apply(String(moved.id))
    await story.settle()
    expect(holdersOf(story, app)).toEqual(['ADA1', 'PUP1', 'PUP2'])
    expect((await admin.asset(app)).counts.waiting).toBe(2)
  }, 60_000)
})

/** The plan that a refusal carries. */
function newPlanIn(problem: unknown): { readonly id?: unknown } {
  const facts: unknown = Reflect.get(Object(problem), 'facts')
  return Object(Reflect.get(Object(facts), 'plan'))
}
