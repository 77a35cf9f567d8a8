/** Opens the transaction of an operation; stores receive it as `Tx` and cannot open one themselves. */
import { setTimeout as pause } from 'node:timers/promises'
import type { IsolationLevel } from 'kysely'
import type { Db, Tx } from './database.ts'
import { errorCode } from './failure.ts'

/** How often and with what pauses a lost race is run again. */
export interface TransactionOptions {
  readonly isolation?: IsolationLevel
  /** Runs at most, the first included; 5. */
  readonly attempts?: number
  readonly sleep?: (ms: number) => Promise<unknown>
  readonly random?: () => number
}

/** PostgreSQL ended the transaction because of another one: a serialization failure or a deadlock. */
export function isLostRace(error: unknown): boolean {
  const code = errorCode(error)
  return code === '40001' || code === '40P01'
}

/**
 * Runs `work` in one transaction and commits it; everything is rolled back when it throws.
 *
 * After a lost race (40001, 40P01) the whole of `work` runs again, so it must do nothing but database work.
 */
export async function inTransaction<T>(
  db: Db,
  work: (tx: Tx) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  const { attempts = 5, sleep = pause, random = Math.random } = options
  for (let attempt = 1; ; attempt++) {
    try {
      const opened = db.transaction()
      const begun = options.isolation === undefined ? opened : opened.setIsolationLevel(options.isolation)
      return await begun.execute(work)
    } catch (error) {
      if (!isLostRace(error) || attempt >= attempts) throw error
      await sleep(10 * 2 ** attempt * (0.5 + random()))
    }
  }
}
