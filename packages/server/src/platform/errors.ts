/**
 * Failures that are expected: a broken token file, an unknown group, a plan that has expired.
 *
 * The domain says what is wrong with a stable code and the values to act on; it never mentions
 * HTTP. `http/problems.ts` is the one table from code to status.
 */
import type { ProblemCode } from './http/problems.ts'

/** The values a caller needs to act on a refusal. Shown to the caller: never put a secret in it. */
export type RefusalFacts = Readonly<Record<string, unknown>>

/**
 * An expected failure, caused by the request or by the state of the world, not by a defect.
 * `message` is one or two sentences for a person: it names the thing, shows the value and says what to do.
 */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: ProblemCode
  readonly facts: RefusalFacts
  /** A refusal never alerts the operator; anything that is not a refusal does. */
  readonly reportable = false

  constructor(code: ProblemCode, message: string, facts: RefusalFacts = {}) {
    super(message)
    this.code = code
    this.facts = facts
  }
}

/**
 * A start that cannot go on: wrong key, bad configuration, unusable folder. `message` tells the
 * operator what to do; `main.ts` prints it without a stack and exits with code 1.
 */
export class StartFailure extends Error {
  override readonly name = 'StartFailure'
  readonly code: string

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
