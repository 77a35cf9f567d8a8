/** Waves of a rollout, reclaim policies and settings as a person types them (A3, A6, L7). */
import type { ReclaimPolicy, Settings, Waves } from './assignment-terms.ts'
import { usageFailure } from './failure.ts'
import { keyAndValue, type None, parseMoment, wholeNumber } from './values.ts'

/** `10@now,25@2027-03-01,100@2027-03-08T07:00`: from a moment on, a share in percent; or `none`. */
export function parseWaves(text: string): Waves | None {
  if (text === 'none') return text
  return text.split(',').map((wave) => {
    const [percent = '', at, ...more] = wave.trim().split('@')
    if (at === undefined || more.length > 0) {
      throw usageFailure('usage.waves', `wave “${wave.trim()}” is not a percent and a moment; write 10@now`)
    }
    return {
      percent: wholeNumber(percent.trim().replace(/ ?%$/, ''), 1, 100),
      at: at.trim() === 'now' ? null : parseMoment(at.trim()),
    }
  })
}

/** The ways in which the need for a license ends, as typed and as the API names them. */
const reclaimEvents = {
  unassigned: 'unassigned',
  uninstall: 'uninstall',
  'device-left': 'device_left',
  'user-left': 'user_left',
  'app-removed': 'app_removed',
} as const satisfies Record<string, keyof ReclaimPolicy>

const isEvent = (text: string): text is keyof typeof reclaimEvents => Object.hasOwn(reclaimEvents, text)

/** `user-left=14`: 14 days after the person left; `now` and `keep` instead of the days. */
export function parseReclaim(text: string): ReclaimPolicy {
  const [typed, when] = keyAndValue(text, 'user-left=14, user-left=now or user-left=keep')
  const event = typed.replaceAll('_', '-')
  if (!isEvent(event)) {
    throw usageFailure('usage.reclaim', `“${typed}” is no event; there are ${listed(reclaimEvents)}`)
  }
  const name = reclaimEvents[event]
  if (when === 'now' || when === 'keep') return { [name]: { kind: when } }
  return { [name]: { kind: 'after', days: daysOf(event, when) } }
}

function daysOf(event: string, when: string): number {
  const days = Number(when)
  if (/^\d+$/.test(when) && days >= 1 && days <= 365) return days
  throw usageFailure('usage.reclaim', `${event} cannot be “${when}”; write now, keep or days from 1 to 365`)
}

/** What each setting takes. */
const settings: Readonly<Record<string, (value: string) => Settings>> = {
  'automatic-updates': (value) => ({
    automaticUpdates: oneOf('automatic-updates', value, { token: 'token', on: 'on', off: 'off' } as const),
  }),
  removable: (value) => ({ removable: yesOrNo('removable', value) }),
  'prevent-backup': (value) => ({ preventBackup: yesOrNo('prevent-backup', value) }),
  'remove-when-management-ends': (value) => ({
    removeWhenManagementEnds: yesOrNo('remove-when-management-ends', value),
  }),
  'vpn-id': (value) => ({ vpnId: value === 'none' ? null : textOf('vpn-id', value) }),
}

/** `removable=no`: one setting. The managed configuration has a flag of its own, since it comes from a file. */
export function parseSetting(text: string): Settings {
  const [key, value] = keyAndValue(text, 'removable=no')
  const setting = Object.hasOwn(settings, key) ? settings[key] : undefined
  if (setting !== undefined) return setting(value)
  throw usageFailure(
    'usage.setting',
    `“${key}” is no setting; there are ${listed(settings)}, and --configuration FILE`,
  )
}

const yesOrNo = (key: string, value: string): boolean => oneOf(key, value, { yes: true, no: false })

function oneOf<Meant>(key: string, value: string, meanings: Readonly<Record<string, Meant>>): Meant {
  const meant = Object.hasOwn(meanings, value) ? meanings[value] : undefined
  if (meant !== undefined) return meant
  throw usageFailure('usage.setting', `${key} cannot be “${value}”; write ${listed(meanings, ' or ')}`)
}

function textOf(key: string, value: string): string {
  if (value.trim() !== '') return value.trim()
  throw usageFailure('usage.setting', `${key} is empty; write its id, or none`)
}

const listed = (names: object, between = ', '): string => Object.keys(names).join(between)
