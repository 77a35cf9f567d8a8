/**
 * Lists that cost the same on every page, also when they are searched.
 *
 * A search by several beginnings (serial number, name, user) is walked as one section for each, in turn: each
 * section is a range of one index, so no page sorts or skips what came before. Texts compare byte by byte
 * (`~<~`), the order of the indexes, whatever the collation of the database.
 */
import { type RawBuilder, sql } from 'kysely'
import { z } from 'zod'
import { encodeCursor } from '../platform/http/cursor.ts'

/** Where a page begins: after this row of this section. */
export const sectionCursor = z.tuple([z.int().min(0), z.string(), z.int()])
/** The section, its text and the id of the last row of a page. */
export type SectionCursor = z.output<typeof sectionCursor>

/** What a row says of its place: the text that its section is ordered by, and its id. */
export interface Placed {
  readonly id: number
  readonly place: string
}

/** One way in which rows match, ordered by `text` and then `id`, both expressions over an index. */
export interface Section<Row extends Placed> {
  readonly text: RawBuilder<unknown>
  readonly id: RawBuilder<unknown>
  /** No two rows have the same text. */
  readonly isUnique?: boolean
  /** Selects the rows that match `condition` in the order given, at most `limit`. `place` has to be `text`. */
  readonly rows: (range: Range) => Promise<readonly Row[]>
}

/** A part of a section and how many rows of it are wanted. */
export interface Range {
  readonly condition: RawBuilder<unknown>
  readonly order: RawBuilder<unknown>
  readonly limit: number
}

/** A page of `limit` rows out of all sections in turn. */
export async function sectionPage<Row extends Placed>(
  sections: readonly Section<Row>[],
  { limit, after }: { readonly limit: number; readonly after: SectionCursor | null },
): Promise<{ readonly rows: readonly Row[]; readonly nextCursor: string | null }> {
  const [from, ...place] = after ?? [0, '', 0]
  const found: { readonly section: number; readonly row: Row }[] = []
  for (const [index, section] of sections.entries()) {
    if (index < from) continue
    const start = after !== null && index === from ? place : null
    for (const range of rangesAfter(section, start)) {
      const wanted = limit + 1 - found.length
      if (wanted <= 0) break
      for (const row of await section.rows({ ...range, limit: wanted })) found.push({ section: index, row })
    }
  }
  const shown = found.slice(0, limit)
  const last = shown.at(-1)
  const more = found.length > limit && last !== undefined
  return {
    rows: shown.map(({ row }) => row),
    nextCursor: more ? encodeCursor([last.section, last.row.place, last.row.id]) : null,
  }
}

/** Rows with the same text first, then those with a later one: two ranges of the index instead of a filter. */
function rangesAfter<Row extends Placed>(
  { text, id, isUnique = false }: Section<Row>,
  place: readonly [text: string, id: number] | null,
): readonly Omit<Range, 'limit'>[] {
  const order = sql`${text} USING ~<~, ${id}`
  if (place === null) return [{ condition: sql`true`, order }]
  const later = { condition: sql`${text} ~>~ ${place[0]}`, order }
  if (isUnique) return [later]
  return [{ condition: sql`${text} = ${place[0]} AND ${id} > ${place[1]}`, order: sql`${id}` }, later]
}

/** `text` begins with what was searched for, taken literally. */
export function beginsWith(text: RawBuilder<unknown>, beginning: RawBuilder<string>): RawBuilder<unknown> {
  return sql`${text} LIKE ${beginning} || '%'`
}

/** The searched text with LIKE's wildcards taken literally. */
export function literal(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&')
}
