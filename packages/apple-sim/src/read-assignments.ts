/**
 * `GET /assignments`: who holds what. Built for a million records: a page costs its own records and nothing else.
 */
import type { Asset, Location } from './location.ts'
import { pageJson, requestedSince, requestedSlice, type Slice } from './paging.ts'
import { booleanParameter } from './query.ts'
import type { Call } from './simulation.ts'

/** Adds the JSON of one license to the page, unless a filter drops it. */
type Writer = (asset: number, holder: number) => void

/** Filters are combined. A delta shows what was assigned since the version; removals are not in it. */
export function readAssignments(call: Call): string {
  const { location, query } = call
  const since = requestedSince(call, location.versions.assignments)
  const isWholeWalk = since === undefined && !query.has('adamId') && !isForHolder(query)
  const firstOfWalk = isWholeWalk && (query.get('pageIndex') ?? '0') === '0'
  if (firstOfWalk || call.simulation.knobs().removalsShiftPages) location.book.compact(location.assets)

  const firstSlot = since === undefined ? 0 : location.book.firstSlotAfter(since)
  const records: string[] = []
  const write = recordWriter(call, records)
  const slice = isForHolder(query)
    ? writeForHolder(call, firstSlot, write)
    : query.has('adamId')
      ? writeForTitle(call, firstSlot, write)
      : writeSlots(call, firstSlot, write)
  return pageJson(call, slice, {
    lists: { assignments: records.join() },
    size: records.length,
    versions: location.versions.assignments,
  })
}

const isForHolder = (query: URLSearchParams): boolean =>
  query.has('serialNumber') || query.has('clientUserId')

function writeSlots(call: Call, firstSlot: number, write: Writer): Slice {
  const { book } = call.location
  const slice = requestedSlice(call, firstSlot, book.slots)
  book.eachInSlots(slice.from, slice.to, write)
  return slice
}

/** An adamId can be two assets, `STDQ` and `PLUS`; their slots follow each other. */
function writeForTitle(call: Call, firstSlot: number, write: Writer): Slice {
  const { book } = call.location
  const parts = assetsNamed(call).map((asset) => ({ asset, first: asset.slots.firstAbove(firstSlot - 1) }))
  const total = parts.reduce((sum, { asset, first }) => sum + asset.slots.length - first, 0)
  const slice = requestedSlice(call, 0, total)
  let offset = 0
  for (const { asset, first } of parts) {
    const from = first + Math.max(0, slice.from - offset)
    const to = first + Math.max(0, slice.to - offset)
    book.eachHolder(asset, from, to, (holder) => write(asset.number, holder))
    offset += asset.slots.length - first
  }
  return slice
}

function writeForHolder(call: Call, firstSlot: number, write: Writer): Slice {
  const { location } = call
  const found: (readonly [number, number])[] = []
  for (const holder of holdersNamed(call)) {
    for (const asset of assetsNamed(call)) {
      const slot = location.book.slotOf(asset, holder)
      if (slot !== undefined && slot >= firstSlot) found.push([asset.number, holder])
    }
  }
  const slice = requestedSlice(call, 0, found.length)
  for (const [asset, holder] of found.slice(slice.from, slice.to)) write(asset, holder)
  return slice
}

function assetsNamed({ location, query }: Call): readonly Asset[] {
  const adamId = query.get('adamId')
  return adamId === null ? location.assets : location.assets.filter((asset) => asset.adamId === adamId)
}

function holdersNamed({ location, query }: Call): readonly number[] {
  const serialNumber = query.get('serialNumber')
  const clientUserId = query.get('clientUserId')
  // A license has one holder, so both filters together match nothing.
  if (serialNumber !== null && clientUserId !== null) return []
  const holders =
    serialNumber !== null
      ? [location.book.findDevice(serialNumber)]
      : location.rowsNamed(clientUserId ?? '').map((row) => location.book.findUser(row.row))
  return holders.filter((holder) => holder !== undefined)
}

function recordWriter({ location, query }: Call, records: string[]): Writer {
  const pricingParam = query.get('pricingParam')
  const withState = booleanParameter(query, 'includeUserState') === true
  const activeOnly = booleanParameter(query, 'excludeInactiveUsers') === true
  const beginnings: (string | undefined)[] = []
  return (number, holderNumber) => {
    const holder = location.book.holder(holderNumber)
    const asset = location.assets[number]
    if (!asset || (pricingParam !== null && asset.pricingParam !== pricingParam)) return
    if (activeOnly && isInactive(location, holder.row)) return
    beginnings[number] ??= `{"adamId":${quoted(asset.adamId)},"pricingParam":${quoted(asset.pricingParam)},`
    const key = holder.kind === 'device' ? '"serialNumber":' : '"clientUserId":'
    const state = withState ? userState(location, holder.row) : ''
    records.push(`${beginnings[number]}${key}${quoted(holder.name)}${state}}`)
  }
}

function isInactive(location: Location, row: number): boolean {
  const status = location.users[row]?.status
  return status === 'Retired' || status === 'Deleted'
}

function userState(location: Location, row: number): string {
  const user = location.users[row]
  if (!user) return ''
  const idHash = user.idHash === undefined ? '' : `,"idHash":${quoted(user.idHash)}`
  return `${idHash},"userStatus":${quoted(user.status)}`
}

/** Nearly all names are plain; only the others pay for the escaping. */
function quoted(text: string): string {
  return /^[\w.@/+= -]*$/.test(text) ? `"${text}"` : JSON.stringify(text)
}
