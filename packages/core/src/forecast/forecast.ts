/**
 * How long the licenses of an asset last, and how many to buy (L10).
 *
 * From its own last days, from who waits and from the waves that lie ahead. Apple sells in advance and does not take
 * licenses back, so the answer is a range, and says when there is too little to go by. The method and what it cannot
 * know: docs/decisions/forecast.md.
 */
import { type Burst, type Confidence, type DayOfUse, readHistory } from './history.ts'
import { drawDays, longestHorizon, pathCount } from './paths.ts'

export { longestHorizon }

/** Licenses that will be asked for at a known moment. */
export interface PlannedDemand {
  /** Days from today; what is due today or before counts for tomorrow. */
  readonly day: number
  readonly licenses: number
}

/** What is known of an asset whose licenses are limited. */
export interface ForecastFacts {
  /** Complete days, oldest first, at most 255; days without a change are zeros. */
  readonly history: readonly DayOfUse[]
  readonly free: number
  readonly waiting: number
  readonly planned: readonly PlannedDemand[]
}

export const forecastStates = ['short_now', 'runs_out', 'lasts', 'never'] as const
/**
 * - `short_now`: more wait than are free.
 * - `runs_out`: within a year.
 * - `lasts`: not within a year.
 * - `never`: nothing is used up at this pace.
 */
export type ForecastState = (typeof forecastStates)[number]

/** Days for which one can buy. */
export const horizons = [30, 60, 90, 180, 365] as const
export type Horizon = (typeof horizons)[number]

/** Licenses to buy so that nobody waits within the horizon. */
export interface Need {
  readonly horizon: Horizon
  /** Enough in half of all courses. */
  readonly expected: number
  /** Enough in nine of ten; null with little history. */
  readonly cautious: number | null
}

/** The first day on which somebody gets none; null is not within a year. */
export interface DaysLeft {
  /** As likely sooner as later. */
  readonly expected: number | null
  /** Sooner in one of ten courses; null with little history. */
  readonly earliest: number | null
  /** Later in one of ten courses; null with little history. */
  readonly latest: number | null
}

export interface Forecast {
  readonly state: ForecastState
  readonly daysLeft: DaysLeft
  /** Mean net use of the days that count; null without any. */
  readonly usePerDay: number | null
  readonly confidence: Confidence
  /** Days that count. */
  readonly historyDays: number
  /** Licenses that moved on those days. */
  readonly changes: number
  readonly burst: Burst | null
  readonly needs: readonly Need[]
}

/** One day ahead: licenses asked for until its end, those who wait now included. */
export interface OutlookDay {
  readonly day: number
  readonly expected: number
  /** Null with little history. */
  readonly low: number | null
  readonly high: number | null
}

/** Of the sorted courses, those that one in ten and half do not pass. */
const tenth = pathCount / 10 - 1
const half = pathCount / 2 - 1

/** What becomes of an asset. */
export function forecast(facts: ForecastFacts): Forecast {
  const { net, changes, confidence, burst } = readHistory(facts.history)
  const usePerDay = net.length === 0 ? null : net.reduce((sum, each) => sum + each, 0) / net.length
  const courses = demandCourses(facts, net)
  const emptyOn = courses.map((course) => firstShort(course, facts.free)).sort(ascending)
  const isKnown = confidence === 'enough_history'
  const isShort = facts.waiting > facts.free
  const at = (place: number): number | null => {
    if (isShort) return 0
    const day = emptyOn[place] ?? longestHorizon + 1
    return day > longestHorizon ? null : day
  }
  const daysLeft = {
    expected: at(half),
    earliest: isKnown || isShort ? at(tenth) : null,
    latest: isKnown || isShort ? at(pathCount - 1 - tenth) : null,
  }
  return {
    state: isShort ? 'short_now' : stateOf(daysLeft.expected, usePerDay),
    daysLeft,
    usePerDay,
    confidence,
    historyDays: net.length,
    changes,
    burst,
    needs: needsOf(courses, facts, isKnown),
  }
}

/** What will have been asked for, day by day, for a chart; at most `days` days, a year at most. */
export function outlook(facts: ForecastFacts, days: number): readonly OutlookDay[] {
  const { net, confidence } = readHistory(facts.history)
  const courses = demandCourses(facts, net)
  const isKnown = confidence === 'enough_history'
  return Array.from({ length: Math.min(days, longestHorizon) }, (_, index) => {
    const sorted = courses.map((course) => course[index] ?? 0).sort(ascending)
    const place = (at: number): number => sorted[at] ?? 0
    return {
      day: index + 1,
      expected: place(half),
      low: isKnown ? place(tenth) : null,
      high: isKnown ? place(pathCount - 1 - tenth) : null,
    }
  })
}

const ascending = (a: number, b: number): number => a - b

function stateOf(expected: number | null, usePerDay: number | null): ForecastState {
  if (expected !== null) return 'runs_out'
  return (usePerDay ?? 0) > 0 ? 'lasts' : 'never'
}

/** For each course, the licenses asked for until the end of each day ahead. */
function demandCourses({ waiting, planned }: ForecastFacts, net: readonly number[]): readonly Float64Array[] {
  const known = knownDemand(waiting, planned)
  // Without a day to go by, or with nothing but still ones, every course is what is known already.
  if (net.every((each) => each === 0)) return Array.from({ length: pathCount }, () => known)
  const picks = drawDays(net.length)
  return Array.from({ length: pathCount }, (_, path) => {
    let used = 0
    return known.map((asked, day) => {
      used += net[picks[path * longestHorizon + day] ?? 0] ?? 0
      return asked + used
    })
  })
}

/** Who waits now and what is planned, until the end of each day ahead. */
function knownDemand(waiting: number, planned: readonly PlannedDemand[]): Float64Array {
  const asked = new Float64Array(longestHorizon).fill(waiting)
  for (const { day, licenses } of planned) {
    for (let index = Math.max(0, day - 1); index < longestHorizon; index += 1) {
      asked[index] = (asked[index] ?? 0) + licenses
    }
  }
  return asked
}

/** The first day on which more is asked for than is free; one past the last when there is none. */
function firstShort(course: Float64Array, free: number): number {
  const index = course.findIndex((asked) => asked > free)
  return index === -1 ? longestHorizon + 1 : index + 1
}

/**
 * The most that is asked for at once from now until the horizon, less what is free. Read off from the other end than the
 * days, so that who buys it lasts past the horizon by the same courses.
 */
function needsOf(
  courses: readonly Float64Array[],
  { free, waiting }: ForecastFacts,
  isKnown: boolean,
): readonly Need[] {
  return horizons.map((horizon) => {
    const peaks = courses.map((course) => Math.max(waiting, peakUntil(course, horizon))).sort(ascending)
    const missing = (place: number): number => Math.max(0, Math.ceil((peaks[place] ?? 0) - free))
    return {
      horizon,
      expected: missing(pathCount - 1 - half),
      cautious: isKnown ? missing(pathCount - 1 - tenth) : null,
    }
  })
}

function peakUntil(course: Float64Array, horizon: number): number {
  let peak = Number.NEGATIVE_INFINITY
  for (let day = 0; day < horizon; day += 1) peak = Math.max(peak, course[day] ?? 0)
  return peak
}
