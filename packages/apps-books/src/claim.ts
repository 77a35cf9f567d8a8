/**
 * Who manages an organizational unit, and the requests that claim it and let it go.
 *
 * Apple keeps one `mdmInfo` for each unit and shows it in every answer. The last writer wins, without any
 * compare-and-swap: look before claiming, show the holder, ask a person.
 */
import type { ClientConfigRequest, Envelope, MdmInfo, NotificationType } from '@apportion/apple-wire/messages'

/**
 * - `unknown`: the answer tells nothing, as those without a token
 * - `nobody`: the unit was never claimed, or let go
 * - `us`
 * - `other`: another service; no more commands until a person decides to take over
 */
export type Holder =
  | { readonly kind: 'unknown' | 'nobody' | 'us' }
  | { readonly kind: 'other'; readonly mdmInfo: MdmInfo }

/**
 * Who holds the unit, as one answer tells. Only an authenticated answer (one with a `uId`) can say that nobody does.
 *
 * @param ourId the `id` that we claimed the unit with; `undefined` when we never did
 */
export function holderOf(envelope: Envelope | undefined, ourId: string | undefined): Holder {
  const mdmInfo = envelope?.mdmInfo ?? undefined
  if (mdmInfo === undefined) return { kind: envelope?.uId === undefined ? 'unknown' : 'nobody' }
  // A released claim is kept as texts without content, since no answer can take mdmInfo away again.
  if (RELEASED.id === mdmInfo.id) return { kind: 'nobody' }
  if (ourId !== undefined && mdmInfo.id?.toLowerCase() === ourId.toLowerCase()) return { kind: 'us' }
  return { kind: 'other', mdmInfo }
}

/** Where Apple is to send what happens at the unit. */
export interface NotificationTarget {
  readonly url: string
  readonly authToken: string
  readonly types: readonly NotificationType[]
}

/** Claims the unit for us, or takes it over: the request is the same, the question before it is not. */
export function claimRequest(
  mdmInfo: Required<MdmInfo>,
  notifications: NotificationTarget | undefined,
): ClientConfigRequest {
  if (notifications === undefined) return { mdmInfo, notificationTypes: [] }
  const { url, authToken, types } = notifications
  return { mdmInfo, notificationUrl: url, notificationAuthToken: authToken, notificationTypes: types }
}

/** What stands in `mdmInfo` of a unit that was let go: the nil UUID, which no service can have drawn. */
export const RELEASED: Required<MdmInfo> = {
  id: '00000000-0000-0000-0000-000000000000',
  name: 'released',
  metadata: 'managed by nobody',
}

/**
 * Lets go of a unit that we hold.
 *
 * Apple asks to update `mdmInfo` on leaving and tells no way to empty it: incomplete info is refused (9723), and
 * whether leaving it out clears it is not documented. So the claim is overwritten by one that tells every reader that
 * nobody holds the unit, and all notifications are unsubscribed. The address is left out: Apple would try it again,
 * and refuses one without a token (9710). The unit's licenses and users stay as they are.
 *
 * @returns `undefined` when the unit is not ours to release: another's claim is never overwritten by leaving
 */
export function releaseRequest(
  holder: Holder,
  note: Partial<Pick<MdmInfo, 'name' | 'metadata'>> = {},
): ClientConfigRequest | undefined {
  if (holder.kind !== 'us') return undefined
  return { mdmInfo: { ...RELEASED, ...note }, notificationTypes: [] }
}
