/**
 * Apple's certificate for waking devices: asked for with a signing request whose key never leaves the server, or brought
 * along with its key. Devices know its topic and never change it, so that another topic is taken only when it is said
 * explicitly.
 */
import { createPrivateKey, generateKeyPair, type KeyObject, sign } from 'node:crypto'
import { promisify } from 'node:util'
import { sql } from 'kysely'
import { record } from '../audit/record.ts'
import type { SignedIn } from '../platform/auth/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import type { SecretBox } from '../platform/secrets.ts'
import { bitString, inContext, integer, nothing, oid, sequence, setOf, utf8 } from './der-write.ts'
import { type PushFile, type PushUpload, readPushUpload } from './push-file.ts'
import {
  deleteSigningRequest,
  findSigningRequest,
  insertSigningRequest,
  listPushCertificates,
  type PushCertificateRow,
  putPushCertificate,
  type SigningRequestRow,
} from './push-store.ts'

/** What making and uploading push certificates touches. */
export interface PushPorts {
  readonly db: Db
  readonly clock: Pick<Clock, 'now'>
  readonly secretBox: SecretBox
}

const requestKey = 'push-signing-request'
const makeKeys = promisify(generateKeyPair)

/**
 * Makes a key and the signing request for it. Throws Refusal `push.request_open` when there is one already, unless it is
 * to be replaced: a certificate that Apple gave for the old one could not be used any more.
 */
export async function makeSigningRequest(
  { db, clock, secretBox }: PushPorts,
  actor: SignedIn,
  { replace }: { readonly replace: boolean },
): Promise<SigningRequestRow> {
  const { publicKey, privateKey } = await makeKeys('rsa', { modulusLength: 2048 })
  const row = {
    request: signingRequest(publicKey.export({ type: 'spki', format: 'der' }), privateKey),
    privateKey: secretBox.seal(privateKey.export({ type: 'pkcs8', format: 'der' }), requestKey),
    createdAt: clock.now(),
  }
  await inTransaction(db, async (tx) => {
    if (replace) await deleteSigningRequest(tx)
    if (!(await insertSigningRequest(tx, row))) throw requestOpen()
    const subject = { kind: 'push_certificate', id: null }
    await record(tx, { actor, action: 'push_certificate.requested', subject, at: row.createdAt })
  })
  return row
}

const requestOpen = (): Refusal =>
  new Refusal(
    'push.request_open',
    'A signing request waits for its certificate already. Download it again, or replace it: a certificate that Apple gives for the old one is then of no use.',
  )

/** The open one. Throws Refusal `push.request_unknown`. */
export async function openSigningRequest({ db }: PushPorts): Promise<SigningRequestRow> {
  const row = await findSigningRequest(db)
  if (row !== undefined) return row
  throw new Refusal('push.request_unknown', 'No signing request waits for its certificate. Make one first.')
}

/** PKCS #10 (RFC 2986), as PEM. */
function signingRequest(publicKey: Buffer, privateKey: KeyObject): string {
  const name = sequence(setOf(sequence(oid('2.5.4.3'), utf8('Apportion push certificate'))))
  const asked = sequence(integer(0), name, publicKey, inContext(0))
  const signature = sign('sha256', asked, privateKey)
  const request = sequence(asked, sequence(oid('1.2.840.113549.1.1.11'), nothing), bitString(signature))
  const lines = request.toString('base64').match(/.{1,64}/g) ?? []
  return `-----BEGIN CERTIFICATE REQUEST-----\n${lines.join('\n')}\n-----END CERTIFICATE REQUEST-----\n`
}

/** A certificate that was taken into use. */
export interface UploadedPush {
  readonly row: PushCertificateRow
  /** Whether devices that enroll now get it. */
  readonly isCurrent: boolean
  /** Whether it took the place of one with the same topic. */
  readonly renewed: boolean
}

/**
 * Takes a certificate into use. Throws Refusal: what `readPushUpload` throws, `push.not_valid_now`, `push.no_key`,
 * `push.wrong_key`, `push.another_topic`.
 */
export async function uploadPushCertificate(
  { db, clock, secretBox }: PushPorts,
  actor: SignedIn,
  { upload, newTopic }: { readonly upload: PushUpload; readonly newTopic: boolean },
): Promise<UploadedPush> {
  const file = readPushUpload(upload)
  const now = clock.now()
  checkTimes(file, now)
  return await inTransaction(db, async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(hashtext('push_certificates'))`.execute(tx)
    const known = await listPushCertificates(tx)
    const before = known.find(({ topic }) => topic === file.topic)
    const renewed = before !== undefined
    const [current] = known
    if (current !== undefined && !renewed && !newTopic) throw anotherTopic(file, current)
    const isCurrent = before === undefined || before === current
    const key = await keyFor(tx, secretBox, file)
    await putPushCertificate(tx, {
      topic: file.topic,
      certificate: file.pem,
      privateKey: secretBox.seal(key.export({ type: 'pkcs8', format: 'der' }), `push-key:${file.topic}`),
      notBefore: file.certificate.validFromDate,
      notAfter: file.certificate.validToDate,
      // One that was followed by another topic is not put in front again; whoever pushes with it still notices.
      uploadedAt: isCurrent ? now : new Date(before.uploadedAt.getTime() + 1),
    })
    const row = (await listPushCertificates(tx)).find(({ topic }) => topic === file.topic)
    if (row === undefined) throw new Error('A push certificate that was just stored is not there')
    await record(tx, {
      actor,
      action: renewed ? 'push_certificate.renewed' : 'push_certificate.uploaded',
      subject: { kind: 'push_certificate', id: file.topic },
      details: { expiresAt: row.notAfter.toISOString() },
      at: now,
    })
    return { row, renewed, isCurrent }
  })
}

function checkTimes({ certificate }: PushFile, now: Date): void {
  const { validFromDate: from, validToDate: to } = certificate
  if (from <= now && now < to) return
  const [start, end] = [from, to].map((moment) => moment.toISOString().slice(0, 10))
  const advice = to <= now ? 'Renew it at Apple and upload the new one.' : 'Check the clock of the server.'
  throw new Refusal('push.not_valid_now', `The certificate is valid from ${start} to ${end}. ${advice}`)
}

function anotherTopic(file: PushFile, current: PushCertificateRow): Refusal {
  const { topic, enrollments } = current
  return new Refusal(
    'push.another_topic',
    `This certificate has the topic ${file.topic}, the present one ${topic}. With another topic ${enrollments} devices would have to enroll again. At Apple, renew the present certificate with the Apple Account that it belongs to, or say explicitly that a new topic is wanted.`,
    { topic: file.topic, currentTopic: topic, enrollments },
  )
}

/** The key that came along, or that of the open signing request, which is then done with. */
async function keyFor(tx: Tx, secretBox: SecretBox, file: PushFile): Promise<KeyObject> {
  if (file.privateKey !== undefined) {
    if (file.certificate.checkPrivateKey(file.privateKey)) return file.privateKey
    throw new Refusal(
      'push.wrong_key',
      'The key is not that of the certificate. Upload the two that belong together.',
    )
  }
  const request = await findSigningRequest(tx)
  if (request === undefined) {
    throw new Refusal(
      'push.no_key',
      'The certificate came without its key, and no signing request waits for one. Upload the key too, as PEM or in a PKCS #12 file, or make a signing request here and give that to Apple.',
    )
  }
  const key = secretBox.open(request.privateKey, requestKey)
  const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' })
  if (!file.certificate.checkPrivateKey(privateKey)) {
    throw new Refusal(
      'push.wrong_key',
      `The certificate is not for the signing request of ${request.createdAt.toISOString().slice(0, 10)}. Give that request to Apple, or upload the certificate with its own key.`,
    )
  }
  await deleteSigningRequest(tx)
  return privateKey
}
