/** How an installation goes from one state to the next. */
import type { Advance, Cause, Install, InstallState } from './install.ts'

/** Where an installation goes: what is not said stays. */
export type Turn = Partial<Pick<Install, 'wanted' | 'attempts' | 'polls'>> & {
  readonly state: InstallState
  readonly cause: Cause
  readonly dueAt: Date | null
}

/** Another state, or the same one for another cause, begins now; otherwise its beginning stays. */
export function turned(install: Install, turn: Turn, now: Date): Install {
  const isSame = install.state === turn.state && install.cause.code === turn.cause.code
  return { ...install, ...turn, since: isSame ? install.since : now }
}

/** Nothing changes, and nothing is to be told. */
export const same = (present: Install): Advance => ({ install: present, act: null })

/** Its removal was told, and lasted too long: the command is still before the device. */
export const isSilent = ({ wanted, state, cause }: Install): boolean =>
  wanted === 'removed' && state === 'failed' && cause.code === 'silent'
