/** How installations look outside. */
import {
  appleNumberIn,
  type FailureCode,
  failureCodes,
  intuneNumber,
} from '@apportion/core/installs/failures'
import type { Cause } from '@apportion/core/installs/install'
import { causeSentence } from '@apportion/core/installs/sentences'
import type { z } from 'zod'
import type * as contract from './schema.ts'

type ShownInstall = z.output<(typeof contract.deviceInstalls.response)[200]>['items'][number]
type ShownCause = NonNullable<ShownInstall['cause']>

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
