/**
 * Gives devices the files of their assets (D6), each only to the enrollment for which it is declared. A device proves who
 * it is as with a message: by a signature over the body, which is empty, or by the certificate that a proxy passes on.
 */
import type { IncomingMessage } from 'node:http'
import { messageVerdict } from '@apportion/core/devices/message-verdict'
import type { DeviceListener } from '../devices/channel.ts'
import type { Db } from '../platform/db/database.ts'
import type { Admission } from './admission.ts'
import { assetOf } from './declarations.ts'
import { type DeviceAnswer, plainText } from './device-http.ts'
import { MessageRefused } from './device-reply.ts'
import { identify } from './identify.ts'
import type { DeviceProof } from './prove-device.ts'

/** What giving files to devices touches. */
export interface AssetPorts {
  readonly db: Db
  readonly listeners: readonly DeviceListener[]
  readonly proof: DeviceProof
  readonly admission: Admission
}

/** The file, or 404 for whatever is not declared for who asks. @throws SignatureRefused, MessageRefused */
export async function answerAsset(
  { db, listeners, proof, admission }: AssetPorts,
  request: IncomingMessage,
  identifier: string,
): Promise<DeviceAnswer> {
  const proven = await proof.open(request)
  proven.check(new Uint8Array())
  const { fingerprint } = proven.identity
  admission.countMessage(fingerprint)
  const enrollmentId = await enrollmentOf(db, fingerprint)
  const content = await assetOf({ db, listeners }, { enrollmentId, identifier })
  if (content === undefined) return plainText(404, 'There is nothing at this address.\n')
  return { status: 200, contentType: content.mediaType, body: Buffer.from(content.bytes) }
}

/** The request names no device: the certificate alone says whose it is. */
async function enrollmentOf(db: Db, fingerprint: Uint8Array): Promise<number> {
  const speaker = await identify(db, fingerprint)
  const enrollment = speaker?.enrollment ?? null
  const verdict = messageVerdict(speaker, { type: 'asset', identifier: enrollment?.identifier ?? '' })
  if (!verdict.accepted) throw new MessageRefused(verdict.refusal)
  if (enrollment === null) throw new MessageRefused('not_authenticated')
  return enrollment.id
}
