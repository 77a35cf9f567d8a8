/**
 * Pages with an index: which part of a set a page shows, and the fields around it.
 */
import type { Page } from '@apportion/apple-wire/messages'
import { envelope } from './envelope.ts'
import { pageIndexParameter } from './query.ts'
import { Refusal } from './refusal.ts'
import type { Call } from './simulation.ts'
import type { VersionLog } from './version-log.ts'

export interface Slice {
  readonly pageIndex: number
  readonly totalPages: number
  readonly from: number
  readonly to: number
}

/** The part of [start, end) that the requested page shows; 9650 past the last page. Page 0 always exists. */
export function requestedSlice({ simulation, query }: Call, start: number, end: number): Slice {
  const { pageSize, totalPagesWhenEmpty } = simulation.knobs()
  const pageIndex = pageIndexParameter(query)
  const pages = Math.ceil((end - start) / pageSize)
  if (pageIndex > 0 && pageIndex >= pages) throw new Refusal(9650)
  const from = start + pageIndex * pageSize
  return { pageIndex, totalPages: pages || totalPagesWhenEmpty, from, to: Math.min(from + pageSize, end) }
}

/** The stamp behind `sinceVersionId`, undefined when it is absent; 9721 for a name that is unknown or too old. */
export function requestedSince({ simulation, query }: Call, versions: VersionLog): number | undefined {
  const versionId = query.get('sinceVersionId')
  if (versionId === null) return undefined
  const stamp = versions.stampOf(versionId, simulation.clock.now() - simulation.knobs().versionRetentionMs)
  if (stamp === undefined) throw new Refusal(9721)
  return stamp
}

const KEPT_IN_DELTA = new Set(['pageIndex', 'sinceVersionId', 'includeUserState'])

/** The call of a delta: with its filters, or without them when a knob says that Apple ignores those. */
export function deltaCall(call: Call): Call {
  if (!call.query.has('sinceVersionId') || call.simulation.knobs().filtersInDelta === 'apply') return call
  const kept = [...call.query].filter(([name]) => KEPT_IN_DELTA.has(name))
  return { ...call, query: new URLSearchParams(kept) }
}

/** A page as JSON; `records` are the finished JSON texts of its lists. */
export function pageJson(
  call: Call,
  { pageIndex, totalPages }: Slice,
  content: {
    readonly lists: Readonly<Record<string, string>>
    readonly size: number
    readonly versions: VersionLog
  },
): string {
  const page: Page = {
    ...envelope(call),
    currentPageIndex: pageIndex,
    ...(pageIndex + 1 < totalPages && { nextPageIndex: pageIndex + 1 }),
    size: content.size,
    totalPages,
    versionId: content.versions.current(call.simulation.clock.now()),
  }
  const isShown = content.size > 0 || call.simulation.knobs().emptyListKey === 'present'
  const lists = Object.entries(isShown ? content.lists : {}).map(
    ([name, records]) => `"${name}":[${records}],`,
  )
  return `{${lists.join('')}${JSON.stringify(page).slice(1)}`
}
