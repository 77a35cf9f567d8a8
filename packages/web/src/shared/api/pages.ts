/** Lists that are read page by page, as far as someone scrolls. */
import { infiniteQueryOptions } from '@tanstack/react-query'

/** One page of a list; `nextCursor` is null on the last one. */
export interface Page<Row> {
  readonly items: readonly Row[]
  readonly nextCursor: string | null
}

/** Where to begin a page and when to give up. */
export interface PageRequest {
  readonly cursor: string | undefined
  readonly signal: AbortSignal
}

/** Query options of a paged list. The rows of the pages before stay while a filter changes. */
export function pagedQuery<Row>(key: readonly unknown[], read: (page: PageRequest) => Promise<Page<Row>>) {
  return infiniteQueryOptions({
    queryKey: key,
    queryFn: ({ pageParam, signal }) => read({ cursor: pageParam, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  })
}

/** A query string's parts without those that are not set, as the API wants them. */
export function setOnly<Query extends object>(
  query: Query,
): { [Key in keyof Query]: NonNullable<Query[Key]> } {
  const set = Object.entries(query).filter(
    ([, value]) => value !== undefined && value !== null && value !== '',
  )
  // The entries that are left are exactly those with a value; callers' optional keys stay optional.
  return Object.fromEntries(set) as { [Key in keyof Query]: NonNullable<Query[Key]> }
}
