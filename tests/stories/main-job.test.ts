import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Story, startStory } from '../support/story.ts'

describe.each([
  ['with notifications', true],
  ['by polling alone', false],
])('the main job, %s', (_title, notifications) => {
  let story: Story | undefined
  beforeAll(async () => {
    story = await startStory({ notifications })
  })
  afterAll(() => story?.[Symbol.asyncDispose]())

  test('a content token opens a location, and the sync fills the catalog with counts and holders', async () => {
    const { apple, admin, settle } = running(story)
    apple.world.addTitle({
      adamId: '900001',
      name: 'Tally Notes',
      kind: 'iosSoftware',
      publisher: 'Paperwing',
    })
    const location = apple.world.addLocation({
      uId: '300',
      name: 'Utrecht',
      organizationName: 'Meridian College',
    })
    location.own({ adamId: '900001', total: 5 })
    location.own({ adamId: '900002', total: 0, unlimited: true })
    location.assignOutside('900001', { serialNumbers: ['OTHER1'] })
    const tokenId = await admin.addToken(location.mintToken().file)
    await settle()
    const asset = await admin.asset('900001', tokenId)
    expect(asset.title).toMatchObject({ name: 'Tally Notes', publisher: 'Paperwing' })
    expect(asset.counts).toMatchObject({ total: 5, used: 1, available: 4, heldOutside: 1 })
    expect((await admin.asset('900002')).counts).toMatchObject({
      unlimited: true,
      total: null,
      available: null,
    })
    expect(await admin.holders('900001')).toMatchObject([
      { id: 'OTHER1', ours: false, why: { code: 'outside' } },
    ])
  })

  test('devices and a group are imported', async () => {
    const { admin } = running(story)
    const devices = Array.from({ length: 8 }, (_, i) => `DEV${i + 1},Pad ${i + 1},iPadOS,Pupils`)
    const groups = await admin.importCsv('groups', 'name,kind\nPupils,device\n')
    expect(groups).toMatchObject({ status: 200, body: { kept: true, created: 1 } })
    const result = await admin.importCsv(
      'devices',
      ['serial_number,name,platform,groups', ...devices].join('\n'),
    )
    expect(result).toMatchObject({ status: 200, body: { kept: true, created: 8, rejected: 0 } })
  })

  test('the plan says who gets a license and who waits, before anything is saved', async () => {
    const { admin, apple } = running(story)
    const before = apple.world.countRequests()
    const { outcome } = await admin.plan('900001', [{ group: 'Pupils', intent: 'required' }])
    expect(outcome).toMatchObject({
      devicesReached: 8,
      grants: { count: 4 },
      waits: { count: 4 },
      licenses: { total: 5, usedBefore: 1, usedAfter: 5, availableAfter: 0 },
      requests: 1,
    })
    expect(outcome.waits.sample.map((row) => row.serialNumber)).toEqual(['DEV5', 'DEV6', 'DEV7', 'DEV8'])
    expect((await admin.asset('900001')).counts.used).toBe(1)
    expect(apple.world.countRequests()).toBe(before)
  })

  test('saved, the first four get their licenses with one request and the rest wait in order', async () => {
    const { admin, apple, settle } = running(story)
    apple.world.forgetRequests()
    await admin.assign('900001', [{ group: 'Pupils', intent: 'required' }])
    await settle()
    expect(apple.world.countRequests({ path: '/assets/associate' })).toBe(1)
    expect(serials(apple)).toEqual(['DEV1', 'DEV2', 'DEV3', 'DEV4', 'OTHER1'])
    expect((await admin.asset('900001')).counts).toMatchObject({
      used: 5,
      available: 0,
      waiting: 4,
      granting: 0,
    })
    const holders = await admin.holders('900001')
    const waiting = holders.filter((each) => each.state === 'waiting')
    expect(waiting.map((each) => [each.id, each.position])).toEqual([
      ['DEV5', 1],
      ['DEV6', 2],
      ['DEV7', 3],
      ['DEV8', 4],
    ])
    expect(holders.find((each) => each.id === 'DEV1')).toMatchObject({
      state: 'held',
      ours: true,
      why: { code: 'assignment', groupName: 'Pupils' },
    })
  })

  test('licenses that are bought go to those who wait, by themselves', async () => {
    const { admin, apple, settle } = running(story)
    locationOf(apple).buy('900001', 2)
    if (!notifications) await admin.sync((await admin.asset('900001')).token.id)
    await settle()
    expect(serials(apple)).toEqual(['DEV1', 'DEV2', 'DEV3', 'DEV4', 'DEV5', 'DEV6', 'OTHER1'])
    expect((await admin.asset('900001')).counts).toMatchObject({ total: 7, used: 7, waiting: 2 })
  })

  test('a device that leaves the group gives its license to the next in the queue', async () => {
    const { admin, apple, settle } = running(story)
    const id = await admin.groupId('Pupils')
    await admin.api.POST('/api/v1/groups/{id}/members', {
      params: { path: { id } },
      body: { add: [], remove: ['DEV2'] },
    })
    await settle()
    expect(serials(apple)).toEqual(['DEV1', 'DEV3', 'DEV4', 'DEV5', 'DEV6', 'DEV7', 'OTHER1'])
  })

  test('changed to uninstall, all licenses of ours come back and the other system keeps its own', async () => {
    const { admin, apple, settle } = running(story)
    const plan = await admin.plan('900001', [{ group: 'Pupils', intent: 'uninstall' }])
    expect(plan.outcome).toMatchObject({ releases: { count: 6 }, grants: { count: 0 }, waits: { count: 0 } })
    await admin.apply(plan.id)
    await settle()
    expect(serials(apple)).toEqual(['OTHER1'])
    expect((await admin.asset('900001')).counts).toMatchObject({
      used: 1,
      available: 6,
      waiting: 0,
      heldOutside: 1,
    })
  })

  test('use is exported as CSV, with names and counts', async () => {
    const { admin, server } = running(story)
    const headers = { authorization: `Bearer ${admin.apiKey}` }
    const csv = await (await fetch(`${server.url}/api/v1/assets.csv`, { headers })).text()
    expect(csv).toContain('900001,STDQ,Tally Notes,Paperwing')
    const { id } = await admin.asset('900001')
    const holders = await (await fetch(`${server.url}/api/v1/assets/${id}/holders.csv`, { headers })).text()
    expect(holders).toContain('device,OTHER1,,,held,yes,')
  })

  test('no secret was logged', () => {
    const { logged, admin } = running(story)
    const text = logged.join('\n')
    expect(logged.length).toBeGreaterThan(0)
    expect(text).not.toContain(admin.apiKey)
    expect(text).not.toMatch(/Bearer [A-Za-z0-9]/)
  })
})

function locationOf(apple: Story['apple']) {
  return apple.world.location('300')
}

function serials(apple: Story['apple']): readonly string[] {
  return [...locationOf(apple).assignments('900001')].map((each) => each.serialNumber ?? '').sort()
}

function running(story: Story | undefined): Story {
  if (story === undefined) throw new Error('The story did not start')
  return story
}
