/**
 * The first full sync of a location, against the least that is possible: fetching the same pages and throwing them
 * away, plus COPY of the same rows into the same table, each measured alone in the same run.
 */
import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** One line of a bench. */
export interface SyncCase {
  readonly bench: 'sync'
  readonly case: string
  /** Seconds that the sync took. */
  readonly value: number
  /** Seconds of the two floors together. */
  readonly floor: number
  readonly ratio: number
  readonly unit: 's'
  readonly extra: {
    readonly rowsPerSecond: number
    readonly idleMb: number
    readonly peakMb: number
    readonly fetchSeconds: number
    readonly copySeconds: number
  }
}

const path = (name: string): string => fileURLToPath(new URL(name, import.meta.url))

/** Measures each number of licenses in processes of its own. */
export async function* syncCases(sizes: readonly number[]): AsyncIterable<SyncCase> {
  for (const licenses of sizes) yield await measure(licenses)
}

async function measure(licenses: number): Promise<SyncCase> {
  const apple = fork(path('./apple-process.ts'), [String(licenses)], { execArgv: [] })
  try {
    const [{ origin, serviceConfigUrl, token }] = await once(apple, 'message')
    const args = ['--expose-gc', path('./sync-run.ts'), origin, serviceConfigUrl, token]
    const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 20 })
    const { rows, seconds, idleMb, peakMb, fetchSeconds, copySeconds } = JSON.parse(stdout)
    const floor = fetchSeconds + copySeconds
    const extra = { rowsPerSecond: Math.round(rows / seconds), idleMb, peakMb, fetchSeconds, copySeconds }
    const name = `${licenses.toLocaleString('en')} licenses`
    return { bench: 'sync', case: name, value: seconds, floor, ratio: seconds / floor, unit: 's', extra }
  } finally {
    apple.kill()
  }
}
