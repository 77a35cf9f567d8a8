/**
 * Takes the reports of devices and gives them their next command (MDM protocol, D1).
 *
 * A device that asks and has nothing waiting costs one query. An answer is stored, told to whoever asked, and committed
 * before the next command leaves, so that nothing is lost and nothing is heard twice.
 */
import { enrollmentIdentifier } from '@apportion/apple-wire/mdm-check-in'
import { type Report, type ReportStatus, readReport } from '@apportion/apple-wire/mdm-report'
import { type ConversationState, nextWake } from '@apportion/core/devices/waking'
import { sql } from 'kysely'
import { storableText } from '../audit/chain.ts'
import type { CommandAnswer, DeviceError, Enrolled } from '../devices/channel.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { parseUuid } from '../platform/ids.ts'
import type { DeviceMessagePorts, ProvenMessage } from './check-in.ts'
import { areFactsDue, askForFacts } from './device-facts.ts'
import { type DeviceReply, MessageRefused, nothing, plistReply } from './device-reply.ts'
import { type Claimed, type EnrollmentRow, identifySpeaker, lockEnrollment } from './identify.ts'
import {
  type NextCommand,
  offerAgain,
  putOffCommand,
  type SettledState,
  settleCommand,
  takeNextCommand,
} from './queue.ts'

/** How far the stored moment of the last message may lag behind. */
const seenPrecision = 5 * 60_000

/** Takes one report and gives the next command, if there is one. @throws MessageRefused */
export async function connect(ports: DeviceMessagePorts, message: ProvenMessage): Promise<DeviceReply> {
  const { fingerprint, at } = message
  const sender = enrollmentIdentifier(message.dict)
  const report = readReport(message.dict)
  if (sender === undefined || report === undefined) throw new MessageRefused('malformed')
  const claimed = { type: report.status, identifier: sender.identifier }
  const { enrollment, state, waiting } = await identifySpeaker(ports.db, fingerprint, claimed)
  // Nothing is ever queued for a person on a device.
  if (enrollment === null || sender.userPart !== undefined) return nothing
  const isTied = state === 'pinned'
  const isIdle = isTied && report.status === 'Idle' && !waiting && enrollment.wakeAt === null
  if (isIdle && !areFactsDue(enrollment, at)) {
    await noteSeen(ports.db, enrollment, at)
    return nothing
  }
  const next = await inTransaction(ports.db, (tx) =>
    converse(tx, ports, { fingerprint, claimed, report, at }),
  )
  return next.payload === null ? nothing : plistReply(next.payload)
}

interface Conversation {
  readonly fingerprint: Uint8Array
  readonly claimed: Claimed
  readonly report: Report
  readonly at: Date
}

async function converse(
  tx: Tx,
  ports: DeviceMessagePorts,
  { fingerprint, claimed, report, at }: Conversation,
): Promise<NextCommand> {
  const enrollment = await lockEnrollment(tx, fingerprint, claimed)
  if (report.status === 'Idle') await offerAgain(tx, enrollment.id)
  else await takeAnswer(tx, ports, { enrollment, report, at })
  // Before its TokenUpdate a device may still fail to enroll.
  if (enrollment.state !== 'enrolled') return { id: null, payload: null, putOff: false }
  if (areFactsDue(enrollment, at)) await askForFacts(tx, { ...enrollment, newId: ports.newId, at })
  const next = await takeNextCommand(tx, enrollment.id, at)
  await noteConversation(tx, enrollment, { state: stateOf(next, report.status), at })
  return next
}

/** What an answer touches. */
export type AnswerPorts = Pick<DeviceMessagePorts, 'listeners' | 'log'>

const settled: Readonly<Record<Exclude<ReportStatus, 'Idle' | 'NotNow'>, SettledState>> = {
  Acknowledged: 'done',
  Error: 'failed',
  CommandFormatError: 'malformed',
}

/** Settles the command that a report answers, once, and has it heard. The enrollment's row has to be locked. */
export async function takeAnswer(
  tx: Tx,
  ports: AnswerPorts,
  {
    enrollment,
    report,
    at,
  }: { readonly enrollment: EnrollmentRow; readonly report: Report; readonly at: Date },
): Promise<void> {
  const { status, message } = report
  const id = parseUuid(report.commandId ?? '')
  if (id === undefined || status === 'Idle') return
  const place = { enrollmentId: enrollment.id, id }
  if (status === 'NotNow') return await putOffCommand(tx, place)
  const errors = report.errors.map(storableError)
  const command = await settleCommand(tx, place, { state: settled[status], errors, at })
  // Answered before, void by now, another device's or nobody's: the device goes on as if it had asked.
  if (command === undefined) return
  if (status === 'CommandFormatError') {
    const facts = { enrollment: enrollment.id, command: id, requestType: command.requestType }
    ports.log.error(facts, 'A device did not understand a command')
  }
  const answer = { enrollment: enrolledOf(enrollment), command, status, message, errors, at }
  await tell(tx, ports, answer)
}

async function tell(tx: Tx, { listeners }: AnswerPorts, answer: CommandAnswer): Promise<void> {
  for (const listener of listeners) await listener.answered?.(tx, answer)
}

/** Texts and numbers of a device that the database can hold. */
function storableError({ domain, code, text }: DeviceError): DeviceError {
  return {
    domain: storableText(domain),
    code: Number.isSafeInteger(code) ? code : 0,
    text: storableText(text),
  }
}

function enrolledOf({ id, deviceId, kind, ownership }: EnrollmentRow): Enrolled {
  return { id, deviceId, kind, ownership }
}

function stateOf(next: NextCommand, status: ReportStatus): ConversationState {
  if (next.payload !== null) return { kind: 'told' }
  return next.putOff ? { kind: 'put_off', comesBack: status === 'NotNow' } : { kind: 'drained' }
}

/** A device in the middle of its queue has its push ahead of it by at least this; so not each command writes it. */
const ahead = '1 minute'

/**
 * Stores when the device is to be woken if it says no more. The answer may have queued something, which would wake it at
 * once although it is here.
 */
async function noteConversation(
  tx: Tx,
  { id, wakeAttempts }: EnrollmentRow,
  { state, at }: { readonly state: ConversationState; readonly at: Date },
): Promise<void> {
  const pause = nextWake(state, wakeAttempts)
  const wanted = pause === null ? null : new Date(at.getTime() + pause)
  const isRight =
    state.kind === 'told'
      ? sql`wake_at > ${at}::timestamptz + ${ahead}::interval AND wake_at <= ${wanted}::timestamptz`
      : sql`wake_at IS NOT DISTINCT FROM ${wanted}::timestamptz`
  await sql`UPDATE enrollments SET last_seen_at = ${at}, wake_at = ${wanted}::timestamptz,
      wake_attempts = ${wanted === null ? 0 : wakeAttempts}
    WHERE id = ${id} AND NOT coalesce(${isRight} AND last_seen_at > ${new Date(at.getTime() - seenPrecision)}, false)`.execute(
    tx,
  )
}

async function noteSeen(db: Db, { id, lastSeenAt }: EnrollmentRow, at: Date): Promise<void> {
  if (at.getTime() - lastSeenAt.getTime() < seenPrecision) return
  await sql`UPDATE enrollments SET last_seen_at = ${at} WHERE id = ${id} AND state <> 'left'`.execute(db)
}
