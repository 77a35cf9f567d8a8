/**
 * `GET /assignments`: who holds what. Built for a million records: a page costs its own records and nothing else.
 */
import type { Asset, Location } from './location.ts'
import { deltaCall, pageJson, requestedSince, requestedSlice, type Slice } from './paging.ts'
import { booleanParameter } from './query.ts'
import type { Call } from './simulation.ts'

/** Adds the JSON of one license to the page, unless a filter drops it. */
type Writer = (asset: number, holder: number, removed?: boolean) => void

/** Filters are combined. A delta shows what was assigned since the version, and removals as a knob says. */
export function readAssignments(asked: Call): string {
  const call = deltaCall(asked)
  const { location, query } = call
  const since = requestedSince(call, location.versions.assignments)
  const isWholeWalk = since === undefined && !query.has('adamId') && !isForHolder(query)
  const firstOfWalk = isWholeWalk && (query.get('pageIndex') ?? '0') === '0'
  if (firstOfWalk || call.simulation.knobs().removalsShiftPages) location.book.compact(location.assets)

  const firstSlot = since === undefined ? 0 : location.book.firstSlotAfter(since)
  const records: string[] = []
  const write = recordWriter(call, records)
  const slice =
    since !== undefined && call.simulation.knobs().removalsInDelta !== 'absent'
      ? writeWithRemovals(call, since, write)
      : writeHeld(call, firstSlot, write)
  return pageJson(call, slice, {
    lists: { assignments: records.join() },
    size: records.length,
    versions: location.versions.assignments,
  })
}

const isForHolder = (query: URLSearchParams): boolean =>
  query.has('serialNumber') || query.has('clientUserId')

function writeHeld(call: Call, firstSlot: number, write: Writer): Slice {
  if (isForHolder(call.query)) return writeForHolder(call, firstSlot, write)
  return call.query.has('adamId') ? writeForTitle(call, firstSlot, write) : writeSlots(call, firstSlot, write)
}

/** What was given since the stamp and is held still, then what was taken since and is not held again. */
function writeWithRemovals(call: Call, since: number, write: Writer): Slice {
  const { book, times, assets } = call.location
  const wanted = isForHolder(call.query) ? new Set(holdersNamed(call)) : undefined
  const numbers = new Set(assetsNamed(call).map((asset) => asset.number))
  const found = new Map<string, readonly [number, number, boolean]>()
  const note = (asset: number, holder: number, removed: boolean): void => {
    if (!numbers.has(asset) || (wanted && !wanted.has(holder))) return
    found.set(`${asset}/${holder}`, [asset, holder, removed])
  }
  book.eachInSlots(book.firstSlotAfter(since), book.slots, (asset, holder) => note(asset, holder, false))
  for (const { asset, holder } of times.lossesAfter(since)) {
    const holding = assets[asset]
    if (holding && !book.has(holding, holder)) note(asset, holder, true)
  }
  const slice = requestedSlice(call, 0, found.size)
  for (const [asset, holder, removed] of [...found.values()].slice(slice.from, slice.to)) {
    write(asset, holder, removed)
  }
  return slice
}

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

function recordWriter({ simulation, location, query }: Call, records: string[]): Writer {
  const pricingParam = query.get('pricingParam')
  const withState = booleanParameter(query, 'includeUserState') === true
  const activeOnly = booleanParameter(query, 'excludeInactiveUsers') === true
  const beginnings: (string | undefined)[] = []
  const marks = simulation.knobs().removalsInDelta === 'marked'
  return (number, holderNumber, removed) => {
    const holder = location.book.holder(holderNumber)
    const asset = location.assets[number]
    if (!asset || (pricingParam !== null && asset.pricingParam !== pricingParam)) return
    if (activeOnly && isInactive(location, holder.row)) return
    beginnings[number] ??= `{"adamId":${quoted(asset.adamId)},"pricingParam":${quoted(asset.pricingParam)},`
    const key = holder.kind === 'device' ? '"serialNumber":' : '"clientUserId":'
    const state = withState ? userState(location, holder.row) : ''
    const mark = removed && marks ? ',"deleted":true' : ''
    records.push(`${beginnings[number]}${key}${quoted(holder.name)}${state}${mark}}`)
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
