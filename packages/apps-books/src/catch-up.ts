/**
 * Reading a list that others write to at the same time: the walk is finished whatever moves, then the changes since its
 * first page are read, until nothing moved while they were read. One page at a time is in memory.
 *
 * Apple's deltas tell what was added or changed and not what was taken away. So what is delivered is true, and later
 * pages are newer than earlier rounds'; that something was not delivered means that it is gone only when the result
 * is `exact`.
 */
import type { Assignment, ResponseUser } from '@apportion/apple-wire/messages'
import type { AppsBooksClient } from './client.ts'
import { AppleError } from './errors.ts'
import type { AssignmentsFilter } from './filters.ts'
import type { Walk, WalkPage } from './walk.ts'

/** A list of which Apple tells the changes since a version. */
export interface VersionedList<T> {
  all(): Walk<T>
  since(versionId: string): Walk<T>
}

/** Who holds what. Identity of a record: asset and holder. */
export function assignmentsOf(
  client: Pick<AppsBooksClient, 'assignments'>,
  query: Pick<AssignmentsFilter, 'includeUserState'> = {},
): VersionedList<Assignment> {
  return {
    all: () => client.assignments(query),
    since: (sinceVersionId) => client.assignments({ ...query, sinceVersionId }),
  }
}

/** The registered users. Several retired records may share a `clientUserId`; at most one is not retired. */
export function usersOf(client: Pick<AppsBooksClient, 'users'>): VersionedList<ResponseUser> {
  return { all: () => client.users(), since: (sinceVersionId) => client.users({ sinceVersionId }) }
}

/** A record may come again, on a later page of its round or in a later round: the last one holds. */
export interface CaughtPage<T> extends WalkPage<T> {
  /** 0 for the walk over the whole list, 1 and up for the changes after it. */
  readonly round: number
}

/**
 * - `unfinished`: the pages were not read to their end
 * - `exact`: nothing moved during a walk over the whole list; what did not come is not there
 * - `additions`: all that was added or changed up to `versionId` came; what was taken away meanwhile, and records that
 *   a removal moved onto a page that had been read, are not told: nothing may be concluded from absence
 * - `moving`: what came is true, but rounds ran out while changes went on; go on with {@link catchUp} from `versionId`
 * - `full-walk-needed`: Apple tells no version, or knows the one given no more (9721)
 */
export type CaughtState = 'unfinished' | 'exact' | 'additions' | 'moving' | 'full-walk-needed'

export interface CatchUp<T> {
  /** Can be walked once; whoever leaves the loop causes no further request. */
  readonly pages: AsyncIterable<CaughtPage<T>>
  readonly result: {
    readonly state: CaughtState
    /** What to ask the next changes since. */
    readonly versionId: string | undefined
    /** Changes were read so many times. */
    readonly rounds: number
    readonly records: number
  }
}

/** Whether a failure means that the given version is not known any more, so that only a full walk helps (9721). */
export function needsFullWalk(error: unknown): boolean {
  return error instanceof AppleError && error.code === 'apple.version_unknown'
}

/** Rounds of changes after which a busy list is left for the next time. */
const MAX_ROUNDS = 5

/**
 * Walks the whole list, and after a walk that moved reads the changes since its first page.
 *
 * @param maxRounds of changes, 5 by default
 */
export function walkToEnd<T>(list: VersionedList<T>, { maxRounds = MAX_ROUNDS } = {}): CatchUp<T> {
  return reading(async function* (progress) {
    const walk = list.all()
    yield* roundOf(walk, progress, 0)
    const { firstVersionId, moved } = walk.summary
    progress.versionId = firstVersionId
    if (!moved) progress.state = 'exact'
    else yield* changes(list, progress, maxRounds)
  })
}

/** Reads the changes since `versionId`, again as long as the list moves meanwhile. */
export function catchUp<T>(
  list: VersionedList<T>,
  { versionId, maxRounds = MAX_ROUNDS }: { readonly versionId: string; readonly maxRounds?: number },
): CatchUp<T> {
  return reading(async function* (progress) {
    progress.versionId = versionId
    yield* changes(list, progress, maxRounds)
  })
}

interface Progress {
  state: CaughtState
  versionId: string | undefined
  rounds: number
  records: number
}

type Pages<T> = AsyncGenerator<CaughtPage<T>, void, undefined>

function reading<T>(read: (progress: Progress) => Pages<T>): CatchUp<T> {
  const progress: Progress = { state: 'unfinished', versionId: undefined, rounds: 0, records: 0 }
  return { pages: read(progress), result: progress }
}

async function* changes<T>(list: VersionedList<T>, progress: Progress, maxRounds: number): Pages<T> {
  while (progress.versionId !== undefined) {
    if (progress.rounds >= maxRounds) {
      progress.state = 'moving'
      return
    }
    progress.rounds += 1
    const delta = list.since(progress.versionId)
    try {
      yield* roundOf(delta, progress, progress.rounds)
    } catch (error) {
      if (!needsFullWalk(error)) throw error
      break
    }
    // Of a delta that moved, a record may have slipped from a page that was to come onto one that had been read. It is
    // no newer than the delta's own version, so only the same question can bring it.
    if (delta.summary.moved) continue
    progress.versionId = delta.summary.firstVersionId
    if (progress.versionId === undefined) break
    progress.state = 'additions'
    return
  }
  progress.versionId = undefined
  progress.state = 'full-walk-needed'
}

async function* roundOf<T>(walk: Walk<T>, progress: Progress, round: number): Pages<T> {
  for await (const page of walk.pages) {
    progress.records += page.records.length
    yield { ...page, round }
  }
}
