/**
 * Takes the codes of invitations out of what Apple posts before it is stored: whoever has one could join in the person's
 * place (invariant 7).
 */
import type { Notification } from '@apportion/apple-wire/messages'
import type { SecretBox } from '../platform/secrets.ts'

/** Where an invitation is sealed to: one moved to another person's row does not open. */
export const invitationContext = (uid: string, clientUserId: string): string =>
  `invitation:${uid}:${clientUserId}`

/** The code of an invitation sealed, as Base64. */
export function sealInvitation(
  secrets: Pick<SecretBox, 'seal'>,
  { uid, clientUserId, inviteCode }: { uid: string; clientUserId: string; inviteCode: string },
): string {
  return secrets.seal(inviteCode, invitationContext(uid, clientUserId)).toString('base64')
}

/** The notification with each code sealed, as Base64; of a shape that nobody documents, without it. */
export function withSealedInvitations(
  secrets: Pick<SecretBox, 'seal'>,
  notification: Notification,
): Notification {
  const { uId: uid, notification: content } = notification
  return { ...notification, notification: sealedIn({ secrets, uid }, content) }
}

interface Sealing {
  readonly secrets: Pick<SecretBox, 'seal'>
  readonly uid: string
}

function sealedIn(sealing: Sealing, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((element) => sealedIn(sealing, element))
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).flatMap(([key, content]): [string, unknown][] => {
    if (key !== 'inviteCode') return [[key, sealedIn(sealing, content)]]
    const clientUserId: unknown = Reflect.get(value, 'clientUserId')
    if (typeof content !== 'string' || typeof clientUserId !== 'string') return []
    const sealed = sealInvitation(sealing.secrets, { uid: sealing.uid, clientUserId, inviteCode: content })
    return [[key, sealed]]
  })
  return Object.fromEntries(fields)
}
