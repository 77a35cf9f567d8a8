/** Keyset cursors: the sort key of a page's last row, opaque to callers. */
import type { z } from 'zod'
import { Refusal } from '../errors.ts'

/** A cursor after this key. */
export function encodeCursor(key: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

/** The key of a cursor, checked against its shape; null on the first page. @throws Refusal `request.invalid` */
export function decodeCursor<Key extends z.ZodType>(
  cursor: string | undefined,
  key: Key,
): z.output<Key> | null {
  if (cursor === undefined) return null
  const parsed = key.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString('utf8')))
  if (parsed.success) return parsed.data
  throw new Refusal(
    'request.invalid',
    'query.cursor is not one that this server gave; start again without it.',
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** One page out of one row more than asked for, with the cursor that leads on. */
export function pageFrom<Row, Item>(
  rows: readonly Row[],
  limit: number,
  more: { readonly key: (row: Row) => readonly (string | number)[]; readonly present: (row: Row) => Item },
): { items: Item[]; nextCursor: string | null } {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  return {
    items: shown.map(more.present),
    nextCursor: rows.length > limit && last !== undefined ? encodeCursor(more.key(last)) : null,
  }
}
