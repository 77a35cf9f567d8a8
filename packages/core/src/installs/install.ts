/** An installation of a title on a device, as the server knows it (D4). */
import type { ChainedError, FailureCode } from './failures.ts'

/**
 * How an installation stands, in its usual order. Waiting for a license comes before it: then there is no installation yet.
 *
 * - `licensed`: Apple confirmed the license; the device was not told yet.
 * - `commanded`: the device is to be told, or was told and has not answered.
 * - `prompting`: the device asks its person.
 * - `installing`: accepted, and on its way.
 * - `installed`: the device says that it is there and managed.
 * - `refused`: its person said no. `failed`: it went wrong. `cannot_install`: not on this device.
 * - `removing`: to be removed, not confirmed yet. `removed`: gone. `released`: gone, and the license is back.
 */
export const installStates = [
  'licensed',
  'commanded',
  'prompting',
  'installing',
  'installed',
  'refused',
  'failed',
  'cannot_install',
  'removing',
  'removed',
  'released',
] as const
export type InstallState = (typeof installStates)[number]

/** What is meant for the device: the app, its removal, or nothing any more (it stays as it is). */
export type Wanted = 'installed' | 'removed' | 'nothing'

/** Why an installation stands as it does, beside failures; stable. */
export const stepCodes = [
  'license_confirmed',
  'queued',
  'asked_to_agree',
  'asked_to_sign_in',
  'asked_to_hand_over',
  'accepted',
  'downloading',
  'verified',
  'not_finished',
  'prompt_ignored',
  'silent',
  'removed_by_person',
  'removal_queued',
  'gone',
  'was_not_managed',
  'code_returned',
  'license_back',
  'license_lost',
  'not_wanted',
  'management_ended',
] as const
export type StepCode = (typeof stepCodes)[number]

/** Why, with what the device said. */
export interface Cause {
  readonly code: StepCode | FailureCode
  /** Apple's word for the state or the reason, as the device said it. */
  readonly word?: string
  readonly errors?: readonly ChainedError[]
}

/** An installation. */
export interface Install {
  readonly wanted: Wanted
  readonly state: InstallState
  readonly since: Date
  readonly cause: Cause
  /** Failed attempts in a row. */
  readonly attempts: number
  /** How often the device was asked how it stands, since it accepted. */
  readonly polls: number
  /** The moment at which something happens by itself: a question, a retry, a deadline. */
  readonly dueAt: Date | null
}

/** What is to be done at the device. */
export type Act = 'install' | 'remove' | 'ask' | 'withdraw'

/** What becomes of an installation, and what to do. The same object when nothing changes. */
export interface Advance {
  readonly install: Install
  readonly act: Act | null
}

/** States that ended without the app, so that it can be tried again by hand. */
export const endedStates = ['refused', 'failed', 'cannot_install'] as const satisfies readonly InstallState[]

/** Whether it ended without the app. */
export function endedWithout(state: InstallState): boolean {
  return (endedStates as readonly InstallState[]).includes(state)
}

/** States in which the app may be on the device, or come to it, by what we told it. */
export const onDeviceStates = [
  'commanded',
  'prompting',
  'installing',
  'installed',
  'removing',
] as const satisfies readonly InstallState[]

/** Whether the app may be on the device, or come to it. */
export function mayBeOnDevice(state: InstallState): boolean {
  return (onDeviceStates as readonly InstallState[]).includes(state)
}
