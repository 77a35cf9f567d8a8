/**
 * When a license that nobody needs any more comes back (L7): at once, after some days, or never, for each way in which
 * the need can end. Each assignment says it for the licenses that it gave.
 */

/**
 * How the need ended: no assignment asks for it any more, an assignment says uninstall, the device left management or
 * was deleted, the person left, or the person removed the app.
 */
export const reclaimEvents = ['unassigned', 'uninstall', 'device_left', 'user_left', 'app_removed'] as const
export type ReclaimEvent = (typeof reclaimEvents)[number]

/** What happens to the license then. */
export type Reclaim =
  | { readonly kind: 'now' }
  | { readonly kind: 'keep' }
  | { readonly kind: 'after'; readonly days: number }

/** What happens to the licenses of one assignment. */
export type ReclaimPolicy = Readonly<Record<ReclaimEvent, Reclaim>>

/** The most days that a license can be kept before it is taken back. */
export const maximumDays = 365

/**
 * What holds where an assignment says nothing. The published behavior frees a license on uninstall; we also free what
 * nobody needs any more, since licenses that do not come back are the loudest complaint of administrators. An app
 * that the person removed while it is assigned may be wanted again tomorrow, so its license stays.
 */
export const defaultReclaim: ReclaimPolicy = {
  unassigned: { kind: 'now' },
  uninstall: { kind: 'now' },
  device_left: { kind: 'now' },
  user_left: { kind: 'now' },
  app_removed: { kind: 'keep' },
}

/**
 * Reads a stored policy and fills what is missing with the defaults. A name that is no event, or a value that is no
 * policy, is a TypeError: whoever stores a policy has parsed it before, and guessing could give licenses away.
 */
export function parseReclaim(json: unknown): ReclaimPolicy {
  if (!isObject(json)) throw new TypeError(`a reclaim policy is not an object: ${JSON.stringify(json)}`)
  for (const name of Object.keys(json))
    if (!reclaimEvents.some((event) => event === name))
      throw new TypeError(`no reclaim event is named "${name}"`)
  const read = (event: ReclaimEvent): Reclaim =>
    json[event] === undefined ? defaultReclaim[event] : parseOne(event, json[event])
  return {
    unassigned: read('unassigned'),
    uninstall: read('uninstall'),
    device_left: read('device_left'),
    user_left: read('user_left'),
    app_removed: read('app_removed'),
  }
}

function parseOne(event: ReclaimEvent, json: unknown): Reclaim {
  const unfit = new TypeError(`the reclaim policy of "${event}" cannot be ${JSON.stringify(json)}`)
  if (!isObject(json)) throw unfit
  const { kind, days } = json
  if (kind === 'now' || kind === 'keep') return { kind }
  if (kind !== 'after' || typeof days !== 'number' || !isDays(days)) throw unfit
  return { kind, days }
}

const isDays = (days: number): boolean => Number.isInteger(days) && days >= 1 && days <= maximumDays

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Until when a license is kept: a moment, not at all, or until somebody takes it back by hand. */
export type KeptUntil = Date | 'now' | 'forever'

const dayInMilliseconds = 24 * 60 * 60 * 1000

/** Until when the policy keeps a license whose need ended so at `since`. A day is 24 hours. */
export function keepUntil(policy: ReclaimPolicy, event: ReclaimEvent, since: Date): KeptUntil {
  const reclaim = policy[event]
  if (reclaim.kind === 'now') return 'now'
  if (reclaim.kind === 'keep') return 'forever'
  return new Date(since.getTime() + reclaim.days * dayInMilliseconds)
}

const endings: Readonly<Record<ReclaimEvent, string>> = {
  unassigned: 'No assignment asks for the app any more',
  uninstall: 'An assignment removes the app',
  device_left: 'The device left management',
  user_left: 'The person left',
  app_removed: 'The person removed the app',
}

/**
 * The policy in one sentence: how the need ended and what becomes of the license. `until` is what `keepUntil` gave for
 * a license in question, and null when the policy itself is described. Dates are days in UTC.
 */
export function reclaimSentence(event: ReclaimEvent, reclaim: Reclaim, until: KeptUntil | null): string {
  return `${endings[event]}: the license ${consequence(reclaim, until)}.`
}

function consequence(reclaim: Reclaim, until: KeptUntil | null): string {
  if (reclaim.kind === 'now') return 'is taken back at once'
  if (reclaim.kind === 'keep') return 'is kept until somebody takes it back'
  if (until instanceof Date) return `is kept until ${until.toISOString().slice(0, 10)} and then taken back`
  return `is taken back after ${reclaim.days === 1 ? '1 day' : `${reclaim.days} days`}`
}
