/** Takes the check-in messages of devices: enrolling, telling how to be woken, leaving (MDM protocol, D1). */
import {
  type Authenticate,
  type CheckIn,
  enrollmentIdentifier,
  readCheckIn,
  type TokenUpdate,
} from '@apportion/apple-wire/mdm-check-in'
import type { PlistDict } from '@apportion/apple-wire/plist'
import { enrollingVerdict } from '@apportion/core/devices/message-verdict'
import type { DeviceListener } from '../devices/channel.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import type { NewId } from '../platform/ids.ts'
import type { SecretBox } from '../platform/secrets.ts'
import { authenticate } from './authenticate.ts'
import { replyOfDeclarations } from './declarations.ts'
import { type DeviceReply, dictReply, MessageRefused, nothing } from './device-reply.ts'
import {
  devicesThemselves,
  endEnrollment,
  endOthersOfDevice,
  findBegun,
  isOurTopic,
  lockOthers,
  recordEnrollment,
  storePushAddress,
} from './enrollments.ts'
import { type Claimed, identifySpeaker, lockEnrollment, type Speaker } from './identify.ts'
import type { RequestLimit } from './request-limit.ts'
import { ReplacementRefused, recordReplacementRefused, refuseWhereOneStands } from './standing.ts'
import { takeStatus } from './status.ts'

/** What the messages of devices touch. */
export interface DeviceMessagePorts {
  readonly db: Db
  readonly secrets: SecretBox
  readonly newId: NewId
  /** Told in the transaction of the message, in this order. */
  readonly listeners: readonly DeviceListener[]
  /** The origin under which devices reach this server. */
  readonly url: URL
  readonly log: {
    warn(facts: object, message: string): void
    error(facts: object, message: string): void
  }
}

/** What check-in messages touch beside that. */
export interface CheckInPorts extends DeviceMessagePorts {
  /** By the fingerprint of the certificate, in hexadecimal. */
  readonly authenticates: RequestLimit
}

/** A message whose signature was found good. */
export interface ProvenMessage {
  /** SHA-256 of the DER of the certificate that signed it. */
  readonly fingerprint: Uint8Array
  readonly dict: PlistDict
  readonly at: Date
}

/** A check-in message that names who sends it. */
export interface CheckInMessage extends ProvenMessage {
  readonly claimed: Claimed
  readonly kind: 'device' | 'user'
}

/** Takes one check-in message; what it changes is committed before the answer is given. @throws MessageRefused */
export async function checkIn(ports: CheckInPorts, message: ProvenMessage): Promise<DeviceReply> {
  const sender = enrollmentIdentifier(message.dict)
  const content = readCheckIn(message.dict)
  if (sender === undefined || content === undefined) throw new MessageRefused('malformed')
  const claimed = { type: content.type, identifier: sender.identifier }
  const known = { ...message, claimed, kind: sender.kind }
  // Whether the device may speak at all comes before what it says, and before anybody waits for a lock.
  const speaker = await identifySpeaker(ports.db, message.fingerprint, claimed)
  if (sender.userPart !== undefined) return ofPerson(content)
  switch (content.type) {
    case 'Authenticate':
      return await authenticated(ports, known, content)
    case 'TokenUpdate':
      return await tokenUpdated(ports, known, content)
    case 'CheckOut':
      // One that came before: the device did not hear our answer.
      return speaker.enrollment?.state === 'left' ? nothing : await checkedOut(ports, known)
    case 'DeclarativeManagement':
      return await declarative(ports, { ...known, speaker, content })
    default:
      return ofOther(content)
  }
}

/** Messages about a person on the device: we manage devices alone, and say so where Apple has a word for it. */
function ofPerson({ type }: CheckIn): DeviceReply {
  if (type === 'CheckOut') return nothing
  return type === 'UserAuthenticate' || type === 'TokenUpdate'
    ? { status: 410 }
    : ofOther({ type: 'unknown', messageType: type })
}

/** Messages that we offer nothing for, each declined as Apple says. */
function ofOther({ type }: CheckIn): DeviceReply {
  switch (type) {
    case 'UserAuthenticate':
      return { status: 410 }
    case 'SetBootstrapToken':
    case 'GetBootstrapToken':
      return nothing
    case 'ReturnToService':
      return dictReply({ ReturnToService: { Enabled: false } })
    case 'DeclarativeManagement':
      return { status: 404 }
    default:
      return { status: 400 }
  }
}

/** What a device is to hold, and how it says that it stands; 404 for one that was never told to hold anything. */
async function declarative(
  ports: DeviceMessagePorts,
  {
    speaker,
    content: { endpoint = '', data },
    fingerprint,
    claimed,
    at,
  }: CheckInMessage & {
    readonly speaker: Speaker
    readonly content: Extract<CheckIn, { readonly type: 'DeclarativeManagement' }>
  },
): Promise<DeviceReply> {
  const { db, listeners } = ports
  const enrollmentId = speaker.enrollment?.id
  if (enrollmentId === undefined) return { status: 404 }
  if (endpoint !== 'status') return await replyOfDeclarations(ports, { enrollmentId, endpoint, at })
  await inTransaction(db, async (tx) => {
    const { id, deviceId, kind, ownership } = await lockEnrollment(tx, fingerprint, claimed)
    await takeStatus(tx, listeners, { enrollment: { id, deviceId, kind, ownership }, data, at })
  })
  return nothing
}

async function authenticated(
  ports: CheckInPorts,
  message: CheckInMessage,
  content: Authenticate,
): Promise<DeviceReply> {
  const isWorthIt = ports.authenticates.count(Buffer.from(message.fingerprint).toString('hex'))
  if (!isWorthIt) throw new MessageRefused('too_many_authenticates')
  await unlessOneStands(ports, message, (tx) => authenticate(tx, ports, { ...message, content }))
  return nothing
}

/** Apple promises no length: bytes of a token, of which devices have 32 today, and characters of a magic, a UUID today. */
const largestPushAddress = { token: 256, magic: 256 }

async function tokenUpdated(
  ports: DeviceMessagePorts,
  message: CheckInMessage,
  content: TokenUpdate,
): Promise<DeviceReply> {
  const { token, pushMagic } = content
  const isTooLarge = token.length > largestPushAddress.token || pushMagic.length > largestPushAddress.magic
  if (isTooLarge) throw new MessageRefused('malformed')
  await unlessOneStands(ports, message, (tx) => completeEnrollment(tx, ports, { ...message, content }))
  return nothing
}

/** Of a refusal nothing stays but that it is known. */
async function unlessOneStands(
  { db }: DeviceMessagePorts,
  { at }: CheckInMessage,
  work: (tx: Tx) => Promise<void>,
): Promise<void> {
  try {
    await inTransaction(db, work)
  } catch (error) {
    if (error instanceof ReplacementRefused) {
      await inTransaction(db, (tx) => recordReplacementRefused(tx, error, at))
    }
    throw error
  }
}

/** The first TokenUpdate after Authenticate completes the enrollment; later ones change how the device is woken. */
async function completeEnrollment(
  tx: Tx,
  ports: DeviceMessagePorts,
  { fingerprint, claimed, content, at }: CheckInMessage & { readonly content: TokenUpdate },
): Promise<void> {
  const enrollment = await lockEnrollment(tx, fingerprint, claimed)
  if (!(await isOurTopic(tx, content.topic))) throw new MessageRefused('topic_unknown')
  const { id, deviceId, kind, ownership } = enrollment
  const isFirst = enrollment.state === 'authenticated'
  const begun = isFirst ? await findBegun(tx, { id, fingerprint }) : undefined
  const verdict = begun === undefined ? undefined : enrollingVerdict(begun, at)
  if (verdict?.accepted === false) throw new MessageRefused(verdict.refusal)
  if (isFirst && deviceId !== null) {
    await lockOthers(tx, { than: id, identifier: null, deviceId })
    await refuseWhereOneStands(tx, { own: id, fingerprint })
    await endOthersOfDevice(tx, ports, { id, deviceId, at })
  }
  const address = {
    topic: content.topic,
    token: content.token,
    magic: content.pushMagic,
    awaitingConfiguration: content.awaitingConfiguration,
  }
  await storePushAddress(tx, ports.secrets, { id, address, at })
  if (!isFirst) return
  for (const listener of ports.listeners) await listener.enrolled?.(tx, { id, deviceId, kind, ownership }, at)
  const { identifier } = claimed
  const entry = {
    actor: devicesThemselves,
    action: 'enrollment.completed',
    id,
    identifier,
    serial: null,
    at,
    ownership,
  }
  await recordEnrollment(tx, entry)
}

async function checkedOut(
  ports: DeviceMessagePorts,
  { fingerprint, claimed, at }: CheckInMessage,
): Promise<DeviceReply> {
  await inTransaction(ports.db, async (tx) => {
    const enrollment = await lockEnrollment(tx, fingerprint, claimed)
    const { id, deviceId, kind, ownership } = enrollment
    await endEnrollment(tx, ports, {
      enrollment: { id, deviceId, kind, ownership },
      cause: 'checked_out',
      at,
    })
  })
  return nothing
}
