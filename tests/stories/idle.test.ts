import { unwrap } from '@apportion/api-client/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectSameBooks } from '../support/books.ts'
import { type Story, startStory } from '../support/story.ts'

/** L11 through the real server and the simulator: found, previewed, freed, undone, and held again. */
describe('idle licenses', () => {
  let story: Story | undefined
  beforeAll(async () => {
    story = await startStory()
    const { apple, admin, settle } = story
    const title = {
      adamId: '900001',
      name: 'Tally Notes',
      kind: 'iosSoftware',
      publisher: 'Paperwing',
    } as const
    apple.world.addTitle(title)
    const location = apple.world.addLocation({ uId: '300', name: 'Utrecht', organizationName: 'Meridian' })
    location.own({ adamId: '900001', total: 4 })
    location.assignOutside('900001', { serialNumbers: ['GONE1', 'GONE2'] })
    await admin.addToken(location.mintToken().file)
    await settle()
    await admin.importCsv('groups', 'name,kind\nPupils,device\n')
    const devices = ['DEV1', 'DEV2'].map((serial) => `${serial},Pad,iPadOS,Pupils,2020-01-01T00:00:00Z`)
    const header = 'serial_number,name,platform,groups,last_seen_at'
    await admin.importCsv('devices', [header, ...devices].join('\n'))
    await admin.assign('900001', [{ group: 'Pupils', intent: 'required' }])
    await settle()
  })
  afterAll(() => story?.[Symbol.asyncDispose]())

  test('are found by the daily look, with the reason and what may come back', async () => {
    const { admin, pass } = running(story)
    await pass({ minutes: 24 * 60 })
    const summary = unwrap(await admin.api.GET('/api/v1/idle-licenses/summary'))
    expect(summary).toMatchObject({ licenses: 4, outside: 2, canComeBack: 4, unseenDays: 90, looking: false })
    const { items } = unwrap(await admin.api.GET('/api/v1/idle-licenses'))
    expect(items.map(({ id, reason, required, ours }) => [id, reason, required, ours])).toEqual([
      ['DEV1', 'device_unseen', true, true],
      ['DEV2', 'device_unseen', true, true],
      ['GONE1', 'outside_and_unknown', false, false],
      ['GONE2', 'outside_and_unknown', false, false],
    ])
  })

  test('go back to Apple as previewed, and their holders get them again when that is undone', async () => {
    const { admin, apple, settle } = running(story)
    const scope = { idle: ['device_unseen', 'outside_and_unknown'] } as const
    const free = await admin.intervention({
      kind: 'take_back',
      scope: { idle: [...scope.idle] },
      includeOutside: true,
      required: 'withhold',
    })
    expect(free.preview).toMatchObject({ licenses: 4, withheld: 2, skipped: [] })
    await admin.applyIntervention(free.id)
    await settle()
    expect(serials(apple)).toEqual([])
    expect((await idle(admin)).licenses).toBe(0)
    const record = await admin.readIntervention(free.id)
    expect(record).toMatchObject({ state: 'done', withheldNow: 2 })
    const month = Date.parse(record.undoUntil ?? '') - Date.parse(record.appliedAt ?? '')
    expect(month / 86_400_000).toBe(30)

    const undo = unwrap(
      await admin.api.POST('/api/v1/interventions/{id}/undo', { params: { path: { id: free.id } } }),
    )
    expect(undo).toMatchObject({
      kind: 'undo',
      undoes: free.id,
      preview: { licenses: 4, queued: 0, requests: 1 },
    })
    await admin.applyIntervention(undo.id)
    await settle()
    expect(serials(apple)).toEqual(['DEV1', 'DEV2', 'GONE1', 'GONE2'])
    expect(await admin.readIntervention(undo.id)).toMatchObject({
      state: 'done',
      counts: [{ outcome: 'given', count: 4 }],
    })
    expect(await admin.readIntervention(free.id)).toMatchObject({ undoneBy: undo.id, withheldNow: 0 })
    const lines = unwrap(
      await admin.api.GET('/api/v1/ledger', { params: { query: { serialNumber: 'GONE1' } } }),
    )
    expect(lines.items.map(({ change, cause }) => `${change} ${cause.code}`)).toEqual([
      'granted undone',
      'released taken_back',
    ])
  })

  test('stay held for 30 days, and then what nobody requires comes back by itself', async () => {
    const { admin, apple, settle, pass } = running(story)
    await pass({ minutes: 24 * 60 })
    expect((await idle(admin)).reasons.find(({ reason }) => reason === 'serial_unknown')?.licenses).toBe(0)
    await expectSameBooks(apple, admin, { uId: '300', adamIds: ['900001'] })
    expect(serials(apple)).toHaveLength(4)
    await pass({ minutes: 30 * 24 * 60 })
    await settle()
    expect(serials(apple)).toEqual(['DEV1', 'DEV2'])
    const { items } = unwrap(await admin.api.GET('/api/v1/interventions'))
    const path = { id: items.at(-1)?.id ?? '' }
    const late = admin.api.POST('/api/v1/interventions/{id}/undo', { params: { path } }).then(unwrap)
    await expect(late).rejects.toMatchObject({ code: 'intervention.too_late' })
  })
})

async function idle(admin: Story['admin']) {
  return unwrap(await admin.api.GET('/api/v1/idle-licenses/summary'))
}

function serials(apple: Story['apple']): readonly string[] {
  return [...apple.world.location('300').assignments('900001')]
    .map((each) => each.serialNumber ?? '')
    .toSorted()
}

function running(story: Story | undefined): Story {
  if (story === undefined) throw new Error('The story did not start')
  return story
}
