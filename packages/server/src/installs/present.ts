/** How installations look outside. */
import {
  appleNumberIn,
  type FailureCode,
  failureCatalog,
  failureCodes,
  intuneNumber,
} from '@apportion/core/installs/failures'
import type { Cause } from '@apportion/core/installs/install'
import { adviceSentence, causeSentence } from '@apportion/core/installs/sentences'
import { adviceForFailure } from '@apportion/core/installs/why'
import type { z } from 'zod'
import type * as contract from './schema.ts'

type ShownInstall = z.output<(typeof contract.deviceInstalls.response)[200]>['items'][number]
type ShownCause = NonNullable<ShownInstall['cause']>

/** The catalog of failures with their texts. */
export function presentFailures(): z.output<(typeof contract.failures.response)[200]> {
  return {
    items: failureCatalog().map(({ appleNumbers, reasons, intuneNumbers, ...failure }) => ({
      ...failure,
      text: causeSentence(failure.code),
      advice: adviceSentence(adviceForFailure[failure.code]),
      appleNumbers: [...appleNumbers],
      reasons: [...reasons],
      intuneNumbers: [...intuneNumbers],
    })),
  }
}

/** Why an installation stands as it does, with the numbers that other systems show for it. */
export function presentCause(cause: Cause): ShownCause {
  const { code, word = null, errors = [] } = cause
  const failure: FailureCode | undefined = failureCodes.find((each) => each === code)
  return {
    code,
    text: causeSentence(code),
    word,
    errors: errors.map((error) => ({ ...error })),
    intuneNumber: failure === undefined ? null : intuneNumber(failure, appleNumberIn(errors)),
  }
}
