/** Plays scenarios on a simulated Apple: each step begins at its moment of the simulated clock. */
import type { SimClock } from './clock.ts'
import { FAULTS, isAct } from './fault-language.ts'
import type { FaultOrder, FaultPlan, FaultRule, LastingFault } from './faults.ts'
import type { LocationControl } from './location-control.ts'
import { seededRandom } from './random.ts'
import { type Scenario, ScenarioRefusal, type ScenarioStep } from './scenario.ts'
import { perform } from './scenario-acts.ts'
import type { Timeline } from './timeline.ts'

export interface PlayedStep {
  readonly step: ScenarioStep
  /** `failed`: it could not be done, for `reason`. */
  readonly state: 'waiting' | 'active' | 'done' | 'failed'
  /** How often it struck. */
  readonly hits: number
  readonly reason?: string
}

export interface ScenarioRun {
  readonly id: number
  readonly name: string
  readonly seed: number
  /** On the simulated clock. */
  readonly startedAt: number
  readonly state: 'playing' | 'done' | 'stopped'
  readonly steps: readonly PlayedStep[]
}

export interface PlayerPorts {
  readonly clock: SimClock
  readonly timeline: Timeline
  readonly faults: FaultPlan
  readonly locations: () => readonly LocationControl[]
}

interface Part {
  readonly step: ScenarioStep
  began: boolean
  over: boolean
  hits: number
  rule?: FaultRule
  undo?: () => void
  reason?: string
}

interface Run {
  readonly id: number
  readonly scenario: Scenario
  readonly startedAt: number
  readonly parts: readonly Part[]
  stopped: boolean
}

/** Runs that are over are kept for a look at them. */
const MOST_RUNS = 100

export class ScenarioPlayer {
  readonly #ports: PlayerPorts
  #runs: Run[] = []
  #lastId = 0

  constructor(ports: PlayerPorts) {
    this.#ports = ports
  }

  /** The latest runs, oldest first. */
  get runs(): readonly ScenarioRun[] {
    return this.#runs.map((run) => this.#shown(run))
  }

  /** Starts a scenario; refuses one that names a location that does not exist, before anything is done. */
  play(scenario: Scenario): ScenarioRun {
    for (const [index, { location }] of scenario.steps.entries()) {
      if (location !== undefined) this.#locationsNamed(location, `steps[${index}].location`)
    }
    const { clock, timeline } = this.#ports
    const parts = scenario.steps.map((step): Part => ({ step, began: false, over: false, hits: 0 }))
    const run: Run = { id: ++this.#lastId, scenario, startedAt: clock.now(), parts, stopped: false }
    this.#runs = [...this.#runs, run].slice(-MOST_RUNS)
    for (const [index, part] of parts.entries()) {
      const begin = (): void => this.#begin(run, part, index)
      // What begins at once must be there when the caller's next request comes.
      if (part.step.at === 0) begin()
      else timeline.at(run.startedAt + part.step.at, begin)
    }
    return this.#shown(run)
  }

  /** Takes back what is left of a run; undefined when there is none with this id. */
  stop(id: number): ScenarioRun | undefined {
    const run = this.#runs.find((each) => each.id === id)
    if (!run) return undefined
    run.stopped = this.#shown(run).state === 'playing' || run.stopped
    for (const part of run.parts) this.#end(part)
    return this.#shown(run)
  }

  /** Takes back what is left of all of them. */
  stopAll(): void {
    for (const { id } of this.#runs) this.stop(id)
  }

  #begin(run: Run, part: Part, index: number): void {
    if (run.stopped) return
    const { step } = part
    part.began = true
    const ends = step.until === undefined ? undefined : run.startedAt + step.until
    if (!isAct(step.fault)) {
      const random = seededRandom(run.scenario.seed + Math.imul(index + 1, 0x9e3779b1))
      part.rule = this.#ports.faults.order(orderOf(step, { fault: step.fault, ends, random }))
      return
    }
    try {
      part.undo = perform(step.fault, step, this.#locationsNamed(step.location, `steps[${index}].location`))
      part.hits++
    } catch (error) {
      part.reason = error instanceof Error ? error.message : String(error)
    }
    if (ends === undefined) part.over = true
    else this.#ports.timeline.at(ends, () => this.#end(part))
  }

  #end(part: Part): void {
    if (part.over) return
    part.over = true
    if (part.rule) this.#ports.faults.takeBack(part.rule)
    if (part.step.until !== undefined) part.undo?.()
  }

  #locationsNamed(wanted: string | undefined, place: string): readonly LocationControl[] {
    const locations = this.#ports.locations()
    if (wanted === undefined) return locations
    const found = locations.filter(({ uId, name }) => uId === wanted || name === wanted)
    if (found.length > 0) return found
    const known = locations.map(({ name }) => name).join(', ') || 'none'
    throw new ScenarioRefusal(place, `must be the uId or name of a location (${known}), not "${wanted}"`)
  }

  #shown({ id, scenario, startedAt, parts, stopped }: Run): ScenarioRun {
    const steps = parts.map((part): PlayedStep => {
      const { step, reason, rule } = part
      const hits = rule?.hits ?? part.hits
      return { step, state: this.#stateOf(part, stopped), hits, ...(reason !== undefined && { reason }) }
    })
    const isPlaying = steps.some(({ state }) => state === 'waiting' || state === 'active')
    const { name, seed } = scenario
    return { id, name, seed, startedAt, state: stopped ? 'stopped' : isPlaying ? 'playing' : 'done', steps }
  }

  #stateOf({ began, over, rule, reason }: Part, stopped: boolean): PlayedStep['state'] {
    if (reason !== undefined) return 'failed'
    if (stopped || over) return 'done'
    if (!began) return 'waiting'
    return rule && !this.#ports.faults.isLive(rule) ? 'done' : 'active'
  }
}

function orderOf(
  { times, chance, match, retryAfter, retryAfterStyle, delay, errorNumber, count }: ScenarioStep,
  {
    fault,
    ends,
    random,
  }: {
    readonly fault: LastingFault
    readonly ends: number | undefined
    readonly random: NonNullable<FaultOrder['random']>
  },
): FaultOrder {
  // Maintenance is a state and not a number of strikes.
  const often = FAULTS[fault].fields.includes('times') ? times : Number.POSITIVE_INFINITY
  return {
    fault,
    random,
    ...(often !== undefined && { times: often }),
    ...(ends !== undefined && { until: ends }),
    ...(chance !== undefined && { chance }),
    ...(match !== undefined && { match }),
    ...(retryAfter !== undefined && { retryAfter }),
    ...(retryAfterStyle !== undefined && { retryAfterStyle }),
    ...(delay !== undefined && { delayMs: delay }),
    ...(errorNumber !== undefined && { errorNumber }),
    ...(count !== undefined && { count }),
  }
}
