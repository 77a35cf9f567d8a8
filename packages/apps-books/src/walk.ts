/**
 * A walk over all pages of an endpoint: the first page alone, the rest in lanes, never more than a few pages in
 * memory, however many there are.
 */
import { AppleError, AppsBooksError } from './errors.ts'
import { MAX_LANES } from './lanes.ts'

/** One page as the walk delivers it. */
export interface WalkPage<T> {
  readonly pageIndex: number
  /** Pages of the whole set as far as is known now; may change while one walks. */
  readonly totalPages: number
  /** Apple's name for the state of the whole set of this endpoint. */
  readonly versionId: string | undefined
  readonly records: readonly T[]
}

/** What is known of the walk so far; complete once `pages` has ended by itself. */
export interface WalkSummary {
  readonly complete: boolean
  /** The state to compare with, or to ask the changes since: the first page's, even when later pages differ. */
  readonly firstVersionId: string | undefined
  /** The set changed while it was walked, so records may be missing or seen twice. */
  readonly moved: boolean
  readonly pages: number
  readonly records: number
}

/** Whoever leaves the loop after the first page causes no further request. */
export interface Walk<T> {
  /** The pages in the order of their arrival, the first one first; can be walked once. */
  readonly pages: AsyncIterable<WalkPage<T>>
  readonly summary: WalkSummary
}

/** One page as Apple sent it. */
export interface SentPage<T> {
  readonly currentPageIndex: number | undefined
  readonly nextPageIndex: number | undefined
  readonly totalPages: number | undefined
  readonly versionId: string | undefined
  readonly records: readonly T[]
}

type Fetched<T> =
  | { readonly pageIndex: number; readonly page: SentPage<T> }
  | { readonly pageIndex: number; readonly failure: unknown }

/** @throws {TypeError} from `pages`, when it is walked a second time */
export function createWalk<T>(
  fetchPage: (pageIndex: number, signal: AbortSignal) => Promise<SentPage<T>>,
): Walk<T> {
  const progress = createProgress()
  let started = false

  async function* walk(): AsyncGenerator<WalkPage<T>, void, undefined> {
    if (started) throw new TypeError('The pages of a walk can be walked once; ask the client for a new walk')
    started = true
    const stop = new AbortController()
    const lanes = new Map<number, Promise<Fetched<T>>>()
    const fill = (): void => {
      while (lanes.size < MAX_LANES && progress.hasNext()) {
        const pageIndex = progress.takeNext()
        lanes.set(pageIndex, settled(pageIndex, fetchPage(pageIndex, stop.signal)))
      }
    }
    try {
      for (fill(); lanes.size > 0; fill()) {
        const fetched = await Promise.race(lanes.values())
        lanes.delete(fetched.pageIndex)
        if ('failure' in fetched) {
          if (!isBeyondTheEnd(fetched)) throw fetched.failure
          progress.noteEnd(fetched.pageIndex)
          continue
        }
        const { pageIndex, page } = fetched
        progress.note(pageIndex, page)
        // The freed lane works on while the caller digests this page; only the first page comes alone, since its
        // versionId may be all that the caller needs.
        if (pageIndex > 0) fill()
        yield {
          pageIndex,
          totalPages: progress.totalPages(),
          versionId: page.versionId,
          records: page.records,
        }
      }
      progress.finish()
    } finally {
      stop.abort()
      await Promise.all(lanes.values())
    }
  }

  return {
    pages: { [Symbol.asyncIterator]: walk },
    get summary() {
      return progress.summary()
    },
  }
}

async function settled<T>(pageIndex: number, fetching: Promise<SentPage<T>>): Promise<Fetched<T>> {
  try {
    return { pageIndex, page: await fetching }
  } catch (failure) {
    return { pageIndex, failure }
  }
}

/** 9650 on a later page: the set has shrunk since its number of pages was told. */
function isBeyondTheEnd({
  pageIndex,
  failure,
}: {
  readonly pageIndex: number
  readonly failure: unknown
}): boolean {
  return pageIndex > 0 && failure instanceof AppleError && failure.errorNumber === 9650
}

/** What the pages seen so far tell of the whole. The largest number of pages counts: a needless request costs less than a lost page. */
function createProgress() {
  let next = 0
  let total = 1
  let pages = 0
  let records = 0
  let firstVersionId: string | undefined
  let moved = false
  let complete = false

  return {
    hasNext: (): boolean => next < total,
    takeNext: (): number => next++,
    totalPages: (): number => total,
    note(pageIndex: number, page: SentPage<unknown>): void {
      if (pages === 0) firstVersionId = page.versionId
      else if (page.versionId !== firstVersionId) moved = true
      total = Math.max(total, pagesTold(pageIndex, page))
      pages += 1
      records += page.records.length
    },
    noteEnd(pageIndex: number): void {
      moved = true
      total = Math.min(total, Math.max(pageIndex, 1))
    },
    finish(): void {
      complete = true
    },
    summary: (): WalkSummary => ({ complete, firstVersionId, moved, pages, records }),
  }
}

/**
 * The number of pages that a page tells of. Where Apple leaves out `totalPages`, each page tells of the next.
 *
 * @throws {AppsBooksError} `apple.paging_corrupt` when the page is not the one that was asked for, or does not
 * lead to the one after it
 */
function pagesTold(
  pageIndex: number,
  { currentPageIndex, nextPageIndex, totalPages }: SentPage<unknown>,
): number {
  if (currentPageIndex !== undefined && currentPageIndex !== pageIndex) {
    throw corrupt(`page ${pageIndex} was asked for and page ${currentPageIndex} came`)
  }
  if (nextPageIndex !== undefined && nextPageIndex !== pageIndex + 1) {
    throw corrupt(`page ${pageIndex} names ${nextPageIndex} as the page after it`)
  }
  const reached = nextPageIndex === undefined ? pageIndex + 1 : pageIndex + 2
  return Math.max(totalPages ?? 0, reached)
}

function corrupt(what: string): AppsBooksError {
  return new AppsBooksError(
    'apple.paging_corrupt',
    `The pages of Apple’s answer contradict each other: ${what}. Start again.`,
  )
}
