/**
 * Hears what NanoMDM tells of devices: the same stores and the same listeners as for devices that talk to us. Events may be
 * lost, come twice or in another order; one is heard once, and an old one changes nothing.
 */
import { enrollmentSteps, type ToldMessage } from '@apportion/core/devices/told-enrollment'
import { sql } from 'kysely'
import { openStates } from '../devices/open-commands.ts'
import { takeDirectoryTurn } from '../directory/turn.ts'
import { type AnswerPorts, takeAnswer } from '../mdm/connect.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { type EnrollmentMessage, lockNewest, type NanoEnrollment, takeStep } from './enrollments.ts'
import type { NanoEvent } from './event.ts'

/** What hearing an event touches. */
export interface HearEventPorts extends AnswerPorts {
  readonly db: Db
}

/** Takes one event; what it changes is committed when this resolves. */
export async function hearEvent(ports: HearEventPorts, event: NanoEvent, at: Date): Promise<void> {
  const kind = kindOf(event)
  if (kind === null) return
  await inTransaction(ports.db, async (tx) => {
    if (!(await isFirst(tx, event, at))) return
    // A device is put into the directory when it authenticates; its turn comes before any row.
    if (kind === 'authenticate') await takeDirectoryTurn(tx)
    const message = { ...messageOf(event), at }
    let present = await lockNewest(tx, event.identifier)
    const told: ToldMessage = { kind, isNew: event.isNew, at: event.createdAt }
    for (const step of enrollmentSteps(present ?? null, told)) {
      present = await takeStep(tx, ports, { step, present, message })
    }
    if (present !== undefined && present.state !== 'left') await hearReport(tx, ports, { present, event, at })
  })
}

function kindOf({ message }: NanoEvent): ToldMessage['kind'] | null {
  if (message.kind === 'report') return 'report'
  switch (message.content.type) {
    case 'Authenticate':
      return 'authenticate'
    case 'TokenUpdate':
      return 'token_update'
    case 'CheckOut':
      return 'check_out'
    default:
      return null
  }
}

async function isFirst(tx: Tx, { eventId }: NanoEvent, at: Date): Promise<boolean> {
  if (eventId === null) return true
  const { rows } = await sql`INSERT INTO nanomdm_events (event_id, received_at) VALUES (${eventId}, ${at})
    ON CONFLICT DO NOTHING RETURNING event_id`.execute(tx)
  return rows.length > 0
}

function messageOf({ identifier, kind, createdAt, message }: NanoEvent): Omit<EnrollmentMessage, 'at'> {
  const base = { identifier, kind, messageAt: createdAt }
  const silent = { ...base, topic: null, authenticate: null, awaitingConfiguration: false }
  if (message.kind === 'report') return silent
  const { content } = message
  if (content.type === 'Authenticate') return { ...silent, topic: content.topic, authenticate: content }
  if (content.type !== 'TokenUpdate') return silent
  const { topic, awaitingConfiguration } = content
  return { ...silent, topic, awaitingConfiguration }
}

/** An answer settles its command once; once nothing waits any more, the device is not woken again. */
async function hearReport(
  tx: Tx,
  ports: HearEventPorts,
  { present, event, at }: { readonly present: NanoEnrollment; readonly event: NanoEvent; readonly at: Date },
): Promise<void> {
  const { message } = event
  if (message.kind === 'report')
    await takeAnswer(tx, ports, { enrollment: present, report: message.content, at })
  const isAwaiting =
    message.kind === 'check-in' && message.content.type === 'TokenUpdate'
      ? message.content.awaitingConfiguration
      : null
  await sql`UPDATE enrollments e SET last_seen_at = ${at},
      awaiting_configuration = coalesce(${isAwaiting}::boolean, e.awaiting_configuration),
      wake_at = CASE WHEN e.wake_at <= ${at}::timestamptz OR EXISTS (SELECT FROM commands c
        WHERE c.enrollment_id = e.id AND c.state IN ${openStates}) THEN e.wake_at END
    WHERE e.id = ${present.id}`.execute(tx)
}
