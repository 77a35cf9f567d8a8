/**
 * The calls that the simulated Apple received: a bounded log, counters that never end, and measured peaks.
 *
 * Tokens, cookies and the notification secret are never handed to it.
 */

export interface RequestEntry {
  /** Simulated time of arrival. */
  readonly at: number
  readonly method: string
  /** Without the query; the part after `/mdm/v2` for the license API. */
  readonly path: string
  readonly query?: string
  readonly uId?: string
  /** 0 when the connection was cut instead of answered. */
  readonly status: number
  readonly errorNumber?: number
  /** The ordered fault that struck. */
  readonly fault?: string
  /** Tasks of the event that the request started. */
  readonly tasks?: number
  readonly bodySummary?: BodySummary
}

/** How much a write asked for, never what. */
export interface BodySummary {
  readonly assets: number
  readonly serialNumbers: number
  readonly clientUserIds: number
}

export interface RequestFilter {
  readonly method?: string
  /** The end of the path: `/assets` does not match `/assets/associate`. */
  readonly path?: string
  readonly uId?: string
  readonly status?: number
  readonly errorNumber?: number
}

/** Stands for all callers together; no location has this name. */
const ALL = '*'

const MOST_COUNTERS = 10_000
const OTHER_PATHS = '(other paths)'

type Counted = Pick<RequestEntry, 'method' | 'path' | 'uId' | 'status' | 'errorNumber'>

export class RequestLog {
  readonly #size: () => number
  #entries: RequestEntry[] = []
  readonly #counters = new Map<string, { readonly of: Counted; count: number }>()
  readonly #lanes = new Map<string, { now: number; peak: number }>()

  constructor(size: () => number) {
    this.#size = size
  }

  /** The latest calls, oldest first. */
  get entries(): readonly RequestEntry[] {
    return this.#entries.slice(-this.#size())
  }

  add(entry: RequestEntry): void {
    this.#entries.push(entry)
    if (this.#entries.length > this.#size() * 1.5 + 16) this.#entries = this.#entries.slice(-this.#size())
    this.#count(entry)
  }

  /** Somebody who tries paths must not fill the memory: what has no counter yet shares one when there are too many. */
  #count({ method, path, uId, status, errorNumber }: RequestEntry): void {
    const keyFor = (where: string): string => `${method} ${where} ${uId ?? ''} ${status} ${errorNumber ?? ''}`
    const isNew = !this.#counters.has(keyFor(path))
    const counted = isNew && this.#counters.size >= MOST_COUNTERS ? OTHER_PATHS : path
    const counter = this.#counters.get(keyFor(counted))
    if (counter) counter.count++
    else {
      const of: Counted = {
        method,
        path: counted,
        status,
        ...(uId !== undefined && { uId }),
        ...(errorNumber !== undefined && { errorNumber }),
      }
      this.#counters.set(keyFor(counted), { of, count: 1 })
    }
  }

  /** Calls that match all given fields, since the start or the last `clear`. */
  count(filter: RequestFilter = {}): number {
    let sum = 0
    for (const { of, count } of this.#counters.values()) if (matches(of, filter)) sum += count
    return sum
  }

  /** The most calls of a location that were being answered at the same moment; of all callers without one. */
  peakLanes(uId = ALL): number {
    return this.#lanes.get(uId)?.peak ?? 0
  }

  /** Marks the beginning of a call; the answer marks its end. */
  enter(uId = ''): () => void {
    const lanes = [this.#lane(ALL), this.#lane(uId)]
    for (const lane of lanes) {
      lane.now++
      lane.peak = Math.max(lane.peak, lane.now)
    }
    return () => {
      for (const lane of lanes) lane.now--
    }
  }

  /** Forgets entries, counters and peaks. */
  clear(): void {
    this.#entries = []
    this.#counters.clear()
    for (const lane of this.#lanes.values()) lane.peak = lane.now
  }

  #lane(uId: string): { now: number; peak: number } {
    const known = this.#lanes.get(uId)
    if (known) return known
    const lane = { now: 0, peak: 0 }
    this.#lanes.set(uId, lane)
    return lane
  }
}

function matches(entry: Counted, { method, path, uId, status, errorNumber }: RequestFilter): boolean {
  return (
    (method === undefined || entry.method === method) &&
    (path === undefined || entry.path.endsWith(path)) &&
    (uId === undefined || entry.uId === uId) &&
    (status === undefined || entry.status === status) &&
    (errorNumber === undefined || entry.errorNumber === errorNumber)
  )
}

/** Counts the lists of a write's body; undefined for what is no object. */
export function bodySummary(body: unknown): BodySummary | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const lengthOf = (name: string): number => {
    const list: unknown = Reflect.get(body, name)
    return Array.isArray(list) ? list.length : 0
  }
  return {
    assets: lengthOf('assets') + lengthOf('adamIds'),
    serialNumbers: lengthOf('serialNumbers'),
    clientUserIds: lengthOf('clientUserIds') + lengthOf('users'),
  }
}
