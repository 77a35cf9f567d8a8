/**
 * Takes the reports of devices and gives them their next command (MDM protocol, D1).
 *
 * A device that asks costs one query, and another one when something waits; an answer costs three in a transaction, and
 * what its hearers do. It is stored, told to whoever asked, and committed before the next command leaves, so that nothing is lost and
 * nothing is heard twice.
 */
import { enrollmentIdentifier } from '@apportion/apple-wire/mdm-check-in'
import { type Report, type ReportStatus, readReport } from '@apportion/apple-wire/mdm-report'
import { sql } from 'kysely'
import { storableText } from '../audit/chain.ts'
import type { CommandAnswer, DeviceError, Enrolled } from '../devices/channel.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { parseUuid } from '../platform/ids.ts'
import type { DeviceMessagePorts, ProvenMessage } from './check-in.ts'
import { areFactsDue, askForFacts } from './device-facts.ts'
import { type DeviceReply, MessageRefused, nothing, plistReply } from './device-reply.ts'
import {
  type Claimed,
  type EnrollmentRow,
  identifySpeaker,
  lockEnrollment,
  type Speaker,
} from './identify.ts'
import { seenPrecision, takeNextCommand } from './next-command.ts'
import { putOffCommand, type SettledState, settleCommand } from './queue.ts'

/** Takes one report and gives the next command, if there is one. @throws MessageRefused */
export async function connect(ports: DeviceMessagePorts, message: ProvenMessage): Promise<DeviceReply> {
  const { fingerprint, at } = message
  const sender = enrollmentIdentifier(message.dict)
  const report = readReport(message.dict)
  if (sender === undefined || report === undefined) throw new MessageRefused('malformed')
  // Nothing is ever queued for a person on a device.
  const isOfPerson = sender.userPart !== undefined
  const claimed = { type: report.status, identifier: sender.identifier }
  if (report.status === 'Idle' || isOfPerson) {
    const speaker = await identifySpeaker(ports.db, fingerprint, claimed)
    if (isOfPerson) return nothing
    const atOnce = await answerAtOnce(ports.db, speaker, at)
    if (atOnce !== undefined) return atOnce
  }
  const payload = await inTransaction(ports.db, (tx) =>
    converse(tx, ports, { fingerprint, claimed, report, at }),
  )
  return payload === null ? nothing : plistReply(payload)
}

/** What a device that asks gets by one statement; undefined where it takes a transaction. */
async function answerAtOnce(
  db: Db,
  { enrollment, state, waiting }: Speaker,
  at: Date,
): Promise<DeviceReply | undefined> {
  if (enrollment === null || state !== 'pinned' || areFactsDue(enrollment, at)) return undefined
  if (waiting) {
    const payload = await takeNextCommand(db, enrollment, { asksAnew: true, comesBack: false, at })
    return payload === null ? undefined : plistReply(payload)
  }
  if (enrollment.wakeAt !== null) return undefined
  await noteSeen(db, enrollment, at)
  return nothing
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
): Promise<string | null> {
  const enrollment = await lockEnrollment(tx, fingerprint, claimed)
  const { status } = report
  if (status !== 'Idle') await takeAnswer(tx, ports, { enrollment, report, at })
  // Before its TokenUpdate a device may still fail to enroll.
  if (enrollment.state !== 'enrolled') return null
  if (areFactsDue(enrollment, at)) await askForFacts(tx, { ...enrollment, newId: ports.newId, at })
  const turn = { asksAnew: status === 'Idle', comesBack: status === 'NotNow', at }
  return await takeNextCommand(tx, enrollment, turn)
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

async function noteSeen(db: Db, { id, lastSeenAt }: EnrollmentRow, at: Date): Promise<void> {
  if (at.getTime() - lastSeenAt.getTime() < seenPrecision) return
  await sql`UPDATE enrollments SET last_seen_at = ${at} WHERE id = ${id} AND state <> 'left'`.execute(db)
}
