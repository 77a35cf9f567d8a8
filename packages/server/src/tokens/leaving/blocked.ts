/** Deletions of content tokens that cannot go on by themselves (T6), for health and attention. */
import type { Db } from '../../platform/db/database.ts'
import type { LocationRow } from '../store.ts'
import { nextStep } from './leave.ts'

/** The reason by id, for those of these locations that are blocked. Deletions are few, so each is looked at. */
export async function deletionsBlocked(
  db: Db,
  locations: readonly LocationRow[],
  now: Date,
): Promise<ReadonlyMap<number, string>> {
  const blocked = new Map<number, string>()
  for (const location of locations.filter(({ leaving_since: since }) => since !== null)) {
    const step = await nextStep(db, location, now)
    if (step.do === 'blocked') blocked.set(location.id, step.text)
  }
  return blocked
}
