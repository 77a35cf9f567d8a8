/** How a plan differs from the one before it, when the world moved in between (A4). */
import type { Plan } from '../../../shared/api/shapes.ts'

/** What of an outcome is compared. */
type Outcome = Pick<
  Plan['outcome'],
  | 'devicesReached'
  | 'peopleReached'
  | 'grants'
  | 'waits'
  | 'cannot'
  | 'releases'
  | 'kept'
  | 'uninstalls'
  | 'licenses'
>

/** The counts that are compared, in the order in which they are shown. */
const comparedCounts = [
  'devices_reached',
  'people_reached',
  'grants',
  'waits',
  'cannot',
  'releases',
  'kept',
  'uninstalls',
  'used_before',
  'total',
] as const

type ComparedCount = (typeof comparedCounts)[number]

/** One count that changed. */
export interface CountChange {
  readonly name: ComparedCount
  readonly before: number
  readonly now: number
}

/** The counts that are not what they were; none when only who it is has changed. */
export function planDifference(before: Outcome, now: Outcome): readonly CountChange[] {
  const [then, later] = [countsOf(before), countsOf(now)]
  return comparedCounts
    .map((name) => ({ name, before: then[name], now: later[name] }))
    .filter((change) => change.before !== change.now)
}

function countsOf(outcome: Outcome): Readonly<Record<ComparedCount, number>> {
  return {
    devices_reached: outcome.devicesReached,
    people_reached: outcome.peopleReached,
    grants: outcome.grants.count,
    waits: outcome.waits.count,
    cannot: outcome.cannot.count,
    releases: outcome.releases.count,
    kept: outcome.kept.count,
    uninstalls: outcome.uninstalls,
    used_before: outcome.licenses.usedBefore,
    total: outcome.licenses.total ?? 0,
  }
}
