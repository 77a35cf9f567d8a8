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
})

function running(story: Story | undefined): Story {
  if (story === undefined) throw new Error('The story did not start')
  return story
}
