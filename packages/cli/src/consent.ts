/** What commands that change something ask first, and what they need where nobody can be asked. */
import { CommandFailure, usageFailure } from './failure.ts'
import type { World } from './world.ts'

/** `--yes`. */
export const yesFlag = { kind: 'boolean', brief: 'Do not ask', default: false, withNegated: false } as const

/**
 * Known before anything is sent. `aim` follows "To", as in "remove the user".
 *
 * @throws CommandFailure `usage.not_interactive`
 */
export function requireYes({ questions }: World, yes: boolean, aim: string): void {
  if (yes || questions !== null) return
  throw usageFailure('usage.not_interactive', `Nobody is there to ask. To ${aim}, add --yes`)
}

/** A question, and what a no comes to. */
export interface Consent {
  readonly question: string
  /** Stable code of the failure, as `plan.declined`. */
  readonly declined: string
  /** What the failure says, as "Nothing was changed." */
  readonly outcome: string
}

/** Asks, unless `yes` or nobody is there. @throws CommandFailure with the code of `consent.declined` */
export async function agree({ questions }: World, yes: boolean, consent: Consent): Promise<void> {
  if (yes || questions === null || (await questions.confirm(consent.question))) return
  throw new CommandFailure(consent.declined, consent.outcome)
}
