/** Lists that come in pages: how many rows a person wants, and fetching just those. */
import { usageFailure } from './failure.ts'

/** A page as the API gives it. */
export interface Page<Item> {
  readonly items: readonly Item[]
  readonly nextCursor: string | null
}

export interface PageFlags {
  readonly limit: number
  readonly all: boolean
}

/** `--limit` and `--all`, which every list has. */
export const pageFlags = {
  limit: { kind: 'parsed', parse: parseCount, brief: 'Rows at most', placeholder: 'N', default: '100' },
  all: { kind: 'boolean', brief: 'All rows', default: false, withNegated: false },
} as const

/** The largest page that the API gives. */
const largestPage = 500

/** Follows pages until there are enough rows; `nextCursor` says whether the server has more. */
export async function fetchPages<Item>(
  { limit, all }: PageFlags,
  fetchPage: (query: { limit: number; cursor?: string }) => Promise<Page<Item>>,
): Promise<Page<Item>> {
  const items: Item[] = []
  let cursor: string | null = null
  do {
    const wanted = all ? largestPage : Math.min(largestPage, limit - items.length)
    const page: Page<Item> = await fetchPage({ limit: wanted, ...(cursor === null ? {} : { cursor }) })
    items.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null && (all || items.length < limit))
  return { items, nextCursor: cursor }
}

/** What to say below a list that was cut. */
export function moreRows({ items, nextCursor }: Page<unknown>): string | null {
  return nextCursor === null ? null : `These are the first ${items.length}; --all shows every one.`
}

/** A count from 1, as typed. */
export function parseCount(text: string): number {
  const count = Number(text)
  if (Number.isSafeInteger(count) && count >= 1) return count
  throw usageFailure('usage.count', `“${text}” is not a whole number from 1`)
}
