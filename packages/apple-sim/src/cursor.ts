/**
 * Pages with a cursor, as the subscription family has them: opaque, one after the other, each bound to the list,
 * the filters and the location it was made for.
 */
import { createHash } from 'node:crypto'
import { envelope } from './envelope.ts'
import { Refusal } from './refusal.ts'
import type { Call } from './simulation.ts'
import type { VersionLog } from './version-log.ts'

export interface CursorList<Item extends { readonly order: number }> {
  /** Name of the list in the answer. */
  readonly name: string
  /** Everything that the filters let through, ascending by `order`. */
  readonly items: readonly Item[]
  readonly present: (item: Item) => unknown
  readonly versions: VersionLog
}

/** The page that the request's cursor asks for, the first one without; 9812 for a cursor that is none of ours. */
export function cursorPage<Item extends { readonly order: number }>(
  call: Call,
  { name, items, present, versions }: CursorList<Item>,
): string {
  const { simulation, query } = call
  const { pageSize, emptyListKey } = simulation.knobs()
  const list = walkOf(call, name)
  const after = positionOf(list, query.get('cursor'))
  const rest = items.filter(({ order }) => order > after)
  const shown = rest.slice(0, pageSize)
  const last = shown.at(-1)
  return JSON.stringify({
    ...((shown.length > 0 || emptyListKey === 'present') && { [name]: shown.map(present) }),
    ...(last && rest.length > shown.length && { nextCursor: cursorAt(list, last.order) }),
    versionId: versions.current(simulation.clock.now()),
    ...envelope(call),
  })
}

/** Names the walk that a cursor belongs to: the same location, list and filters. */
function walkOf({ location, query }: Call, name: string): string {
  const filters = [...query].filter(([key]) => key !== 'cursor').sort(([a], [b]) => a.localeCompare(b))
  return JSON.stringify([location.uId, name, filters])
}

function cursorAt(walk: string, order: number): string {
  return Buffer.from(`${order}.${seal(walk, order)}`).toString('base64url')
}

function positionOf(walk: string, cursor: string | null): number {
  if (cursor === null) return 0
  const order = Number(/^\d{1,15}/.exec(Buffer.from(cursor, 'base64url').toString())?.[0])
  // Compared as a whole: a cursor with a character too many is none of ours either.
  if (cursorAt(walk, order) !== cursor) throw new Refusal(9812)
  return order
}

const seal = (walk: string, order: number): string =>
  createHash('sha256').update(`${order} ${walk}`).digest('hex').slice(0, 16)
