/** What becomes of an app once it is installed: newer settings (A3) and updates in the hours that suit the device (D5). */
import type { AssignmentSettings } from '../assignments/settings.ts'

/** The hours of a day in which apps are updated; `from` after `until` means over midnight. */
export interface UpdateHours {
  /** `HH:MM`, local time. */
  readonly from: string
  readonly until: string
  /** IANA name, such as `Europe/Amsterdam`: the device's own, else the one that goes with the hours. */
  readonly zone: string
}

/** How an update stands. `available`: the device says that there is one. */
export interface UpdateStanding {
  readonly state: 'available' | 'commanded' | 'failed'
  readonly since: Date
}

/** What decides about an update. */
export interface UpdateFacts {
  readonly update: UpdateStanding | null
  readonly setting: AssignmentSettings['automaticUpdates']
  /** What the content token says, for `setting` `token`. */
  readonly byToken: boolean
  /** The device shows one app only: what is in front there is never updated. */
  readonly singleApp: boolean
  /** Null: at any hour. */
  readonly hours: UpdateHours | null
}

/** Update now; look again when the hours begin; or leave it. */
export type UpdateStep = { readonly act: 'update' } | { readonly act: 'wait'; readonly until: Date } | null

/** What is to be done about an update. */
export function updateStep(
  { update, setting, byToken, singleApp, hours }: UpdateFacts,
  now: Date,
): UpdateStep {
  const isOn = setting === 'on' || (setting === 'token' && byToken)
  if (update?.state !== 'available' || !isOn || singleApp) return null
  const opens = hours === null ? null : nextOpening(hours, now)
  return opens === null ? { act: 'update' } : { act: 'wait', until: opens }
}

const minute = 60_000
const minutesOfDay = 24 * 60

/** When the hours begin next; null while they last. A day with a clock change may be an hour off, once. */
export function nextOpening({ from, until, zone }: UpdateHours, now: Date): Date | null {
  const local = minutesAt(now, zone)
  const [begins, ends] = [minutesOf(from), minutesOf(until)]
  if (begins === ends) return null
  const since = (local - begins + minutesOfDay) % minutesOfDay
  const length = (ends - begins + minutesOfDay) % minutesOfDay
  return since < length ? null : new Date(now.getTime() + (minutesOfDay - since) * minute)
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}

function minutesAt(moment: Date, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return minutesOf(format.format(moment))
}

/** The usual name of a time zone, such as `Europe/Amsterdam`; undefined when this names none. */
export function timeZoneNamed(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone
  } catch {
    return undefined
  }
}

/** Whether this is the name of a time zone. */
export function isTimeZone(name: string): boolean {
  return timeZoneNamed(name) !== undefined
}

/** What a device is told of an app's settings while it is installed. */
export type ToldSettings = Pick<AssignmentSettings, 'removable' | 'vpnId' | 'configuration'>

/** What of the settings can be told to a device that has the app. */
export function toldSettings({ removable, vpnId, configuration }: AssignmentSettings): ToldSettings {
  return { removable, vpnId, configuration }
}

/** Whether the device has other settings than those that hold. */
export function settingsDiffer(sent: ToldSettings | null, wanted: ToldSettings): boolean {
  return sent !== null && stable(sent) !== stable(wanted)
}

/** JSON with the keys of objects in order. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : each,
  )
}
