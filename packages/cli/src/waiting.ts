/** Waiting for work that goes on at the server, with its progress on a terminal. */
import { CommandFailure } from './failure.ts'
import { fitted, printable } from './output/printable.ts'
import { parseCount } from './pages.ts'
import type { World } from './world.ts'

export interface WaitFlags {
  readonly wait: boolean
  /** Seconds. */
  readonly timeout: number
}

/** `--wait` and `--timeout`. */
export const waitFlags = {
  wait: { kind: 'boolean', brief: 'Wait until it is done', default: false, withNegated: false },
  timeout: {
    kind: 'parsed',
    parse: parseCount,
    brief: 'Seconds to wait at most',
    placeholder: 'SECONDS',
    default: '600',
  },
} as const

/** Milliseconds between two looks: short at first, since small work ends within a second. */
const pauses = [200, 300, 500, 1000]
const longestPause = 2000

/** Looks until there is an answer. After `seconds` the work goes on, and the command ends with `wait.timeout`. */
export async function waitUntil<Answer>(
  { now, sleep }: Pick<World, 'now' | 'sleep'>,
  seconds: number,
  look: () => Promise<Answer | null>,
): Promise<Answer> {
  const end = now().getTime() + seconds * 1000
  for (let round = 0; ; round += 1) {
    const answer = await look()
    if (answer !== null) return answer
    if (now().getTime() >= end) {
      throw new CommandFailure(
        'wait.timeout',
        `Not done after ${seconds} seconds; it goes on. To wait longer: --timeout SECONDS`,
      )
    }
    await sleep(pauses[round] ?? longestPause)
  }
}

export interface Progress {
  show(text: string): void
  /** Removes the line. */
  end(): void
}

/** A line that is written over on a terminal; silent elsewhere. */
export function progressOf({ stderr }: Pick<World, 'stderr'>): Progress {
  const { width, write, paint } = stderr
  if (width === null) return { show: () => {}, end: () => {} }
  let shown = false
  return {
    show(text) {
      write(`\r\u001b[K${paint('dim', fitted(printable(text), width - 1))}`)
      shown = true
    },
    end() {
      if (shown) write('\r\u001b[K')
    },
  }
}
