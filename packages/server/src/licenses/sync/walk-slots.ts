/**
 * How many walks may keep a connection to the database at a time: each holds one for as long as Apple's pages take, and
 * needs another now and then. Without a limit, as many walks as the pool has connections would wait for each other.
 */
import type pg from 'pg'
import { withClient } from '../../platform/db/copy.ts'
import type { Db } from '../../platform/db/database.ts'

/** Far below the connections of the pool. */
const mostAtOnce = 5

let underWay = 0
const waiting: (() => void)[] = []

/** Lends a connection to a walk once one of the places is free, first come first served. */
export async function walking<T>(
  pool: pg.Pool,
  work: (client: pg.PoolClient, db: Db) => Promise<T>,
): Promise<T> {
  while (underWay >= mostAtOnce) await new Promise<void>((go) => waiting.push(go))
  underWay += 1
  try {
    return await withClient(pool, work)
  } finally {
    underWay -= 1
    waiting.shift()?.()
  }
}
