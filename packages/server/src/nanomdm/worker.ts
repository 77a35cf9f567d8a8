/** Sends to NanoMDM for as long as the server runs, and asks again what was lost. */

import type { Clock } from '../platform/clock.ts'
import { type AskAgainPorts, askAgain } from './ask-again.ts'
import { type NanoSenderPorts, sendDue } from './send.ts'

/** What the worker touches. */
export interface NanoWorkerPorts extends NanoSenderPorts, AskAgainPorts {
  readonly clock: Clock
}

/** How often is looked for what is to be sent. */
const lookEvery = 1000
/** How often is looked for what was lost. */
const askEvery = 3_600_000

/** Works until it is disposed, which waits for what is under way. */
export function startNanoWork(ports: NanoWorkerPorts): AsyncDisposable {
  const stopping = new AbortController()
  const working = workUntil(stopping.signal, ports)
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort()
      await working
    },
  }
}

async function workUntil(signal: AbortSignal, ports: NanoWorkerPorts): Promise<void> {
  const { clock, log } = ports
  let askedAt = Number.NEGATIVE_INFINITY
  while (!signal.aborted) {
    try {
      if (clock.now().getTime() - askedAt >= askEvery) {
        await askAgain(ports, signal)
        askedAt = clock.now().getTime()
      }
      await sendDue(ports, signal)
    } catch (error) {
      log.error({ err: error }, 'Devices at NanoMDM could not be told')
    }
    await clock.sleep(lookEvery, signal).catch(() => {})
  }
}
