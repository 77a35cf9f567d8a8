/**
 * What goes wrong on demand: failing requests, maintenance, events that hang or are forgotten.
 */

export type RequestFault =
  | '429'
  | '500'
  | '503'
  | 'reset-before'
  | 'reset-after-commit'
  | 'html'
  | 'truncated'
  | 'slow'

export interface FaultOrder {
  /** Part of the path, or a method; left out, every Apple-facing request matches. */
  readonly match?: string
  /** How many matching requests are hit; 1 when left out. */
  readonly times?: number
  readonly fault: RequestFault
  /** Seconds of `Retry-After` on 429, 500 and 503; until then a 503 is repeated. */
  readonly retryAfter?: number
  /** How `Retry-After` is written; Apple's older page allows a date. */
  readonly retryAfterStyle?: 'seconds' | 'http-date'
  /** How long a `slow` answer takes, in real milliseconds; 2000 when left out. */
  readonly delayMs?: number
}

export interface EventFate {
  readonly stuck: boolean
  readonly forgotten: boolean
}

export class FaultPlan {
  readonly #orders: { readonly order: FaultOrder; left: number }[] = []
  #stuck = 0
  #forgotten = 0
  #maintenance = false
  readonly #unavailable = new Map<string, number>()

  /** Queues a fault; orders are used up in the order in which they came. */
  failNext(order: FaultOrder): void {
    this.#orders.push({ order, left: order.times ?? 1 })
  }

  /** All tasks fail with 9644 while it is on. */
  maintenance(on: boolean): void {
    this.#maintenance = on
  }

  get isMaintenance(): boolean {
    return this.#maintenance
  }

  /** The next `count` events are accepted and never processed. */
  stuckEvents(count: number): void {
    this.#stuck = count
  }

  /** The next `count` events are processed, but their status is 9708. */
  forgetEvents(count: number): void {
    this.#forgotten = count
  }

  /** Takes back every queued fault, and ends maintenance. */
  clear(): void {
    this.#orders.length = 0
    this.#stuck = 0
    this.#forgotten = 0
    this.#maintenance = false
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

  /** The fault that hits this request, used up by asking. */
  takeFor(method: string, path: string): FaultOrder | undefined {
    const index = this.#orders.findIndex(
      ({ order: { match } }) => match === undefined || match === method || path.includes(match),
    )
    const found = this.#orders[index]
    if (!found) return undefined
    found.left--
    if (found.left <= 0) this.#orders.splice(index, 1)
    return found.order
  }

  /** What awaits the event that is accepted now, used up by asking. */
  nextEventFate(): EventFate {
    const stuck = this.#stuck > 0
    const forgotten = !stuck && this.#forgotten > 0
    if (stuck) this.#stuck--
    if (forgotten) this.#forgotten--
    return { stuck, forgotten }
  }
}
