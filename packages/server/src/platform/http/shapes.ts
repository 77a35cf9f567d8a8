/** Shapes that many routes share. */
import { z } from 'zod'

/** A moment as ISO 8601 in UTC. */
export const moment = z.iso.datetime()

/** Keyset pagination: `cursor` is opaque, taken from `nextCursor` of the page before. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50).describe('Rows on a page'),
  cursor: z.string().max(500).optional().describe('`nextCursor` of the page before'),
})

/** A page of `item`; `nextCursor` is null on the last one. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() })
}

export const idParams = z.object({ id: z.coerce.number().int().positive() })
export const uuidParams = z.object({ id: z.uuid() })

export const searchQuery = z.string().trim().max(200).optional()
