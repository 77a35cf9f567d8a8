/**
 * What happens to a request to Apple before it ends, whether it is about licenses or about people: it is committed before
 * it leaves (invariant 3), and what a crash or a lost answer leaves open is read back.
 */
import { sql } from 'kysely'
import type { Db, Tx } from '../platform/db/database.ts'

/** A request that Apple took. */
export interface Sent {
  readonly eventId: string
  readonly at: Date
  readonly firstLookAt: Date
}

/** The changes of a table of requests; none of them touches a request that has ended. */
export interface RequestStates {
  /** Apple took the request; its outcome comes with the event. */
  readonly markSent: (tx: Tx, id: string, sent: Sent) => Promise<void>
  /** Nothing was started at Apple: to be sent again at a moment. */
  readonly markRecordedAgain: (tx: Tx, id: string, at: Date) => Promise<void>
  /** The answer was lost, or the event: what Apple did is read back at a moment. */
  readonly markUnknown: (tx: Tx, id: string, readBackAt: Date) => Promise<void>
  /** Requests that a process was sending when it died: nobody knows whether they arrived. */
  readonly markAbandonedUnknown: (tx: Tx, locationId: number, readBackAt: Date) => Promise<void>
  /** An open request is looked at again at a moment. */
  readonly lookAt: (db: Db | Tx, id: string, at: Date) => Promise<void>
}

/** The changes of one of the tables. */
export function requestStates(name: 'operations' | 'user_operations'): RequestStates {
  const table = sql.table(name)
  return {
    async markSent(tx, id, { eventId, at, firstLookAt }) {
      await sql`UPDATE ${table} SET state = 'sent', event_id = ${eventId}, sent_at = ${at},
        next_look_at = ${firstLookAt} WHERE id = ${id} AND state = 'sending'`.execute(tx)
    },
    async markRecordedAgain(tx, id, at) {
      await sql`UPDATE ${table} SET state = 'recorded', next_look_at = ${at}
        WHERE id = ${id} AND state = 'sending'`.execute(tx)
    },
    async markUnknown(tx, id, readBackAt) {
      await sql`UPDATE ${table} SET state = 'unknown', next_look_at = ${readBackAt}
        WHERE id = ${id} AND finished_at IS NULL`.execute(tx)
    },
    async markAbandonedUnknown(tx, locationId, readBackAt) {
      await sql`UPDATE ${table} SET state = 'unknown', next_look_at = ${readBackAt}
        WHERE location_id = ${locationId} AND state = 'sending' AND finished_at IS NULL`.execute(tx)
    },
    async lookAt(db, id, at) {
      await sql`UPDATE ${table} SET next_look_at = ${at} WHERE id = ${id} AND finished_at IS NULL`.execute(db)
    },
  }
}
