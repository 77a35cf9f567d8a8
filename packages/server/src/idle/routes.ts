/** The HTTP edge of idle licenses. Freeing them is an intervention whose scope is `idle`. */
import { z } from 'zod'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import { decodeCursor, pageFrom } from '../platform/http/cursor.ts'
import { type HttpApp, route } from '../platform/http/routes.ts'
import { cursorId } from '../platform/http/shapes.ts'
import { findLocation } from '../tokens/store.ts'
import { askForLooks } from './ask.ts'
import { presentIdle, presentSums } from './present.ts'
import { idleKey, idleSums, pageOfIdle } from './read-idle.ts'
import * as contract from './schema.ts'
import { setUnseenDays, unseenDaysOf } from './settings.ts'

/** Declares the routes of idle licenses. */
export function idleRoutes(app: HttpApp, ports: { readonly db: Db; readonly clock: Clock }): void {
  const { db, clock } = ports

  route(app, contract.listIdleLicenses, async ({ query }) => {
    const after = decodeCursor(
      query.cursor,
      z.tuple([cursorId, cursorId, z.enum(['device', 'user']), z.string()]),
    )
    const { reason = null, assetId = null, tokenId: locationId = null, q: search = '', limit } = query
    const rows = await pageOfIdle(db, { reason, assetId, locationId, search, after, limit: limit + 1 })
    return pageFrom(rows, limit, { key: idleKey, present: presentIdle })
  })

  const summary = async (locationId: number | null, assetId: number | null) =>
    presentSums(await idleSums(db, { locationId, assetId }), await unseenDaysOf(db))

  route(app, contract.summarizeIdleLicenses, ({ query }) =>
    summary(query.tokenId ?? null, query.assetId ?? null),
  )

  route(app, contract.lookForIdleLicenses, async ({ body }) => {
    const locationId = body.tokenId ?? null
    if (locationId !== null && (await findLocation(db, locationId)) === undefined) {
      const text = `There is no content token with the id ${locationId}.`
      throw new Refusal('token.unknown', text, { tokenId: locationId })
    }
    await inTransaction(db, (tx) => askForLooks(tx, { locationId, now: clock.now() }))
    return { ...(await summary(locationId, null)), looking: true }
  })

  route(app, contract.getIdleSettings, async () => ({ unseenDays: await unseenDaysOf(db) }))

  route(app, contract.putIdleSettings, async ({ body, actor }) => {
    await setUnseenDays(ports, body.unseenDays, actor)
    return { unseenDays: await unseenDaysOf(db) }
  })
}
