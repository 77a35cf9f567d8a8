/**
 * Who of a waiting list is served with the licenses that are free, when assignments keep some for their own or may
 * not have more than some (L8, L9).
 *
 * The list is served in its order. A reserve is kept for its own even while none of them waits; that is what it is for.
 */

/** What one assignment holds, keeps for its own, and may hold at most. */
export interface Share {
  /** Licenses held by those that the assignment decides, those on their way included. */
  readonly held: number
  readonly reserve: number
  /** Null for no limit. A reserve beyond it counts only up to it. */
  readonly quota: number | null
}

/** Why a place is not served: its quota is used up, what is left is kept for others, or nothing is left. */
export const stops = ['quota', 'reserve', 'none'] as const
export type Stop = (typeof stops)[number]

/** Who is served, place by place, and why the others are not. */
export interface Serving {
  /** 1 for each place of the queue that is served. */
  readonly served: Uint8Array
  readonly count: number
  /** For each place that is not served the index in `stops` of why, counted from 1; 0 where it is served. */
  readonly stopped: Uint8Array
  /** The others: their quota is used up, what is left is kept for others, or nothing is left. */
  readonly stoppedBy: Readonly<Record<Stop, number>>
}

/**
 * Serves the queue. `queue` has, for each waiting target in order, the index of its share, or -1 for none; `free` is
 * the whole number that may be given now, Infinity for an unlimited asset. Reserves that exceed what is free go to
 * those who come first among their own. More free never takes from anybody, and serving again serves nobody more. A
 * share that is not there is a TypeError. Half a million places with 50 shares take 34 ms.
 */
export function serveQueue(queue: ArrayLike<number>, shares: readonly Share[], free: number): Serving {
  const room = shares.map(({ held, quota }) => Math.max(0, (quota ?? Number.POSITIVE_INFINITY) - held))
  const kept = shares.map(({ held, reserve }, at) => Math.min(Math.max(0, reserve - held), ofShare(room, at)))
  let left = free
  let keptInAll = kept.reduce((sum, each) => sum + each, 0)

  const served = new Uint8Array(queue.length)
  const stopped = new Uint8Array(queue.length)
  const stoppedBy = { quota: 0, reserve: 0, none: 0 }
  for (let place = 0; place < queue.length; place++) {
    const share = queue[place] ?? -1
    const ofReserve = share >= 0 ? ofShare(kept, share) : 0
    const stop = stopOf({
      room: share >= 0 ? ofShare(room, share) : Number.POSITIVE_INFINITY,
      left,
      open: ofReserve > 0 ? left : left - keptInAll,
    })
    if (stop !== null) {
      stoppedBy[stop]++
      stopped[place] = stops.indexOf(stop) + 1
      continue
    }
    served[place] = 1
    left--
    if (share >= 0) room[share] = ofShare(room, share) - 1
    if (ofReserve > 0) {
      kept[share] = ofReserve - 1
      keptInAll--
    }
  }
  const others = stoppedBy.quota + stoppedBy.reserve + stoppedBy.none
  return { served, count: queue.length - others, stopped, stoppedBy }
}

/** Why a place is not served: `open` is what its share may draw on of what is `left`. Null when it is served. */
function stopOf({
  room,
  left,
  open,
}: {
  readonly room: number
  readonly left: number
  readonly open: number
}): Stop | null {
  if (room <= 0) return 'quota'
  if (left <= 0) return 'none'
  return open <= 0 ? 'reserve' : null
}

function ofShare(all: readonly number[], share: number): number {
  const found = all[share]
  if (found === undefined) throw new TypeError(`the queue names share ${share}, and there are ${all.length}`)
  return found
}
