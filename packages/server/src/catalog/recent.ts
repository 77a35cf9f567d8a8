import { type RawBuilder, sql } from 'kysely'

/** Changes that leave no state behind which is shown by itself: those are shown as changes for a while. */
export const passingChanges: RawBuilder<unknown> = sql`('renamed', 'price_changed', 'became_unlimited', 'became_limited',
  'in_store_again', 'licensed_again', 'device_assignable_again')`

/** So long a change of a title is shown as something new (C4). */
const newDays = 30

/** From when on a change counts as something new. */
export const changesCountSince = (now: Date): Date => new Date(now.getTime() - newDays * 86_400_000)
