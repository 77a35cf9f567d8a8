/**
 * Makes up for what NanoMDM's webhook lost: every device is asked once a day what it is and which apps it has, a question
 * whose answer seems lost is asked anew, and whatever waits has its device woken.
 */
import { sql } from 'kysely'
import { openStates } from '../devices/open-commands.ts'
import { askAfter } from '../installs/ask-after.ts'
import { askForFacts } from '../mdm/device-facts.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import type { NewId } from '../platform/ids.ts'
import { nanoChannel } from './channel.ts'

/** What asking again touches. */
export interface AskAgainPorts {
  readonly db: Db
  readonly clock: Pick<Clock, 'now'>
  readonly newId: NewId
}

const hour = 3_600_000
const day = 24 * hour
/** A question that the device has not answered for so long although it came by since, which it does within minutes. */
const lostAfter = 4 * hour
/** Events are told apart for so long; NanoMDM sends none twice by itself. */
const keepEvents = 7 * day
/** Devices asked in one transaction. */
const atOnce = 100

/** Asks whatever is due. An aborted `signal` ends it after the devices whose turn it is; the rest is due the next time. */
export async function askAgain(ports: AskAgainPorts, signal?: AbortSignal): Promise<void> {
  const now = ports.clock.now()
  await dropLostQuestions(ports.db, now)
  while (signal?.aborted !== true && (await askSome(ports, now)) === atOnce);
  await wakeForgotten(ports.db, now)
  await sql`DELETE FROM nanomdm_events WHERE received_at < ${new Date(now.getTime() - keepEvents)}`.execute(
    ports.db,
  )
}

/** Questions alone: a command that changes something is never given twice, and its late answer is still heard. */
async function dropLostQuestions(db: Db, now: Date): Promise<void> {
  await sql`UPDATE commands c SET state = 'void', payload = NULL FROM enrollments e
    WHERE e.id = c.enrollment_id AND e.channel = 'nanomdm' AND c.state = 'sent' AND c.pass_at IS NULL
      AND c.purpose IN ('device_facts', 'managed_apps', 'managed_media', 'installed_apps')
      AND c.sent_at <= ${new Date(now.getTime() - lostAfter)} AND e.last_seen_at >= c.sent_at + interval '10 minutes'`.execute(
    db,
  )
}

async function askSome({ db, newId }: AskAgainPorts, now: Date): Promise<number> {
  return await inTransaction(db, async (tx) => {
    const due = await devicesToAsk(tx, now)
    for (const { id, kind } of due) await askForFacts(tx, { id, kind, newId, at: now, channel: nanoChannel })
    const enrollmentIds = due.filter(({ hasApps }) => hasApps).map(({ id }) => id)
    await askAfter(tx, { channel: nanoChannel, newId }, { list: 'apps', enrollmentIds, at: now })
    return due.length
  })
}

interface DeviceToAsk {
  readonly id: number
  readonly kind: 'device' | 'user'
  readonly hasApps: boolean
}

async function devicesToAsk(tx: Tx, now: Date): Promise<readonly DeviceToAsk[]> {
  const { rows } = await sql<DeviceToAsk>`
    SELECT e.id, e.kind, EXISTS (SELECT FROM installs i WHERE i.enrollment_id = e.id) AS "hasApps"
    FROM enrollments e WHERE e.channel = 'nanomdm' AND e.state = 'enrolled'
      AND (e.facts_asked_at IS NULL OR e.facts_asked_at <= ${new Date(now.getTime() - day)})
    ORDER BY e.id LIMIT ${atOnce} FOR UPDATE SKIP LOCKED`.execute(tx)
  return rows
}

async function wakeForgotten(db: Db, now: Date): Promise<void> {
  await sql`UPDATE enrollments e SET wake_at = ${now}
    WHERE e.channel = 'nanomdm' AND e.state = 'enrolled' AND e.wake_at IS NULL
      AND e.id IN (SELECT c.enrollment_id FROM commands c WHERE c.state IN ${openStates})`.execute(db)
}
