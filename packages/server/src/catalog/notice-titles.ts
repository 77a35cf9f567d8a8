/** What a sync does once it has read the titles: notices which are missing (C4), and works out sums (C3). */
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db/database.ts'
import type { AppleConnection } from '../tokens/apple.ts'
import { noticeAbsence } from './notice-absence.ts'
import { bringSumsUpToDate } from './title-sums.ts'

/** Gives null, or why the store could not be asked. The sums are worked out here too, so that marks do not pile up. */
export async function noticeTitles(
  ports: { readonly db: Db; readonly clock: Clock },
  connection: AppleConnection,
): Promise<string | null> {
  const problem = await noticeAbsence(ports, connection)
  await bringSumsUpToDate(ports.db)
  return problem
}
