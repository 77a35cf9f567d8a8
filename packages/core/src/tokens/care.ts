/**
 * What a location needs from time to time without anybody asking: a proof that Apple still accepts its token, and an
 * address at which Apple's notifications really arrive (T3, T4).
 */

/** What is known of a location when it is looked after. */
export interface CareFacts {
  /** A number that differs between locations, so that they are not all asked at the same moment. */
  readonly locationId: number
  /** Whether the token's last answer lets us read, write or neither. */
  readonly use: 'write' | 'read' | 'none'
  /** Something asked to look at once. */
  readonly asked: boolean
  /** Expired by its own date: Apple need not be asked. */
  readonly expired: boolean
  /** Apple's last answer that proved the token. */
  readonly answeredAt: Date | null
  readonly notifications: NotificationFacts
}

/** Where Apple's notifications go, as far as we know. */
export interface NotificationFacts {
  /** The public address of this installation; null when Apple cannot reach it. */
  readonly base: string | null
  /** The address that was registered or tried last. */
  readonly registeredBase: string | null
  readonly registeredAt: Date | null
  /** Why they are off; null when they are on. */
  readonly off: 'unreachable' | 'unheard' | 'silent' | null
  /** The last notification at the present address, the test of its registration included. */
  readonly heardAt: Date | null
  /** Ended operations sent after the last notification whose outcome had to be asked for. */
  readonly unheardOperations: number
}

/** Why an address is registered again. */
export type RegisterCause = 'address_changed' | 'address_removed' | 'silent' | 'retry'

/** What to do now. `heard`: notifications do arrive, so they count as on again. */
export interface Care {
  readonly probe: boolean
  readonly register: RegisterCause | null
  readonly heard: boolean
}

const hour = 3_600_000

/** After so long without an answer Apple is asked. */
export const PROBE_AFTER_MS = 20 * hour
/** Probes are spread over so long, by location. */
const spreadMs = 4 * hour
/** One operation may lose its notifications by chance; two of them, with nothing else heard, do not. */
const silentOperations = 2
/** An address is not registered more often than this, whatever we hear. */
const leastBetweenMs = hour

/** Decides for one location. */
export function care(facts: CareFacts, now: Date): Care {
  const register = registerCause(facts, now)
  const { off, heardAt, registeredAt } = facts.notifications
  const heard = off === 'unheard' && heardAt !== null && registeredAt !== null && heardAt >= registeredAt
  return { probe: isProbeDue(facts, now), register: heard ? null : register, heard }
}

/** The moment at which a location that answers nothing by itself is asked. */
export function probeAt(answeredAt: Date, locationId: number): Date {
  // A multiplier that spreads neighboring ids over the whole span.
  const share = ((locationId * 2_654_435_761) % 1000) / 1000
  return new Date(answeredAt.getTime() + PROBE_AFTER_MS + share * spreadMs)
}

function isProbeDue({ locationId, asked, expired, answeredAt }: CareFacts, now: Date): boolean {
  // A revoked token is asked for too: what Apple once refused in a bad hour may be accepted again.
  if (expired) return false
  return asked || answeredAt === null || probeAt(answeredAt, locationId) <= now
}

function registerCause({ use, notifications }: CareFacts, now: Date): RegisterCause | null {
  if (use !== 'write') return null
  const { base, registeredBase, registeredAt, off, unheardOperations } = notifications
  if (base !== registeredBase) return base === null ? 'address_removed' : 'address_changed'
  if (base === null) return null
  if (registeredAt !== null && now.getTime() - registeredAt.getTime() < leastBetweenMs) return null
  if (off !== null) return 'retry'
  return unheardOperations >= silentOperations ? 'silent' : null
}
