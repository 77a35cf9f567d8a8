/**
 * Apple counts every request of a location, whichever process sends it (15 a second in August 2026). Each request
 * therefore takes a slot from the database first; slots of one location are spaced evenly.
 */
import { sql } from 'kysely'
import type { Clock } from './clock.ts'
import type { Db } from './db/database.ts'

/** What a request waits for before it leaves. */
export interface RequestLimiter {
  take(signal?: AbortSignal): Promise<void>
}

/** Requests closer than Apple's limit by this share, since the network may bunch them. */
const margin = 0.93

/** A limiter that all server processes share. `perSecond` is read before each request: Apple changes it. */
export function sharedLimiter(ports: {
  readonly db: Db
  readonly clock: Clock
  readonly uid: string
  readonly perSecond: () => Promise<number>
}): RequestLimiter {
  return {
    async take(signal) {
      const spacing = 1 / ((await ports.perSecond()) * margin)
      // A limit that a computer cannot reach anyway (lifted in a simulator) is not worth a query.
      if (spacing < 0.0005) return
      const wait = await takeSlot(ports.db, ports.uid, spacing)
      if (wait > 0) await ports.clock.sleep(wait, signal)
    },
  }
}

/** Apple asked to be left alone: no request of the location leaves before, from whichever process. */
export async function holdBack(db: Db, uid: string, milliseconds: number): Promise<void> {
  const until = sql`clock_timestamp() + make_interval(secs => ${milliseconds / 1000})`
  await sql`INSERT INTO request_slots AS slot (uid, next_at) VALUES (${uid}, ${until})
    ON CONFLICT (uid) DO UPDATE SET next_at = greatest(slot.next_at, excluded.next_at)`.execute(db)
}

/** Gives the milliseconds to wait for the slot that was taken. */
async function takeSlot(db: Db, uid: string, spacingSeconds: number): Promise<number> {
  const { rows } = await sql<{ wait: number }>`
    INSERT INTO request_slots AS slot (uid, next_at)
    VALUES (${uid}, clock_timestamp() + make_interval(secs => ${spacingSeconds}))
    ON CONFLICT (uid) DO UPDATE
      SET next_at = greatest(slot.next_at, clock_timestamp()) + make_interval(secs => ${spacingSeconds})
    RETURNING (extract(epoch FROM next_at - clock_timestamp()) - ${spacingSeconds}) * 1000 AS wait`.execute(
    db,
  )
  return Number(rows[0]?.wait ?? 0)
}
