/** Shapes that many routes share. */
import { z } from 'zod'

/** A moment as ISO 8601 in UTC. */
export const moment = z.iso.datetime()

/** Keyset pagination: `cursor` is opaque, taken from `nextCursor` of the page before. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(50).describe('Rows on a page'),
  // Sort keys hold names, whose letters may take several bytes each.
  cursor: z.string().max(4000).optional().describe('`nextCursor` of the page before'),
})

/** A page of `item`; `nextCursor` is null on the last one. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() })
}

/** The largest number that an id can have. */
const largestId = 2_147_483_647

/** An id in a body, and one in an address. */
export const bodyId = z.number().int().positive().max(largestId)
export const addressId = z.coerce.number().int().positive().max(largestId)

/** An id in a cursor. */
export const cursorId = z.int().min(0).max(largestId)

export const idParams = z.object({ id: addressId })
export const uuidParams = z.object({ id: z.uuid() })

export const searchQuery = z.string().trim().max(200).optional()
