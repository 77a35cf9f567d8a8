import { unwrap } from '@apportion/api-client/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectSameBooks } from '../support/books.ts'
import { type Story, startStory } from '../support/story.ts'

/** L6, S5 and L13 through the real server and the simulator: taken, withheld, given again, freed and adopted. */
describe.each([
  ['with notifications', true],
  ['by polling alone', false],
])('taking back by hand, %s', (_title, notifications) => {
  let story: Story | undefined
  let tokenId = 0
  beforeAll(async () => {
    story = await startStory({ notifications })
    const { apple, admin, settle } = story
    apple.world.addTitle({
      adamId: '900001',
      name: 'Tally Notes',
      kind: 'iosSoftware',
      publisher: 'Paperwing',
    })
    apple.world.addTitle({
      adamId: '900002',
      name: 'Tide Tables',
      kind: 'iosSoftware',
      publisher: 'Paperwing',
    })
    const location = apple.world.addLocation({ uId: '300', name: 'Utrecht', organizationName: 'Meridian' })
    location.own({ adamId: '900001', total: 5 })
    location.own({ adamId: '900002', total: 10 })
    location.own({
      adamId: '900003',
      total: 5,
      productType: 'Book',
      revocable: false,
      deviceAssignable: false,
    })
    location.addUser({ clientUserId: 'reader-1', email: 'reader@example.org' })
    location.assignOutside('900001', { serialNumbers: ['OTHER1'] })
    location.assignOutside('900002', { serialNumbers: ['DEV1', 'OTHER2'] })
    location.assignOutside('900003', { clientUserIds: ['reader-1'] })
    tokenId = await admin.addToken(location.mintToken().file)
    await settle()
    await admin.importCsv('groups', 'name,kind\nPupils,device\n')
    const devices = Array.from({ length: 6 }, (_, i) => `DEV${i + 1},Pad ${i + 1},iPadOS,Pupils`)
    await admin.importCsv('devices', ['serial_number,name,platform,groups', ...devices].join('\n'))
    await admin.assign('900001', [{ group: 'Pupils', intent: 'required' }])
    await admin.assign('900002', [{ group: 'Pupils', intent: 'required' }])
    await settle()
  })
  afterAll(() => story?.[Symbol.asyncDispose]())

  test('one license: the preview says that it is required and who gets it then', async () => {
    const { admin } = running(story)
    const { id: assetId } = await admin.asset('900001')
    const scope = { assetId, serialNumber: 'DEV1' }
    const careful = await admin.intervention({ kind: 'take_back', scope })
    expect(careful.preview).toMatchObject({ licenses: 0, skipped: [{ reason: 'still_required', count: 1 }] })
    const preview = await admin.intervention({ kind: 'take_back', scope, required: 'withhold' })
    expect(preview).toMatchObject({
      state: 'preview',
      preview: { licenses: 1, withheld: 1, toQueue: 1, requests: 1 },
      scope: { asset: { name: 'Tally Notes' }, holder: { id: 'DEV1', name: 'Pad 1' } },
    })
    expect((await admin.holders('900001')).filter(({ state }) => state === 'waiting')).toHaveLength(2)
  })

  test('applied, the license goes to the next in the queue and the device is withheld, with the reason', async () => {
    const { admin, apple, settle } = running(story)
    const { id: assetId } = await admin.asset('900001')
    const scope = { assetId, serialNumber: 'DEV1' }
    const preview = await admin.intervention({ kind: 'take_back', scope, required: 'withhold' })
    expect((await admin.applyIntervention(preview.id)).state).not.toBe('preview')
    await settle()
    expect(serials(apple, '900001')).toEqual(['DEV2', 'DEV3', 'DEV4', 'DEV5', 'OTHER1'])
    const withheld = (await admin.holders('900001')).filter(({ state }) => state === 'withheld')
    expect(withheld).toMatchObject([
      { id: 'DEV1', why: { code: 'taken_back', by: 'story', interventionId: preview.id } },
    ])
    expect(await admin.readIntervention(preview.id)).toMatchObject({
      state: 'done',
      withheldNow: 1,
      counts: [{ outcome: 'taken', reason: 'withheld', count: 1 }],
    })
    expect(await lines(admin, { serialNumber: 'DEV1', assetId })).toEqual([
      'released taken_back',
      'granted assigned',
    ])
    await expectSameBooks(apple, admin, { uId: '300', adamIds: ['900001'] })
  })

  test('a plan says that it stays withheld', async () => {
    const { admin } = running(story)
    const { outcome } = await admin.plan('900001', [{ group: 'Pupils', intent: 'required' }])
    expect(outcome).toMatchObject({ withheld: 1, waits: { count: 1 }, grants: { count: 0 } })
    expect(outcome.warnings.map(({ code }) => code)).toContain('withheld')
  })

  test('given again, it waits in its old place, before the others', async () => {
    const { admin, settle } = running(story)
    const { id: assetId } = await admin.asset('900001')
    const body = { assetId, serialNumber: 'DEV1' }
    expect(unwrap(await admin.api.POST('/api/v1/give-again', { body }))).toEqual({ given: 1 })
    await settle()
    const waiting = (await admin.holders('900001')).filter(({ state }) => state === 'waiting')
    expect(waiting.map(({ id }) => id)).toEqual(['DEV1', 'DEV6'])
  })

  test('what is held outside is adopted where it is required, and freed elsewhere', async () => {
    const { admin, apple, settle } = running(story)
    const { id: assetId } = await admin.asset('900002')
    const adopt = await admin.intervention({ kind: 'adopt', scope: { assetId } })
    expect(adopt.preview).toMatchObject({ licenses: 1, skipped: [{ reason: 'not_assigned', count: 1 }] })
    await admin.applyIntervention(adopt.id)
    await settle()
    expect((await admin.holders('900002')).find(({ id }) => id === 'DEV1')).toMatchObject({
      ours: true,
      state: 'held',
    })
    const free = await admin.intervention({ kind: 'free', scope: { tokenId } })
    expect(free.preview).toMatchObject({ licenses: 2, skipped: [{ reason: 'not_revocable', count: 1 }] })
    await admin.applyIntervention(free.id)
    await settle()
    expect(serials(apple, '900002')).toEqual(['DEV1', 'DEV2', 'DEV3', 'DEV4', 'DEV5', 'DEV6'])
    expect(await admin.readIntervention(free.id)).toMatchObject({ state: 'done' })
    expect(await lines(admin, { interventionId: free.id })).toEqual(['released freed', 'released freed'])
    await expectSameBooks(apple, admin, { uId: '300', adamIds: ['900001', '900002', '900003'] })
  })

  test('everything: taken with as few requests as Apple allows, books stay, nobody gets anything again', async () => {
    const { admin, apple, settle } = running(story)
    apple.world.forgetRequests()
    const preview = await admin.intervention({
      kind: 'take_back',
      scope: { everything: true },
      required: 'withhold',
      includeOutside: true,
    })
    expect(preview.preview).toMatchObject({ waitingWithheld: 1, apps: 3, locations: 1, toQueue: 0 })
    await admin.applyIntervention(preview.id)
    await settle()
    expect(serials(apple, '900001')).toEqual([])
    expect(serials(apple, '900002')).toEqual([])
    expect([...apple.world.location('300').assignments('900003')]).toHaveLength(1)
    expect(apple.world.countRequests({ path: '/assets/disassociate' })).toBeLessThanOrEqual(2)
    expect(apple.world.countRequests({ path: '/assets/associate' })).toBe(0)
    await admin.sync(tokenId)
    await settle()
    await expectSameBooks(apple, admin, { uId: '300', adamIds: ['900001', '900002', '900003'] })
    const record = await admin.readIntervention(preview.id)
    expect(record).toMatchObject({ state: 'done', withheldNow: 12 })
    expect(
      Object.fromEntries(record.counts.map((each) => [`${each.outcome} ${each.reason}`, each.count])),
    ).toEqual({
      'taken withheld': 11,
      'withheld null': 1,
      'skipped not_revocable': 1,
    })
  })

  test('the record and the ledger are exported as CSV, and the past can be asked for', async () => {
    const { admin, server, apple } = running(story)
    const headers = { authorization: `Bearer ${admin.apiKey}` }
    const read = async (path: string) => (await fetch(`${server.url}/api/v1${path}`, { headers })).text()
    const { items } = unwrap(await admin.api.GET('/api/v1/interventions'))
    expect(items.map(({ kind }) => kind)).toEqual(['take_back', 'free', 'adopt', 'take_back'])
    const csv = await read(`/interventions/${items[0]?.id}/licenses.csv`)
    expect(csv).toContain('Tally Notes,Utrecht,device,DEV2,Pad 2,taken,withheld')
    expect(csv).toContain('user,reader-1,,skipped,not_revocable')
    expect(await read('/ledger.csv?serialNumber=DEV2')).toContain(
      ',released,Tally Notes,Utrecht,device,DEV2,Pad 2,taken_back,',
    )
    const { id: assetId } = await admin.asset('900001')
    const at = items[0]?.appliedAt ?? ''
    const before = new Date(Date.parse(at) - 1).toISOString()
    const heldAt = async (moment: string) =>
      unwrap(
        await admin.api.GET('/api/v1/ledger/holders', { params: { query: { at: moment, assetId } } }),
      ).items.map(({ id }) => id)
    expect(await heldAt(before)).toEqual(['DEV1', 'DEV2', 'DEV3', 'DEV4', 'DEV5'])
    expect(await heldAt(new Date(apple.clock.now()).toISOString())).toEqual([])
  })
})

async function lines(
  admin: Story['admin'],
  query: { serialNumber?: string; assetId?: number; interventionId?: string },
): Promise<readonly string[]> {
  const { items } = unwrap(await admin.api.GET('/api/v1/ledger', { params: { query } }))
  return items.map(({ change, cause }) => `${change} ${cause.code}`)
}

function serials(apple: Story['apple'], adamId: string): readonly string[] {
  return [...apple.world.location('300').assignments(adamId)]
    .map((each) => each.serialNumber ?? '')
    .toSorted()
}

function running(story: Story | undefined): Story {
  if (story === undefined) throw new Error('The story did not start')
  return story
}
