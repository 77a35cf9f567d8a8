/**
 * What a device is answered. It leaves management on a 401 and on a 403 that names it unrecognized (invariant 8): the
 * first is never sent, the second only to one that an administrator removed.
 */
import { type PlistDict, writePlist } from '@apportion/apple-wire/plist'
import type { MessageRefusal } from '@apportion/core/devices/message-verdict'

/** An answer over HTTP. Without a text the body is empty, which says "nothing to do". */
export interface DeviceReply {
  readonly status: 200 | 400 | 403 | 404 | 410 | 413 | 429 | 500
  readonly contentType?: string
  readonly text?: string
  /** Beside the type and the length. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Done, and nothing more to say. */
export const nothing: DeviceReply = { status: 200 }

/** `text` is a property list. */
export function plistReply(text: string): DeviceReply {
  return { status: 200, contentType: 'application/xml; charset=UTF-8', text }
}

/** JSON, as declarative management speaks. */
export function jsonReply(value: unknown): DeviceReply {
  return { status: 200, contentType: 'application/json', text: JSON.stringify(value) }
}

/** A dictionary as an answer to a check-in message. */
export function dictReply(dict: PlistDict): DeviceReply {
  return plistReply(writePlist(dict))
}

/** Why a message is not taken, besides what the certificate says. */
export type RefusedFor =
  | MessageRefusal
  /** The message cannot be read, or lacks what its kind needs. */
  | 'malformed'
  /** It names a topic that no push certificate of ours has. */
  | 'topic_unknown'
  /** The profile was made for a device with another serial number. */
  | 'other_serial_number'
  /** A device that it claims to be is under management, and the link is not for it. */
  | 'enrolled_already'
  /** The certificate asks more often than any device does. */
  | 'too_many'
  | 'too_many_authenticates'

/** A message that is not taken. Nothing was changed by it. */
export class MessageRefused extends Error {
  override readonly name = 'MessageRefused'
  readonly reason: RefusedFor

  constructor(reason: RefusedFor) {
    super(`The message of a device was refused: ${reason}`)
    this.reason = reason
  }
}

const refusals: Readonly<Record<RefusedFor, DeviceReply>> = {
  malformed: { status: 400 },
  topic_unknown: { status: 400 },
  certificate_unknown: { status: 400 },
  certificate_revoked: { status: 400 },
  certificate_superseded: { status: 403 },
  not_authenticated: { status: 403 },
  other_device: { status: 403 },
  other_serial_number: { status: 403 },
  enrolled_already: { status: 403 },
  left: { status: 403 },
  link_revoked: { status: 403 },
  enrolled_too_late: { status: 403 },
  too_many: { status: 429, headers: { 'retry-after': '60' } },
  too_many_authenticates: { status: 429, headers: { 'retry-after': '3600' } },
  removed: {
    status: 403,
    contentType: 'application/json',
    text: JSON.stringify({ code: 'com.apple.unrecognized.device' }),
  },
}

/** The answer to a message that is not taken. */
export function refusalReply(reason: RefusedFor): DeviceReply {
  return refusals[reason]
}
