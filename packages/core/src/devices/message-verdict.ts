/**
 * Whether a device may say what it says: the certificate that proves it, against the enrollment that it speaks for.
 *
 * A certificate of ours is not enough: a device that holds one of its own must not speak for another. A certificate is
 * tied to a new enrollment by Authenticate alone; one that renews is tied to its enrollment since it was issued.
 */

export type CertificateState = 'issued' | 'pinned' | 'superseded' | 'revoked'

/** The certificate as we issued it, with the enrollment that it is tied to, or is to renew. */
export interface KnownCertificate {
  readonly state: CertificateState
  readonly enrollment: KnownEnrollment | null
}

export interface KnownEnrollment {
  readonly identifier: string
  /** Null while it is under management. */
  readonly leftCause: string | null
}

export type MessageRefusal =
  /** We never issued it, or took it back. */
  | 'certificate_unknown'
  | 'certificate_revoked'
  /** A newer one took its place. */
  | 'certificate_superseded'
  /** A message before Authenticate. */
  | 'not_authenticated'
  /** It belongs to another device than the message names. */
  | 'other_device'
  /** The enrollment has ended by itself. */
  | 'left'
  /** An administrator took the device out of management: it is told so, and leaves. */
  | 'removed'
  /** The link that gave the profile was revoked, or removed with its person. */
  | 'link_revoked'
  /** It waited too long on its way. */
  | 'enrolled_too_late'

export type MessageVerdict =
  | { readonly accepted: true }
  | { readonly accepted: false; readonly refusal: MessageRefusal }

const accepted: MessageVerdict = { accepted: true }
const refused = (refusal: MessageRefusal): MessageVerdict => ({ accepted: false, refusal })

/** `certificate` is undefined when it is none that we issued. */
export function messageVerdict(
  certificate: KnownCertificate | undefined,
  message: { readonly type: string; readonly identifier: string },
): MessageVerdict {
  if (certificate === undefined) return refused('certificate_unknown')
  const { state, enrollment } = certificate
  if (enrollment !== null && enrollment.leftCause !== null) return ofOneThatLeft(enrollment, message)
  if (state === 'revoked') return refused('certificate_revoked')
  if (state === 'superseded') return refused('certificate_superseded')
  if (enrollment !== null && enrollment.identifier !== message.identifier) return refused('other_device')
  // A renewal was issued for this very enrollment, so that it speaks for it from its first word.
  if (enrollment !== null) return accepted
  return state === 'issued' && message.type === 'Authenticate' ? accepted : refused('not_authenticated')
}

/** A CheckOut may come again: the device did not hear our answer. */
function ofOneThatLeft(
  { identifier, leftCause }: KnownEnrollment,
  message: { readonly type: string; readonly identifier: string },
): MessageVerdict {
  if (identifier !== message.identifier) return refused('other_device')
  if (leftCause === 'removed_by_administrator') return refused('removed')
  return leftCause === 'checked_out' && message.type === 'CheckOut' ? accepted : refused('left')
}

/** Milliseconds: a device enrolls within a minute of getting its certificate; a day leaves room for one that was off. */
const enrollsWithin = 24 * 3_600_000

/**
 * Whether a device may take the next step of enrolling at `at`, whatever the end of its certificate says: its first word,
 * `since` its certificate was issued, or the word that completes it, `since` the first.
 */
export function enrollingVerdict(
  { linkStands, since }: { readonly linkStands: boolean; readonly since: Date },
  at: Date,
): MessageVerdict {
  if (!linkStands) return refused('link_revoked')
  return at.getTime() - since.getTime() <= enrollsWithin ? accepted : refused('enrolled_too_late')
}
