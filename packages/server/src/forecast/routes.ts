/** The HTTP edge of forecasts and of the shopping list (L10). */
import { z } from 'zod'
import { Refusal } from '../platform/errors.ts'
import { decodeCursor, pageFrom } from '../platform/http/cursor.ts'
import { type HttpApp, route } from '../platform/http/routes.ts'
import { cursorId } from '../platform/http/shapes.ts'
import { plannedDemand } from './planned-demand.ts'
import { presentAssetForecast, presentForecastLine, presentLine } from './present.ts'
import { findUsedAsset } from './read-facts.ts'
import { pageOfForecasts } from './read-forecasts.ts'
import type { ForecastPorts } from './refresh.ts'
import * as contract from './schema.ts'
import { pageOfShoppingList, shoppingCsv, shoppingKey } from './shopping-list.ts'

/** Declares the routes of forecasts. */
export function forecastRoutes(app: HttpApp, { db, clock }: ForecastPorts): void {
  // One asset is worked out when it is asked for, so that its page shows what holds now.
  route(app, contract.getForecast, async ({ params: { id } }) => {
    const now = clock.now()
    const asset = await findUsedAsset(db, id, now)
    if (asset === undefined)
      throw new Refusal('asset.unknown', `There is no app or book with the id ${id}.`, { assetId: id })
    const waves = await plannedDemand(db, [id], now)
    return presentAssetForecast(asset, waves.get(id) ?? [], now)
  })

  route(app, contract.listForecasts, async ({ query }) => {
    const after = decodeCursor(query.cursor, z.tuple([cursorId, cursorId]))
    const { tokenId: locationId = null, within = null, limit } = query
    const rows = await pageOfForecasts(db, { locationId, within, after, limit: limit + 1 })
    return pageFrom(rows, limit, {
      key: (row) => [row.place, row.asset_id],
      present: presentForecastLine,
    })
  })

  route(app, contract.listShoppingList, async ({ query }) => {
    const after = decodeCursor(
      query.cursor,
      z.tuple([cursorId, z.int().max(0).min(-2_147_483_647), cursorId]),
    )
    const { tokenId: locationId = null, horizon, cautious, limit } = query
    const page = { after, limit: limit + 1 }
    const rows = await pageOfShoppingList(db, { horizon, cautious, locationId }, page)
    return pageFrom(rows, limit, { key: shoppingKey, present: (row) => presentLine(row, cautious) })
  })

  route(app, contract.exportShoppingList, ({ query, reply }) => {
    reply.header('content-disposition', 'attachment; filename="shopping-list.csv"')
    return shoppingCsv(db, { ...query, locationId: query.tokenId ?? null })
  })
}
