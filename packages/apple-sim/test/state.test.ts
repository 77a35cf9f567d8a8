import { appendFile, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startAppleSim } from '../src/apple-sim.ts'
import { manualClock } from '../src/clock.ts'
import { inventOrganization } from '../src/invented-organization.ts'
import { enterOrganization } from '../src/organization-world.ts'
import { seededRandom } from '../src/random.ts'
import { serials } from './support/scene.ts'

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'apple-sim-'))
  try {
    await work(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

const begin = (stateFolder: string) => startAppleSim({ stateFolder, clock: manualClock() })

test('through any number of restarts the licenses are those that were given and not taken back', async () => {
  await inFolder(async (folder) => {
    const random = seededRandom(11)
    const model = new Set<string>()
    for (let run = 0; run < 6; run++) {
      await using apple = await begin(folder)
      if (run === 0) {
        const made = apple.world.addLocation({ uId: '7', name: 'Harbor', organizationName: 'HARBOR' })
        for (const adamId of ['1', '2']) made.own({ adamId, total: 1000 })
      }
      const location = apple.world.location('7')
      const held = [...location.assignments()].map((each) => `${each.adamId} ${each.serialNumber}`)
      expect([held.length, new Set(held)]).toEqual([model.size, model])
      for (let change = 0; change < 80; change++) {
        const adamId = random.chance(0.5) ? '1' : '2'
        const serialNumber = `D${random.below(40)}`
        const holders = { serialNumbers: [serialNumber] }
        if (random.chance(0.6)) {
          location.assignOutside(adamId, holders)
          model.add(`${adamId} ${serialNumber}`)
        } else {
          location.releaseOutside(adamId, holders)
          model.delete(`${adamId} ${serialNumber}`)
        }
        if (random.chance(0.1)) apple.world.save()
      }
    }
  })
})

test('files do not grow for ever: what was given and taken back many times is written anew', async () => {
  await inFolder(async (folder) => {
    {
      await using apple = await begin(folder)
      const location = apple.world.addLocation({ uId: '7', name: 'Harbor', organizationName: 'HARBOR' })
      location.own({ adamId: '1', total: 2000 })
      apple.world.save()
      location.assignOutside('1', { serialNumbers: serials(10, 'KEPT') })
      const passing = { serialNumbers: serials(1000) }
      for (let round = 0; round < 55; round++) {
        location.assignOutside('1', passing)
        location.releaseOutside('1', passing)
      }
      apple.world.save()
      location.assignOutside('1', { serialNumbers: ['LAST'] })
    }
    const files = (await readdir(folder)).sort((a, b) => a.localeCompare(b))
    expect(files).toEqual([
      'apple-sim.json',
      'location-7-2.holders',
      'location-7-2.licenses',
      'location-7-2.users',
    ])
    expect((await stat(join(folder, 'location-7-2.licenses'))).size).toBe(11 * 12)
    await using apple = await begin(folder)
    const held = [...apple.world.location('7').assignments()].map(({ serialNumber }) => serialNumber)
    expect(held).toEqual([...serials(10, 'KEPT'), 'LAST'])
  })
})

test('what was written after the last whole state, as when a process was killed in between, does not count', async () => {
  await inFolder(async (folder) => {
    {
      await using apple = await begin(folder)
      const location = apple.world.addLocation({ uId: '7', name: 'Harbor', organizationName: 'HARBOR' })
      location.own({ adamId: '1', total: 20 })
      location.assignOutside('1', { serialNumbers: serials(3) })
    }
    await appendFile(join(folder, 'location-7-1.holders'), '[-1,"HALF')
    await appendFile(join(folder, 'location-7-1.licenses'), Buffer.alloc(24, 1))
    for (let restart = 0; restart < 2; restart++) {
      await using apple = await begin(folder)
      const held = [...apple.world.location('7').assignments()].map(({ serialNumber }) => serialNumber)
      expect(held).toEqual(serials(3))
    }
  })
})

test('a whole organization outlives a restart, readers and books included', async () => {
  await inFolder(async (folder) => {
    const organization = inventOrganization({ preset: 'company', devices: 600, seed: 6 })
    let before: unknown
    const shown = (apple: Awaited<ReturnType<typeof begin>>) =>
      apple.world.locations.map((location) => [location.uId, location.assets, location.heldCount])
    {
      await using apple = await begin(folder)
      enterOrganization(apple.world, organization)
      before = shown(apple)
    }
    await using apple = await begin(folder)
    expect(shown(apple)).toEqual(before)
    // Whoever was registered and associated still is: the account is taken, the id is in use.
    const [location] = apple.world.locations
    const reader = [...(location?.assignments() ?? [])].find(({ clientUserId }) => clientUserId !== undefined)
    expect(() => location?.addUser({ clientUserId: reader?.clientUserId ?? '' })).toThrow(
      /already registered/,
    )
  })
})
