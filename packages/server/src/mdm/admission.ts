/**
 * What is looked at before a message is worth its work: how often its certificate asks, and for a large one, before it is
 * read, whether the certificate may say anything at all.
 */
import type { IncomingMessage } from 'node:http'
import { messageVerdict } from '@apportion/core/devices/message-verdict'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db/database.ts'
import { MessageRefused } from './device-reply.ts'
import { identify } from './identify.ts'
import { createRequestLimit } from './request-limit.ts'

/** Counts what each certificate asks. */
export interface Admission {
  /** A message of the certificate with this fingerprint. @throws MessageRefused `too_many` */
  countMessage(fingerprint: Buffer): void
  /** Whether a body of this request may be read. @throws MessageRefused */
  beforeBody(request: IncomingMessage, fingerprint: Buffer): Promise<void>
}

/** For one certificate, by this process: a device in a lively conversation sends about a hundred a minute. */
const messageRule = { most: 600, windowMs: 60_000 }
/** Authenticate waits for the turn of the whole directory; a device sends it once for each profile. */
export const authenticateRule = { most: 10, windowMs: 3_600_000 }

/** Bytes up to which a body is read before the database is asked about its sender: that of nearly every message. */
const smallBody = 64 * 1024

/** Nothing is counted yet. */
export function createAdmission({
  db,
  clock,
}: {
  readonly db: Db
  readonly clock: Pick<Clock, 'now'>
}): Admission {
  const messages = createRequestLimit(clock, messageRule)
  return {
    countMessage(fingerprint) {
      if (!messages.count(fingerprint.toString('hex'))) throw new MessageRefused('too_many')
    },
    async beforeBody({ headers }, fingerprint) {
      // Without an announced length it is NaN, and not small.
      if (Number(headers['content-length']) <= smallBody) return
      const speaker = await identify(db, fingerprint)
      const identifier = speaker?.enrollment?.identifier ?? ''
      const verdict = messageVerdict(speaker, { type: '', identifier })
      if (!verdict.accepted) throw new MessageRefused(verdict.refusal)
    },
  }
}
