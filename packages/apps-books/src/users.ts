/** Registering users: requests of a size that Apple takes, and the invitation that a new user has to open. */
import type { ServiceConfigResponse } from '@apportion/apple-wire/messages'
import type { ManageUsersRequest, UserRequest } from '@apportion/apple-wire/user-requests'

/**
 * The users in requests of at most `maxUsers` (a limit of the service config), in their order.
 *
 * @throws {TypeError} when a user is named twice, which Apple refuses with 9715
 */
export function inUserRequests(users: readonly UserRequest[], maxUsers: number): ManageUsersRequest[] {
  const seen = new Set<string>()
  for (const { clientUserId } of users) {
    if (seen.has(clientUserId)) throw new TypeError(`The user "${clientUserId}" is named twice`)
    seen.add(clientUserId)
  }
  const requests: ManageUsersRequest[] = []
  for (let from = 0; from < users.length; from += maxUsers) {
    requests.push({ users: users.slice(from, from + maxUsers) })
  }
  return requests
}

/** Where Apple marks the place of the code in the service config's template. */
const PLACE_OF_CODE = '%25inviteCode%25'

/**
 * The page on which a registered user accepts the invitation; `undefined` when the service config has no template.
 * Version 2 gives the code alone, no address.
 */
export function invitationUrl(config: ServiceConfigResponse, inviteCode: string): string | undefined {
  const template: unknown = config.urls?.invitationEmail
  if (typeof template !== 'string' || !template.includes(PLACE_OF_CODE)) return undefined
  return template.replaceAll(PLACE_OF_CODE, encodeURIComponent(inviteCode))
}
