/**
 * What the days of an asset tell of its use to come (L10): net use, whether there is enough of it, and what does not repeat.
 */

/** One complete day of an asset. */
export interface DayOfUse {
  /** Licenses that somebody got, whoever gave them. */
  readonly granted: number
  /** Licenses that came back, whoever took them. */
  readonly released: number
  /** Of those who wait now: how many began to on this day. They would have used a license had there been one. */
  readonly began: number
}

/** Too few days or changes for a range that could be believed. */
export type Confidence = 'enough_history' | 'little_history'

/** A rollout or a clearance that happened once, by the place of its days in the history. */
export interface Burst {
  readonly first: number
  readonly last: number
  /** Net use of its days; below zero when licenses came back. */
  readonly licenses: number
}

/** The history as the forecast uses it. */
export interface UseHistory {
  /** Net use of each day that counts, oldest first. */
  readonly net: readonly number[]
  /** Licenses that moved on those days. */
  readonly changes: number
  readonly confidence: Confidence
  /** Days that were left out, since what happened on them does not repeat. */
  readonly burst: Burst | null
}

const enoughDays = 14
const enoughChanges = 10

/** Reads complete days, oldest first. */
export function readHistory(days: readonly DayOfUse[]): UseHistory {
  const burst = burstOf(days.map(netOf))
  const counted = burst === null ? days : days.filter((_, day) => day < burst.first || day > burst.last)
  const changes = counted.reduce((sum, each) => sum + each.granted + each.released + each.began, 0)
  const isEnough = counted.length >= enoughDays && changes >= enoughChanges
  return {
    net: counted.map(netOf),
    changes,
    confidence: isEnough ? 'enough_history' : 'little_history',
    burst,
  }
}

const netOf = ({ granted, released, began }: DayOfUse): number => granted - released + began

/** A burst is over within so many days; the calmest days beside as many of the busiest tell what is usual. */
const burstDays = 7
/** Fewer licenses on a day are no burst. */
const leastOfBurst = 20
/** A day of a burst has more than so many times the usual. */
const timesUsual = 10

/**
 * The one week that stands out, or null. An app that was rolled out to everybody at once is not rolled out again next
 * month, so those days say nothing of the use to come; what stands out more than once, such as the first of each month, does.
 */
function burstOf(net: readonly number[]): Burst | null {
  const sizes = net.map(Math.abs)
  const calm = sizes.toSorted((a, b) => a - b).slice(0, Math.max(0, sizes.length - burstDays))
  const usual = calm.length === 0 ? 0 : calm.reduce((sum, each) => sum + each, 0) / calm.length
  const outstanding = sizes.flatMap((size, day) =>
    size >= leastOfBurst && size > timesUsual * usual ? [day] : [],
  )
  const [first] = outstanding
  const last = outstanding.at(-1)
  if (first === undefined || last === undefined || last - first >= burstDays) return null
  return { first, last, licenses: net.slice(first, last + 1).reduce((sum, each) => sum + each, 0) }
}
