/** A walk over the pages that a cursor leads through, one after the other: Apple allows no parallel requests here. */
import { AppsBooksError } from './errors.ts'

export interface CursorWalkPage<T> {
  /** Apple's name for the state of the whole list. */
  readonly versionId: string | undefined
  readonly records: readonly T[]
}

/** One page as Apple sent it. */
export interface SentCursorPage<T> extends CursorWalkPage<T> {
  readonly nextCursor: string | undefined
}

/** Can be walked once. Whoever leaves the loop causes no further request. */
export type CursorWalk<T> = AsyncIterable<CursorWalkPage<T>>

/**
 * The pages from the first to the one without a next cursor.
 *
 * @throws {AppsBooksError} `apple.paging_corrupt` when a cursor comes back, which would never end; the pages before
 * were delivered
 */
export async function* walkByCursor<T>(
  fetchPage: (cursor: string | undefined) => Promise<SentCursorPage<T>>,
): AsyncGenerator<CursorWalkPage<T>, void, undefined> {
  const used = new Set<string>()
  let cursor: string | undefined
  do {
    const { nextCursor, versionId, records } = await fetchPage(cursor)
    yield { versionId, records }
    if (nextCursor !== undefined && used.has(nextCursor)) {
      throw new AppsBooksError(
        'apple.paging_corrupt',
        'The pages of Apple’s answer lead in a circle: a cursor came twice. Start again.',
      )
    }
    if (nextCursor !== undefined) used.add(nextCursor)
    cursor = nextCursor
  } while (cursor !== undefined)
}
