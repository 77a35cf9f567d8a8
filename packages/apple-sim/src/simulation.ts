/**
 * The parts that make one simulated Apple, as its endpoints and its control object see them.
 */
import type { CallsPerMinute } from './calls-per-minute.ts'
import type { Catalog } from './catalog.ts'
import type { SimClock } from './clock.ts'
import type { ContentToken } from './content-token.ts'
import type { DeveloperKey } from './developer-token.ts'
import type { FaultPlan } from './faults.ts'
import type { Knobs } from './knobs.ts'
import type { Location } from './location.ts'
import type { Notifications } from './notifications.ts'
import type { Random } from './random.ts'
import type { RequestLog } from './request-log.ts'
import type { Timeline } from './timeline.ts'

export interface TokenOwner {
  readonly token: ContentToken
  readonly location: Location
}

export interface Simulation {
  readonly clock: SimClock
  readonly timeline: Timeline
  readonly random: Random
  readonly knobs: () => Knobs
  readonly faults: FaultPlan
  readonly notifications: Notifications
  readonly notify: Notifications['send']
  readonly catalog: Catalog
  readonly log: RequestLog
  /** By `uId`, in the order in which they were made. */
  readonly locations: Map<string, Location>
  /** By the text of the token file. */
  readonly tokens: Map<string, TokenOwner>
  /** By key id: who may sign tokens for the metadata API. */
  readonly developerKeys: Map<string, DeveloperKey>
  /** Calls of the public lookup, by address. */
  readonly publicCalls: CallsPerMinute
  /** Calls of the metadata API, by developer key. */
  readonly developerCalls: CallsPerMinute
  /** `http://host:port` of the Apple-facing listener. */
  readonly origin: () => string
  /** Called after every change that a restart must not lose. */
  readonly changed: () => void
  /** Writes at once what changed, so that it outlives the process; for what somebody is about to be told. */
  readonly save: () => void
}

/** One authenticated request that passed all general checks. */
export interface Call {
  readonly simulation: Simulation
  readonly location: Location
  readonly token: ContentToken
  readonly query: URLSearchParams
  /** The parsed body of a POST. */
  readonly body: unknown
}
