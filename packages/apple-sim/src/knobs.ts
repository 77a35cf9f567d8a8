/**
 * Everything about Apple that is undocumented, variable or too slow for a test, with the value assumed by default.
 *
 * Where Apple's pages are silent the simulator makes a choice; the choice is a knob, never a fact.
 */
import type { KnownErrorNumber } from './refusal.ts'

/** The `limits` of service config. Apple's published samples; dynamic there, overridable here. */
export const APPLE_LIMITS = {
  maxAssets: 25,
  maxClientUserIds: 1000,
  maxSerialNumbers: 1000,
  maxRevokeClientUserIds: 100,
  maxRevokeSerialNumbers: 100,
  maxUsers: 100,
  maxNotificationLength: 512,
  maxMdmNameLength: 100,
  maxMdmMetadataLength: 255,
  maxMdmIdLength: 100,
  maxRequestPerSecond: 15,
  maxSubscriptions: 25,
  maxSubscriptionClientUserIds: 1000,
} as const satisfies Record<string, number>

export type Limits = { readonly [name in keyof typeof APPLE_LIMITS]: number }

export interface Knobs {
  /** An event takes between `minMs` and `maxMs`, plus its tasks divided by `tasksPerSecond`. */
  readonly processing: { readonly minMs: number; readonly maxMs: number; readonly tasksPerSecond: number }
  /** Records on a page of assets, assignments and users. Apple: several hundred. */
  readonly pageSize: number
  /** Overrides of single limits; service config announces them and the checks follow. */
  readonly limits: Partial<Limits>
  /** Requests per second and location before 429; unset follows the limit, `Infinity` lifts the check alone. */
  readonly maxRequestPerSecond: number | undefined
  /** Which clock the rate limit and `Retry-After` count on. A client's pacing usually runs on the wall clock. */
  readonly pacingClock: 'wall' | 'simulated'
  /** HTTP status that comes with 9622; Apple has been seen answering 200. */
  readonly invalidTokenStatus: 200 | 401
  /** Error for a request without Authorization header. */
  readonly missingHeaderNumber: 9601 | 9722
  /** Refusal of a write with a read-only token. */
  readonly readOnly: { readonly status: number; readonly errorNumber: KnownErrorNumber }
  /** Where `tokenExpirationDate` appears besides client config, which always has it. */
  readonly tokenExpirationDate: 'always' | 'within15d'
  /** Whether an associate to an unknown or retired user is refused at once or fails as a task. */
  readonly unknownUser: 'async' | 'sync'
  /** Too few licenses: the first ones succeed, or no task of that asset does. */
  readonly shortage: 'partial' | 'whole-asset'
  /** `totalPages` of an empty set. */
  readonly totalPagesWhenEmpty: 0 | 1
  /** Whether a removed assignment moves later ones to earlier pages during a walk. */
  readonly removalsShiftPages: boolean
  /** How long a finished event can be asked for. */
  readonly eventRetentionMs: number
  /** How long a `versionId` is accepted as `sinceVersionId`. */
  readonly versionRetentionMs: number
  /**
   * How a claim can be released; undocumented. `by-null`: `null` clears `mdmInfo` and the address. `by-empty`: empty texts
   * clear them. `overwrite`: only another `mdmInfo` takes the place of the present one.
   */
  readonly claimRelease: 'by-null' | 'by-empty' | 'overwrite'
  /** Accepts `http://` notification addresses. Off, since Apple refuses them with 9712. */
  readonly allowPlainHttpNotifications: boolean
  /** Elements in one notification. */
  readonly notificationElements: number
  /** Waits before the second and third attempt. Apple: three attempts within 1 to 5 minutes. */
  readonly notificationRetryMs: readonly [number, number]
  /** Patience with a webhook, on the wall clock. */
  readonly notificationTimeoutMs: number
  /** Certificates (PEM) trusted for webhooks besides the machine's own. */
  readonly notificationCa: string | undefined
  /** Chance and delay of what happens to notifications on the way; seeded. */
  readonly notifications: NotificationChance
  /** Real milliseconds that every answer takes longer, so that parallel requests really overlap. */
  readonly latencyMs: number
  /** Largest request body in bytes; more is answered 413. */
  readonly maxBodyBytes: number
  /** Calls kept in the request log; counters go on for ever. */
  readonly requestLogSize: number
}

export interface NotificationChance {
  /** Share dropped without an attempt, 0 to 1. */
  readonly loss: number
  /** Share delivered twice with the same id. */
  readonly duplicate: number
  /** Share held back for up to `reorderMs`, so that later ones overtake. */
  readonly reorder: number
  readonly reorderMs: number
  /** Every notification waits between these before its first attempt. */
  readonly delayMinMs: number
  readonly delayMaxMs: number
}

/** The choices made where nothing else is asked for. */
export const DEFAULT_KNOBS: Knobs = {
  processing: { minMs: 1000, maxMs: 3000, tasksPerSecond: Number.POSITIVE_INFINITY },
  pageSize: 500,
  limits: {},
  maxRequestPerSecond: undefined,
  pacingClock: 'wall',
  invalidTokenStatus: 200,
  missingHeaderNumber: 9601,
  readOnly: { status: 403, errorNumber: 9602 },
  tokenExpirationDate: 'always',
  unknownUser: 'async',
  shortage: 'partial',
  totalPagesWhenEmpty: 1,
  removalsShiftPages: false,
  eventRetentionMs: 24 * 3_600_000,
  versionRetentionMs: 30 * 24 * 3_600_000,
  claimRelease: 'overwrite',
  allowPlainHttpNotifications: false,
  notificationElements: 100,
  notificationRetryMs: [60_000, 180_000],
  notificationTimeoutMs: 5000,
  notificationCa: undefined,
  notifications: { loss: 0, duplicate: 0, reorder: 0, reorderMs: 5000, delayMinMs: 0, delayMaxMs: 0 },
  latencyMs: 0,
  maxBodyBytes: 1_048_576,
  requestLogSize: 10_000,
}

/** The announced limits under these knobs. */
export function limitsOf(knobs: Knobs): Limits {
  return { ...APPLE_LIMITS, ...knobs.limits }
}

/** Some knobs; groups may be given in part. */
export type KnobChoices = Omit<Partial<Knobs>, 'processing' | 'notifications'> & {
  readonly processing?: Partial<Knobs['processing']>
  readonly notifications?: Partial<NotificationChance>
}

/** `base` with the choices applied; a group keeps what the choice leaves out. */
export function withKnobs(base: Knobs, choices: KnobChoices): Knobs {
  return {
    ...base,
    ...choices,
    limits: { ...base.limits, ...choices.limits },
    processing: { ...base.processing, ...choices.processing },
    notifications: { ...base.notifications, ...choices.notifications },
  }
}
