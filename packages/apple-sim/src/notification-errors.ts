/** How a notification tells that its elements failed; Apple's pages and its clients do not agree on it. */
import type { ApiError, Assignment, ErrorInfo, ResponseUser } from '@apportion/apple-wire/messages'
import type { UserTask } from './event.ts'
import type { OpenQuestions } from './open-questions.ts'
import { apiError, type KnownErrorNumber } from './refusal.ts'

/** One error for all elements of the notification, or the same in a list. */
export type ErrorFields = { readonly error?: ApiError; readonly failures?: readonly ApiError[] }

/** Nothing for a success; `info` is what failed, shown only when the knob says so. */
export function errorFields(
  { notificationErrorInfo, notificationErrors }: OpenQuestions,
  errorNumber: KnownErrorNumber | undefined,
  info: ErrorInfo,
): ErrorFields {
  if (errorNumber === undefined) return {}
  const error = apiError(errorNumber, notificationErrorInfo ? info : undefined)
  return notificationErrors === 'error' ? { error } : { failures: [error] }
}

/** What failed, in the lists that a status has too. */
export function infoOf(assignments: readonly Assignment[]): ErrorInfo {
  const [first] = assignments
  const clientUserIds = assignments.flatMap(({ clientUserId }) => clientUserId ?? [])
  const serialNumbers = assignments.flatMap(({ serialNumber }) => serialNumber ?? [])
  return {
    // A notification is about one asset.
    ...(first && { assets: [{ adamId: first.adamId ?? '', pricingParam: first.pricingParam ?? 'STDQ' }] }),
    ...(clientUserIds.length > 0 && { clientUserIds }),
    ...(serialNumbers.length > 0 && { serialNumbers }),
  }
}

/** The `users` of a USER_MANAGEMENT whose tasks failed. */
export function failedUsers(
  { failedUsers: shown }: OpenQuestions,
  tasks: readonly UserTask[],
): readonly (Pick<ResponseUser, 'clientUserId'> & UserTask)[] {
  if (shown === 'none') return []
  return shown === 'id' ? tasks.map(({ clientUserId }) => ({ clientUserId })) : tasks
}
