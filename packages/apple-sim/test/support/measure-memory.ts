/**
 * What an organization costs in memory: `node --expose-gc measure-memory.ts [--preset company] [--devices N] …`.
 *
 * Prints one JSON object with the bytes after a collection, above an empty simulator, and how long it took to invent.
 */
import { parseArgs } from 'node:util'
import { startAppleSim } from '../../src/apple-sim.ts'
import { inventOrganization } from '../../src/invented-organization.ts'
import { enterOrganization } from '../../src/organization-world.ts'

const NUMBERS = ['devices', 'users', 'titles', 'licenses', 'locations'] as const

const { values } = parseArgs({
  options: {
    preset: { type: 'string', default: 'company' },
    ...Object.fromEntries(NUMBERS.map((name) => [name, { type: 'string' }] as const)),
  },
})
const preset = values.preset === 'school' ? 'school' : 'company'
const wished = Object.fromEntries(
  Object.entries(values).flatMap(([name, value]) =>
    name === 'preset' || value === undefined ? [] : [[name, Number(value)]],
  ),
)

async function collected(): Promise<{
  readonly heap: number
  readonly outside: number
  readonly rss: number
}> {
  if (!globalThis.gc) throw new Error('Start this with node --expose-gc')
  for (let round = 0; round < 3; round++) {
    await new Promise((resolve) => setTimeout(resolve, 50))
    globalThis.gc()
  }
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage()
  return { heap: heapUsed, outside: arrayBuffers, rss }
}

await using apple = await startAppleSim()
const before = await collected()
const began = performance.now()
const locations = enterOrganization(apple.world, inventOrganization({ preset, ...wished }))
const seconds = (performance.now() - began) / 1000
const after = await collected()
const licenses = locations.reduce((sum, { heldCount }) => sum + heldCount, 0)
const bytes = after.heap + after.outside - before.heap - before.outside
console.log(
  JSON.stringify({
    licenses,
    heapBytes: after.heap - before.heap,
    columnBytes: after.outside - before.outside,
    bytesALicense: Math.round((100 * bytes) / licenses) / 100,
    rssMiB: Math.round(after.rss / 2 ** 20),
    seconds: Math.round(10 * seconds) / 10,
  }),
)
