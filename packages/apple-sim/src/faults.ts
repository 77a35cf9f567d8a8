/**
 * What goes wrong on demand: rules that wait for a request, a page, an event or a notification, and strike.
 */
import type { Random } from './random.ts'
import type { KnownErrorNumber } from './refusal.ts'

export const REQUEST_FAULTS = [
  '429',
  '500',
  '503',
  'reset-before',
  'reset-after-commit',
  'timeout-after-commit',
  'html',
  'truncated',
  'slow',
] as const
export const WALK_FAULTS = ['versions-move', 'pages-move'] as const
export const EVENT_FAULTS = ['stuck-event', 'forgotten-event', 'partial-failure', 'maintenance'] as const
export const NOTIFICATION_FAULTS = ['lose', 'double', 'delay', 'reorder'] as const

export type RequestFault = (typeof REQUEST_FAULTS)[number]
/** A fault that waits for something to strike. */
export type LastingFault =
  | RequestFault
  | (typeof WALK_FAULTS)[number]
  | (typeof EVENT_FAULTS)[number]
  | (typeof NOTIFICATION_FAULTS)[number]

export interface FaultOrder<Fault extends LastingFault = LastingFault> {
  readonly fault: Fault
  /** Part of the path, the method, the type of event or notification; left out, everything matches. */
  readonly match?: string
  /** How often it strikes; once when left out, without an end when there is an `until`. */
  readonly times?: number
  /** Share of what matches that is hit, 0 to 1; all when left out. */
  readonly chance?: number
  /** The moment of the simulated clock at which it is over. */
  readonly until?: number
  /** Seconds of `Retry-After` on 429, 500 and 503; until then a 503 is repeated. */
  readonly retryAfter?: number
  /** How `Retry-After` is written; Apple's older page allows a date. */
  readonly retryAfterStyle?: 'seconds' | 'http-date'
  /** Of `slow` and `timeout-after-commit` in real milliseconds, of notifications in simulated ones. */
  readonly delayMs?: number
  /** Why the tasks of a `partial-failure` fail; 9603 when left out. */
  readonly errorNumber?: KnownErrorNumber
  /** How many records come up in a `pages-move`; one page when left out. */
  readonly count?: number
  /** What `chance` is drawn from. */
  readonly random?: Random
}

/** An order on its way: how often it struck, and how often it still may. */
export interface FaultRule {
  readonly order: FaultOrder
  /** Infinity where only time ends it. */
  left: number
  hits: number
}

export interface EventFate {
  readonly stuck: boolean
  readonly forgotten: boolean
}

export class FaultPlan {
  readonly #now: () => number
  readonly #random: Random
  #rules: FaultRule[] = []
  readonly #unavailable = new Map<string, number>()

  /** `now` is the simulated clock; `random` decides for orders that bring no chance of their own. */
  constructor(now: () => number, random: Random) {
    this.#now = now
    this.#random = random
  }

  /** What may still strike, in the order in which it was asked for. */
  get rules(): readonly FaultRule[] {
    this.#rules = this.#rules.filter((rule) => this.isLive(rule))
    return this.#rules
  }

  /** Queues a fault; the answer tells what becomes of it. */
  order(order: FaultOrder): FaultRule {
    const left = order.times ?? (order.until === undefined ? 1 : Number.POSITIVE_INFINITY)
    const rule: FaultRule = { order, left, hits: 0 }
    this.#rules = [...this.rules, rule]
    return rule
  }

  /** Queues a fault of requests; orders are used up in the order in which they came. */
  failNext(order: FaultOrder<RequestFault>): void {
    this.order(order)
  }

  /** False once a rule is used up, over, or taken back. */
  isLive(rule: FaultRule): boolean {
    return rule.left > 0 && (rule.order.until ?? Number.POSITIVE_INFINITY) > this.#now()
  }

  /** Ends a rule. */
  takeBack(rule: FaultRule): void {
    rule.left = 0
  }

  /** All tasks fail with 9644 while it is on. */
  maintenance(on: boolean): void {
    this.#replace('maintenance', on ? Number.POSITIVE_INFINITY : 0)
  }

  get isMaintenance(): boolean {
    return this.rules.some(({ order }) => order.fault === 'maintenance')
  }

  /** The next `count` events are accepted and never processed. */
  stuckEvents(count: number): void {
    this.#replace('stuck-event', count)
  }

  /** The next `count` events are processed, but their status is 9708. */
  forgetEvents(count: number): void {
    this.#replace('forgotten-event', count)
  }

  /** Takes back every queued fault, and ends maintenance. */
  clear(): void {
    for (const rule of this.#rules) this.takeBack(rule)
    this.#rules = []
    this.#unavailable.clear()
  }

  /** Refuses all calls of a location (`''`: calls without a known token) until this moment. */
  makeUnavailable(caller: string, until: number): void {
    this.#unavailable.set(caller, until)
  }

  /** The end of a refusal that still holds for this caller. */
  unavailableUntil(caller: string, now: number): number | undefined {
    const until = this.#unavailable.get(caller)
    return until !== undefined && until > now ? until : undefined
  }

  /** The first of these faults that strikes what is known by these words, used up by asking. */
  take<Fault extends LastingFault>(
    faults: readonly Fault[],
    words: readonly string[],
  ): FaultOrder<Fault> | undefined {
    for (const rule of this.#rules) {
      const order = among(faults, rule.order)
      if (!order || !this.isLive(rule) || !matches(order, words)) continue
      if (order.chance !== undefined && !(order.random ?? this.#random).chance(order.chance)) continue
      rule.left--
      rule.hits++
      if (rule.left <= 0) this.#rules = this.#rules.filter((each) => each !== rule)
      return order
    }
    return undefined
  }

  /** The fault that hits this request, used up by asking. */
  takeFor(method: string, path: string): FaultOrder<RequestFault> | undefined {
    return this.take(REQUEST_FAULTS, [method, path])
  }

  /** What awaits an event of this type that is accepted now, used up by asking. */
  nextEventFate(type: string): EventFate {
    const fault = this.take(['stuck-event', 'forgotten-event'], [type])?.fault
    return { stuck: fault === 'stuck-event', forgotten: fault === 'forgotten-event' }
  }

  #replace(fault: LastingFault, times: number): void {
    for (const rule of this.#rules) if (rule.order.fault === fault) this.takeBack(rule)
    if (times > 0) this.order({ fault, times })
  }
}

function among<Fault extends LastingFault>(
  faults: readonly Fault[],
  order: FaultOrder,
): FaultOrder<Fault> | undefined {
  const fault = faults.find((each) => each === order.fault)
  return fault && { ...order, fault }
}

const matches = ({ match }: FaultOrder, words: readonly string[]): boolean =>
  match === undefined || words.some((word) => word.includes(match))
