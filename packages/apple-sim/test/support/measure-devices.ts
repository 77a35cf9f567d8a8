/** Measures what devices cost: `node --expose-gc packages/apple-sim/test/support/measure-devices.ts`. */
import { startDevices } from '../../src/devices/devices.ts'
import { sharedKeys } from '../../src/devices/keys.ts'
import { deviceScene } from './device-scene.ts'

const BARE = 20_000
const ENROLLED = 300

await using at = await deviceScene()
await using devices = await startDevices(at.apple, { allowPlainHttp: true, keys: sharedKeys(4), seed: 9 })

function heldBytes(): number {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

async function enroll(count: number): Promise<void> {
  const wishes = Array.from({ length: count }, () => ({ kind: 'supervised' as const }))
  for await (const { error } of devices.enrollFleet(wishes, () => `${at.peer.origin}/profile`)) {
    if (error !== undefined) throw error
  }
  at.peer.scepRequests.length = 0
  at.peer.checkIns.length = 0
}

await enroll(10)
const empty = heldBytes()
for (let count = 0; count < BARE; count += 1) devices.add({ kind: 'supervised' })
const bare = heldBytes()
console.log(`${Math.round((bare - empty) / BARE)} bytes for a device that is not enrolled`)
await enroll(ENROLLED)
console.log(`${Math.round((heldBytes() - bare) / ENROLLED)} bytes for one that is`)
