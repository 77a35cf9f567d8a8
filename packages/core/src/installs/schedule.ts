/**
 * How long an installation waits for what (D4). Every wait ends: with a question to the device, another attempt, or a
 * state that says that it lasted too long. What comes later is still believed.
 */
import type { Install } from './install.ts'

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** The device is asked so long after it accepted, and then at doubling distances. */
const firstPoll = 15 * second
const secondPoll = 20 * second
const longestPoll = 30 * minute
/** After so many questions an installation that goes on counts as failed; it is then asked for daily. */
const mostPolls = 15
/** The polls of an installation whose device tells by itself, once it is waited for. */
export const reportsPolls = mostPolls

/** A person who leaves a question alone is asked anew so often, at most daily. */
const mostPrompts = 7

/** A device that answers nothing for so long counts as silent (invariant 9). */
export const silentAfter = 14 * day

/** Failures that pass by themselves are tried again after these. */
const soon = [30 * second, 2 * minute, 10 * minute] as const

const after = (now: Date, ms: number): Date => new Date(now.getTime() + ms)

/** When to ask how it stands, for the n-th time (from 0); null when that was asked often enough. */
export function nextPoll(polls: number, now: Date): Date | null {
  if (polls >= mostPolls) return null
  return after(now, polls === 0 ? firstPoll : Math.min(secondPoll * 2 ** (polls - 1), longestPoll))
}

/** When to try again what failed `attempts` times in a row. */
export function nextAttempt(retry: 'soon' | 'daily' | 'never', attempts: number, now: Date): Date | null {
  if (retry === 'never') return null
  const wait = retry === 'soon' ? soon[attempts - 1] : undefined
  return after(now, wait ?? day)
}

/** Whether a person may be asked once more. */
export function mayPromptAgain(attempts: number): boolean {
  return attempts < mostPrompts
}

/** A quarter of an hour from now: for a device that will be ready by itself. */
export function inAWhile(now: Date): Date {
  return after(now, 15 * minute)
}

/** A day from now: for what is only looked after. */
export function inADay(now: Date): Date {
  return after(now, day)
}

/** The moment from which a device that does not answer counts as silent. */
export function silenceEnds(install: Pick<Install, 'since'>): Date {
  return after(install.since, silentAfter)
}
