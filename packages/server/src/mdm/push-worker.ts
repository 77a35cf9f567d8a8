/** Wakes devices for as long as the server runs. */

import { wakeForgotten } from './due-devices.ts'
import { createPusher, type PushPorts } from './push.ts'

/** How often is looked for devices that are due. */
const lookEvery = 1000
/** How often is looked for devices that nothing would wake. */
const sweepEvery = 3_600_000

/** Wakes devices until it is disposed, which waits for what is under way. */
export function startPushing(ports: PushPorts): AsyncDisposable {
  const stopping = new AbortController()
  const pushing = pushUntil(stopping.signal, ports)
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await pushing
    },
  }
}

async function pushUntil(signal: AbortSignal, ports: PushPorts): Promise<void> {
  const { clock, log } = ports
  await using pusher = createPusher(ports)
  let sweptAt = Number.NEGATIVE_INFINITY
  while (!signal.aborted) {
    try {
      if (clock.now().getTime() - sweptAt >= sweepEvery) {
        await wakeForgotten(ports.db, clock.now())
        sweptAt = clock.now().getTime()
      }
      await pusher.wakeDue()
    } catch (error) {
      log.error({ err: error }, 'Devices could not be woken')
    }
    await clock.sleep(lookEvery, signal).catch(() => {})
  }
}
