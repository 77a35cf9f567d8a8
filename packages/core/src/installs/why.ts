/**
 * Why a title is, or is not, on a device (D8): the chain from the rule to the device's own answer, and what to do now.
 *
 * Each link either holds, waits, or is where the chain ends. The first that does not hold is the answer; what stands
 * behind it was never reached.
 */
import type { RetryRule } from './failures.ts'
import { failureCodes, failureOf } from './failures.ts'
import type { Cause, InstallState } from './install.ts'

/** The links, in the order in which a title travels them. */
export const whyLinks = ['rule', 'license', 'request', 'management', 'command', 'device'] as const
export type WhyLink = (typeof whyLinks)[number]

/** `passed`: it holds. `waits`: something will happen by itself. `ends`: somebody has to do something. */
export type LinkState = 'passed' | 'waits' | 'ends'

/** What a link says, stable; texts go by it. */
export const whyCodes = [
  'is_required',
  'was_asked_for',
  'is_to_be_removed',
  'no_assignment',
  'is_excluded',
  'later_wave',
  'not_asked_for',
  'is_withheld',
  'does_not_fit',
  'license_held',
  'license_on_its_way',
  'waits_for_license',
  'license_refused',
  'person_not_joined',
  'license_on_its_way_back',
  'request_done',
  'request_recorded',
  'request_sent',
  'request_unknown',
  'is_managed',
  'is_not_managed',
  'in_setup',
  'push_lost',
  'command_answered',
  'command_queued',
  'command_sent',
  'command_put_off',
  'device_says',
  'store_signed_out',
  'store_other_account',
] as const
export type WhyCode = (typeof whyCodes)[number]

/** What to do, stable. `nothing`: it goes on by itself. `done`: the app is there. */
export const adviceCodes = [
  'done',
  'nothing',
  'assign_it',
  'check_exclusion',
  'ask_for_it',
  'give_again',
  'another_device',
  'buy_or_reclaim',
  'see_refusal',
  'let_person_join',
  'enroll_device',
  'finish_setup',
  'enroll_again',
  'let_device_connect',
  'let_person_agree',
  'let_person_sign_in',
  'use_joined_account',
  'allow_store',
  'end_app_lock',
  'delete_own_copy',
  'try_again',
  'leave_out_code',
  'report_fault',
] as const
export type AdviceCode = (typeof adviceCodes)[number]

/** One link of the chain. */
export interface Link {
  readonly link: WhyLink
  readonly state: LinkState
  readonly code: WhyCode
  /** When it came to be so. */
  readonly at: Date | null
}

/** Everything that is known of a title of a pool on a device. */
export interface WhyFacts {
  readonly target: {
    readonly intent: 'required' | 'available' | 'available_or_uninstall' | 'uninstall'
    readonly since: Date
    readonly askedAt: Date | null
    readonly withheldAt: Date | null
    readonly refusedAt: Date | null
  } | null
  /** Why there is no target, as far as it is known. */
  readonly missing: 'no_assignment' | 'is_excluded' | 'later_wave' | 'does_not_fit' | 'is_not_managed'
  readonly license: { readonly state: 'granting' | 'held' | 'releasing'; readonly since: Date } | null
  /** A user license is meant, and Apple has no account of the person yet. */
  readonly personIsMissing: boolean
  /** The account that the store of the device knows; null when the license is no person's. */
  readonly store: StoreAccount | null
  readonly request: {
    readonly state: 'recorded' | 'sending' | 'sent' | 'unknown' | 'done' | 'partly' | 'failed'
    readonly at: Date
  } | null
  readonly enrollment: {
    readonly enrolledAt: Date
    readonly inSetup: boolean
    readonly pushLostAt: Date | null
  } | null
  readonly install: { readonly state: InstallState; readonly cause: Cause; readonly since: Date } | null
  readonly command: {
    readonly state: 'queued' | 'sent' | 'not_now' | 'done' | 'failed' | 'malformed' | 'void'
    readonly at: Date
  } | null
}

/** What a device told of the account that is signed in to its store (MDM facts 10.4). */
export interface StoreAccount {
  /** Null when the device did not tell. */
  readonly isActive: boolean | null
  /** It is not the account that accepted the person's invitation. */
  readonly isOther: boolean
  /** When the device was asked. */
  readonly askedAt: Date | null
}

/** The chain as far as it was travelled, and what to do now. */
export interface Why {
  readonly links: readonly Link[]
  readonly advice: AdviceCode
}

/** The answer to "why not?". */
export function whyNot(facts: WhyFacts): Why {
  const links: Link[] = []
  for (const link of whyLinks) {
    const { advice, ...said } = readers[link](facts)
    links.push({ link, ...said })
    if (said.state !== 'passed' || advice !== undefined) return { links, advice: advice ?? 'nothing' }
  }
  return { links, advice: 'done' }
}

type Said = Omit<Link, 'link'> & { readonly advice?: AdviceCode }

const passed = (code: WhyCode, at: Date | null): Said => ({ state: 'passed', code, at })
const waits = (code: WhyCode, at: Date | null, advice?: AdviceCode): Said => ({
  state: 'waits',
  code,
  at,
  ...(advice === undefined ? {} : { advice }),
})
const ends = (code: WhyCode, at: Date | null, advice: AdviceCode): Said => ({
  state: 'ends',
  code,
  at,
  advice,
})

const readers: Readonly<Record<WhyLink, (facts: WhyFacts) => Said>> = {
  rule: ruleSays,
  license: licenseSays,
  request: requestSays,
  management: managementSays,
  command: commandSays,
  device: deviceSays,
}

const adviceForMissing = {
  no_assignment: 'assign_it',
  is_excluded: 'check_exclusion',
  does_not_fit: 'another_device',
  // A device that left management is meant nothing any more.
  is_not_managed: 'enroll_device',
} as const

function ruleSays({ target, missing }: WhyFacts): Said {
  if (target === null) {
    return missing === 'later_wave' ? waits(missing, null) : ends(missing, null, adviceForMissing[missing])
  }
  if (target.withheldAt !== null) return ends('is_withheld', target.withheldAt, 'give_again')
  if (target.intent === 'required') return passed('is_required', target.since)
  if (target.intent === 'uninstall') return passed('is_to_be_removed', target.since)
  return target.askedAt === null
    ? ends('not_asked_for', target.since, 'ask_for_it')
    : passed('was_asked_for', target.askedAt)
}

function licenseSays({ target, license, personIsMissing, install }: WhyFacts): Said {
  // A removal takes no license.
  if (target?.intent === 'uninstall') return passed('is_to_be_removed', target.since)
  // Apple gives a license to somebody who was invited, but nothing opens by it before an account stands behind it.
  if (license?.state === 'held' && personIsMissing && install?.state !== 'installed')
    return ends('person_not_joined', license.since, 'let_person_join')
  if (license?.state === 'held') return passed('license_held', license.since)
  if (license?.state === 'releasing') return waits('license_on_its_way_back', license.since)
  if (personIsMissing) return ends('person_not_joined', null, 'let_person_join')
  if (license?.state === 'granting') return passed('license_on_its_way', license.since)
  const refusedAt = target?.refusedAt ?? null
  if (refusedAt !== null) return ends('license_refused', refusedAt, 'see_refusal')
  return ends('waits_for_license', target?.since ?? null, 'buy_or_reclaim')
}

function requestSays({ target, license, request }: WhyFacts): Said {
  if (target?.intent === 'uninstall' || license?.state === 'held')
    return passed('request_done', license?.since ?? null)
  if (request === null || request.state === 'recorded') return waits('request_recorded', request?.at ?? null)
  return waits(request.state === 'unknown' ? 'request_unknown' : 'request_sent', request.at)
}

function managementSays({ enrollment }: WhyFacts): Said {
  if (enrollment === null) return ends('is_not_managed', null, 'enroll_device')
  if (enrollment.inSetup) return waits('in_setup', enrollment.enrolledAt, 'finish_setup')
  if (enrollment.pushLostAt !== null) return ends('push_lost', enrollment.pushLostAt, 'enroll_again')
  return passed('is_managed', enrollment.enrolledAt)
}

function commandSays({ command, install }: WhyFacts): Said {
  const isAnswered = install !== null && install.state !== 'commanded' && install.state !== 'licensed'
  if (isAnswered || command === null) {
    return install === null
      ? waits('command_queued', null)
      : passed('command_answered', command?.at ?? install.since)
  }
  if (command.state === 'not_now') return waits('command_put_off', command.at, 'let_device_connect')
  if (command.state === 'sent') return waits('command_sent', command.at, 'let_device_connect')
  return waits('command_queued', command.at, 'let_device_connect')
}

/** What to do about each failure. */
export const adviceForFailure: Readonly<Record<(typeof failureCodes)[number], AdviceCode>> = {
  license_not_found: 'nothing',
  rejected_by_person: 'let_person_agree',
  takeover_rejected: 'let_person_agree',
  unmanaged_copy: 'delete_own_copy',
  sign_in_required: 'let_person_sign_in',
  store_disabled: 'allow_store',
  installs_disabled: 'allow_store',
  locked_to_one_app: 'end_app_lock',
  unknown_to_store: 'another_device',
  cannot_be_purchased: 'report_fault',
  needs_redemption_code: 'leave_out_code',
  not_an_app: 'report_fault',
  system_app: 'report_fault',
  not_supported: 'another_device',
  right_missing: 'enroll_again',
  command_malformed: 'report_fault',
  download_failed: 'nothing',
  device_fault: 'nothing',
  device_failed: 'try_again',
  other: 'try_again',
}

/** What may come of an account that is missing or another one. */
const ofTheAccount: ReadonlySet<Cause['code']> = new Set([
  'license_not_found',
  'sign_in_required',
  'asked_to_sign_in',
  'prompt_ignored',
  'not_finished',
  'device_failed',
])

/** What a user license waits for at the store of the device; null when the account is none of the reasons. */
function storeSays({ store, install }: WhyFacts): Said | null {
  if (store === null || install === null || !ofTheAccount.has(install.cause.code)) return null
  const say = install.state === 'prompting' ? waits : ends
  if (store.isActive === false) return say('store_signed_out', store.askedAt, 'let_person_sign_in')
  return store.isOther ? say('store_other_account', store.askedAt, 'use_joined_account') : null
}

function deviceSays(facts: WhyFacts): Said {
  const { install } = facts
  if (install === null) return waits('device_says', null)
  const ofStore = storeSays(facts)
  if (ofStore !== null) return ofStore
  const { state, cause, since } = install
  const failure = failureCodes.find((code) => code === cause.code)
  if (failure !== undefined) return ends('device_says', since, adviceForFailure[failure])
  if (state === 'prompting') {
    return waits(
      'device_says',
      since,
      cause.code === 'asked_to_sign_in' ? 'let_person_sign_in' : 'let_person_agree',
    )
  }
  if (state === 'installed' || state === 'released') return passed('device_says', since)
  if (cause.code === 'silent') return ends('device_says', since, 'let_device_connect')
  if (cause.code === 'prompt_ignored') return ends('device_says', since, 'let_person_agree')
  if (cause.code === 'not_finished') return ends('device_says', since, 'try_again')
  if (state === 'removed' && cause.code === 'gone') return passed('device_says', since)
  return waits('device_says', since)
}

/** Whether a failure is tried again by itself. */
export function triesAgain(cause: Cause): RetryRule {
  const failure = failureCodes.find((code) => code === cause.code)
  return failure === undefined ? 'daily' : failureOf(failure).retry
}
