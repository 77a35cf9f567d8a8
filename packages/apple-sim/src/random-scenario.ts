/** Scenarios made up from a seed, for rehearsals that nobody thought of; the same seed gives the same one. */
import type { FaultName } from './fault-language.ts'
import { type Random, seededRandom } from './random.ts'
import { ScenarioRefusal } from './scenario.ts'

/** A scenario as a person would write it, ready to be printed, kept and changed. */
export interface ScenarioText {
  readonly name: string
  readonly seed: number
  readonly steps: readonly Readonly<Record<string, string | number>>[]
}

export interface RandomWish {
  /** How many faults; 12 when left out. */
  readonly steps?: number
  /** Within which they begin, and end; 600 when left out. */
  readonly seconds?: number
  /** Also what only a person can repair: dead tokens and takeovers. */
  readonly harsh?: boolean
}

type Make = (random: Random) => Readonly<Record<string, string | number>>

const PATHS = ['/assets', '/assignments', '/users', '/status', 'associate', 'GET', 'POST']

const GENTLE: readonly (readonly [FaultName, Make])[] = [
  ['429', (random) => ({ ...some(random), retryAfter: 1 + random.below(3) })],
  ['500', (random) => some(random)],
  [
    '503',
    (random) => ({
      ...some(random),
      retryAfter: 1 + random.below(5),
      retryAfterStyle: random.chance(0.5) ? 'seconds' : 'http-date',
    }),
  ],
  ['reset-before', (random) => some(random)],
  ['reset-after-commit', (random) => ({ ...some(random), match: 'associate' })],
  ['timeout-after-commit', (random) => ({ times: 1, match: 'associate', delay: `${1 + random.below(4)}s` })],
  ['html', (random) => some(random)],
  ['truncated', (random) => some(random)],
  ['slow', (random) => ({ ...some(random), delay: `${200 + random.below(1500)}ms` })],
  ['versions-move', (random) => ({ chance: share(random), times: 1 + random.below(5) })],
  ['pages-move', (random) => ({ times: 1, count: 1 + random.below(20) })],
  ['stuck-event', () => ({ times: 1 })],
  ['forgotten-event', (random) => ({ times: 1 + random.below(2) })],
  ['partial-failure', (random) => ({ chance: share(random), times: 1 + random.below(40) })],
  ['maintenance', () => ({})],
  ['lose', (random) => ({ chance: share(random), times: 1 + random.below(30) })],
  ['double', (random) => ({ chance: share(random), times: 1 + random.below(30) })],
  [
    'delay',
    (random) => ({
      chance: share(random),
      times: 1 + random.below(30),
      delay: `${5 + random.below(200)}s`,
    }),
  ],
  [
    'reorder',
    (random) => ({ chance: share(random), times: 1 + random.below(30), delay: `${5 + random.below(60)}s` }),
  ],
  ['read-only-token', () => ({})],
  ['shortage', () => ({})],
  ['forget-versions', () => ({})],
]

const HARSH: readonly (readonly [FaultName, Make])[] = [
  ['revoke-token', () => ({})],
  ['expire-token', () => ({})],
  ['take-over', () => ({ name: 'Another service' })],
]

/** States that would last for ever without an end. */
const NEED_AN_END: ReadonlySet<FaultName> = new Set(['maintenance', 'read-only-token', 'shortage'])

/** Every state that it begins, it also ends; after that a client can get everything right again. */
export function randomScenario(
  seed: number,
  { steps = 12, seconds = 600, harsh = false }: RandomWish = {},
): ScenarioText {
  checkWhole('steps', steps)
  checkWhole('seconds', seconds)
  const random = seededRandom(seed)
  const choice = harsh ? [...GENTLE, ...HARSH] : GENTLE
  const made = Array.from({ length: steps }, () => {
    const [fault, make] = choice[random.below(choice.length)] ?? ['500', some]
    const at = random.below(seconds)
    const until = at + 1 + random.below(Math.max(1, seconds - at))
    return {
      at: `${at}s`,
      fault,
      ...make(random),
      ...(NEED_AN_END.has(fault) && { until: `${until}s` }),
    }
  })
  return { name: `random-${seed}`, seed, steps: made.sort((a, b) => secondsOf(a.at) - secondsOf(b.at)) }
}

function checkWhole(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 1 && value <= 10_000) return
  throw new ScenarioRefusal(name, `must be a whole number from 1 to 10000, not ${value}`)
}

const secondsOf = (at: string): number => Number(at.slice(0, -1))

const share = (random: Random): number => (1 + random.below(9)) / 10

function some(random: Random): Readonly<Record<string, string | number>> {
  const match = PATHS[random.below(PATHS.length * 2)]
  return { times: 1 + random.below(4), ...(match !== undefined && { match }) }
}
