/**
 * A scenario: faults with the moments at which they begin, as data that a person writes and a program makes up.
 *
 * Pure: from JSON to steps, or to a refusal that names the place and shows the value.
 */
import { FAULTS, type FaultName, type FieldName, isFaultName } from './fault-language.ts'
import type { KnownErrorNumber } from './refusal.ts'

export interface ScenarioStep {
  /** Milliseconds after the scenario's beginning. */
  readonly at: number
  readonly fault: FaultName
  /** Milliseconds after the scenario's beginning. */
  readonly until?: number
  readonly times?: number
  readonly chance?: number
  readonly match?: string
  readonly retryAfter?: number
  readonly retryAfterStyle?: 'seconds' | 'http-date'
  readonly delay?: number
  readonly errorNumber?: KnownErrorNumber
  readonly count?: number
  /** uId or name; all locations when left out. */
  readonly location?: string
  readonly adamId?: string
  readonly name?: string
}

export interface Scenario {
  readonly name: string
  /** What every chance of the scenario is drawn from. */
  readonly seed: number
  readonly steps: readonly ScenarioStep[]
}

/** What is wrong with a scenario: where, and with which value. */
export class ScenarioRefusal extends Error {
  override readonly name = 'ScenarioRefusal'
  /** For example `steps[2].chance`. */
  readonly place: string

  constructor(place: string, problem: string) {
    super(`${place} ${problem}`)
    this.place = place
  }
}

type Parse = (value: unknown, place: string) => string | number

const FIELDS: Readonly<Record<FieldName | 'at', Parse>> = {
  at: span,
  until: span,
  delay: span,
  times: whole(1, 1_000_000_000),
  count: whole(1, 1_000_000),
  retryAfter: whole(0, 86_400),
  chance,
  match: text,
  location: text,
  adamId: text,
  name: text,
  retryAfterStyle: oneOf(['seconds', 'http-date']),
  errorNumber: oneOf([9603, 9609, 9635, 9641, 9644, 9709, 9716]),
}

const MOST_STEPS = 10_000

/** Reads a scenario; throws `ScenarioRefusal` at the first thing that is wrong. */
export function parseScenario(value: unknown): Scenario {
  const scenario = objectAt(value, 'The scenario')
  for (const key of Object.keys(scenario)) {
    if (!['name', 'seed', 'steps'].includes(key)) {
      throw new ScenarioRefusal(key, 'is not a field of a scenario; it has name, seed and steps')
    }
  }
  const { name = 'scenario', seed = 1, steps } = scenario
  if (!Array.isArray(steps)) throw new ScenarioRefusal('steps', `must be a list, not ${shown(steps)}`)
  if (steps.length > MOST_STEPS) {
    throw new ScenarioRefusal('steps', `may be at most ${MOST_STEPS}, not ${steps.length}`)
  }
  return {
    name: text(name, 'name'),
    seed: whole(0, 4_294_967_295)(seed, 'seed'),
    steps: steps.map((step: unknown, index) => parseStep(step, `steps[${index}]`)),
  }
}

function parseStep(value: unknown, place: string): ScenarioStep {
  const { fault, ...fields } = objectAt(value, place)
  if (typeof fault !== 'string' || !isFaultName(fault)) {
    const known = Object.keys(FAULTS).join(', ')
    throw new ScenarioRefusal(`${place}.fault`, `must be one of ${known}, not ${shown(fault)}`)
  }
  const allowed: readonly string[] = ['at', ...FAULTS[fault].fields]
  const parsed = Object.entries(fields).map(([name, entry]) => {
    if (!isFieldName(name) || !allowed.includes(name)) {
      const may = allowed.join(', ')
      throw new ScenarioRefusal(`${place}.${name}`, `is no field of the fault "${fault}"; it may have ${may}`)
    }
    return [name, FIELDS[name](entry, `${place}.${name}`)]
  })
  const step: ScenarioStep = { at: 0, ...Object.fromEntries(parsed), fault }
  checkTogether(step, place)
  return step
}

function checkTogether({ at, until, fault, adamId, count }: ScenarioStep, place: string): void {
  if (until !== undefined && until <= at) {
    throw new ScenarioRefusal(`${place}.until`, `must be later than "at", ${at} ms, not ${until} ms`)
  }
  const needsLicenses = fault === 'buy' || fault === 'refund'
  if (needsLicenses && adamId === undefined) {
    throw new ScenarioRefusal(`${place}.adamId`, `is missing; "${fault}" needs it`)
  }
  if (needsLicenses && count === undefined) {
    throw new ScenarioRefusal(`${place}.count`, `is missing; "${fault}" needs it`)
  }
}

const isFieldName = (name: string): name is FieldName | 'at' => Object.hasOwn(FIELDS, name)

function objectAt(value: unknown, place: string): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  throw new ScenarioRefusal(place, `must be a JSON object, not ${shown(value)}`)
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** A number of milliseconds, or a number with its unit: `250ms`, `10s`, `5m`, `2h`, `30d`. */
function span(value: unknown, place: string): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value
  const [, count, unit] = (typeof value === 'string' && /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(value)) || []
  const size = UNITS[unit ?? '']
  if (size !== undefined) return Number(count) * size
  throw new ScenarioRefusal(place, `must be a span of time such as 250ms, 10s, 5m or 2h, not ${shown(value)}`)
}

function chance(value: unknown, place: string): number {
  if (typeof value === 'number' && value >= 0 && value <= 1) return value
  throw new ScenarioRefusal(place, `must be a number from 0 to 1, not ${shown(value)}`)
}

function whole(least: number, most: number): (value: unknown, place: string) => number {
  return (value, place) => {
    if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value
    throw new ScenarioRefusal(place, `must be a whole number from ${least} to ${most}, not ${shown(value)}`)
  }
}

function text(value: unknown, place: string): string {
  if (typeof value === 'string' && value !== '' && value.length <= 200) return value
  throw new ScenarioRefusal(place, `must be a text of 1 to 200 characters, not ${shown(value)}`)
}

function oneOf(values: readonly (string | number)[]): Parse {
  return (value, place) => {
    const found = values.find((each) => each === value)
    if (found !== undefined) return found
    throw new ScenarioRefusal(place, `must be one of ${values.join(', ')}, not ${shown(value)}`)
  }
}

const shown = (value: unknown): string =>
  value === undefined ? 'left out' : JSON.stringify(value).slice(0, 100)
