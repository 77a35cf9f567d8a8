/**
 * The engine against scenarios of faults that the simulator makes up. `APPORTION_SEED` replays one; its steps are what
 * `apportion sim play --random SEED --print` shows.
 */
import { manualClock } from '@apportion/apple-sim/clock'
import { randomScenario } from '@apportion/apple-sim/random-scenario'
import { expect, test } from 'vitest'
import { expectSameBooks } from '../support/books.ts'
import { type Story, startStory } from '../support/story.ts'

const { APPORTION_SEED: replay } = process.env
const seeds = replay === undefined ? [2, 3] : [Number(replay)]

test.each(seeds)(
  'scenario %i: once it is over the books agree, and nobody waits beside a free license',
  async (seed) => {
    await using story = await startStory({
      apple: { seed, clock: manualClock(Date.now()), knobs: { pageSize: 7 } },
    })
    const { tokenId, adamIds } = await begin(story)
    story.apple.world.play(randomScenario(seed, { steps: 20, seconds: 900 }))
    for (let minute = 0; minute < 16; minute++) {
      await story.pass({ minutes: 1 })
      for (const adamId of adamIds) {
        const { total, assigned } = story.apple.world.location('300').counts(adamId)
        expect(assigned).toBeLessThanOrEqual(total)
      }
    }
    const [run] = story.apple.world.scenarios
    expect(run?.steps.filter(({ state }) => state === 'waiting')).toEqual([])
    expect(run?.steps.filter(({ hits }) => hits > 0).length, 'faults that struck').toBeGreaterThan(2)
    story.apple.world.clearFaults()
    for (let sync = 0; sync < 2; sync++) {
      for (let pause = 0; pause < 3; pause++) {
        await story.pass({ minutes: 6 })
        await story.settle()
      }
      await story.admin.sync(tokenId)
      await story.settle()
    }
    await expectSameBooks(story.apple, story.admin, { uId: '300', adamIds })
    for (const adamId of adamIds) {
      const { counts } = await story.admin.asset(adamId)
      if (counts.waiting > 0) expect(counts.available, `licenses of ${adamId} left while some wait`).toBe(0)
    }
  },
)

async function begin({ apple, admin, settle }: Story) {
  const location = apple.world.addLocation({
    uId: '300',
    name: 'Utrecht',
    organizationName: 'Meridian College',
  })
  const adamIds = ['900001', '900002']
  for (const adamId of adamIds) location.own({ adamId, total: 25 })
  const tokenId = await admin.addToken(location.mintToken().file)
  await admin.importCsv('groups', 'name,kind\nPupils,device\n')
  const devices = Array.from({ length: 30 }, (_, index) => `DEV${index},Pupils`)
  await admin.importCsv('devices', ['serial_number,groups', ...devices].join('\n'))
  await settle()
  for (const adamId of adamIds) await admin.assign(adamId, [{ group: 'Pupils', intent: 'required' }])
  return { tokenId, adamIds }
}
