/** The HTTP edge of assets, holders and operations. */
import { z } from 'zod'
import { listedPlatform } from '../catalog/platforms.ts'
import { changesCountSince } from '../catalog/recent.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db/database.ts'
import { Refusal } from '../platform/errors.ts'
import { decodeCursor, pageFrom } from '../platform/http/cursor.ts'
import { type HttpApp, route } from '../platform/http/routes.ts'
import { cursorId } from '../platform/http/shapes.ts'
import { assetsCsv, holdersCsv } from './export.ts'
import { presentAsset, presentFinding, presentHolder, presentOperation } from './present.ts'
import { type AssetRow, allAssets, pageOfAssets, sortsByText } from './read-assets.ts'
import { holderKey, pageOfHolders } from './read-holders.ts'
import { pageOfOperations } from './read-operations.ts'
import * as contract from './schema.ts'
import { pageOfFindings, syncRunExists } from './sync/findings.ts'

/** Declares the routes of assets and operations. */
export function licenseRoutes(app: HttpApp, { db, clock }: { readonly db: Db; readonly clock: Clock }): void {
  route(app, contract.listAssets, async ({ query }) => {
    const after = decodeCursor(query.cursor, z.tuple([z.union([z.string(), z.int()]), z.int()]))
    if (after !== null && (typeof after[0] === 'string') !== sortsByText(query.sort)) {
      throw new Refusal('request.invalid', 'query.cursor belongs to another order; start again without it.')
    }
    const { kind = null, tokenId: locationId = null, adamId = null, show, sort, limit } = query
    const platform = listedPlatform(query.platform)
    const search = query.q?.toLowerCase() ?? ''
    const changedSince = changesCountSince(clock.now())
    const filter = { search, locationId, id: null, adamId, kind, platform, show, changedSince, sort, after }
    const rows = await pageOfAssets(db, { ...filter, limit: limit + 1 })
    return pageFrom(rows, limit, { key: (row) => [row.sort_key, row.id], present: presentAsset })
  })

  route(app, contract.exportAssets, async ({ query, reply }) => {
    reply.header('content-disposition', 'attachment; filename="apps.csv"')
    return assetsCsv(db, query.tokenId ?? null)
  })

  route(app, contract.getAsset, async ({ params }) =>
    presentAsset(await existing(db, params.id, changesCountSince(clock.now()))),
  )

  route(app, contract.listHolders, async ({ params, query }) => {
    await existing(db, params.id)
    const after = decodeCursor(query.cursor, z.tuple([cursorId, z.string()]))
    const { state, limit } = query
    const search = query.q?.toUpperCase() ?? ''
    const rows = await pageOfHolders(db, { assetId: params.id, search, state, after, limit: limit + 1 })
    return pageFrom(rows, limit, { key: holderKey, present: presentHolder })
  })

  route(app, contract.exportHolders, async ({ params, reply }) => {
    const asset = await existing(db, params.id)
    reply.header('content-disposition', `attachment; filename="holders-${asset.adam_id}.csv"`)
    return holdersCsv(db, params.id)
  })

  route(app, contract.listOperations, async ({ query }) => {
    const before = decodeCursor(query.cursor, z.tuple([z.iso.datetime(), z.uuid()]))
    const { tokenId: locationId = null, assetId = null, open = false, limit } = query
    const rows = await pageOfOperations(db, { locationId, assetId, open, before, limit: limit + 1 })
    return pageFrom(rows, limit, {
      key: (row) => [row.recorded_at.toISOString(), row.id],
      present: presentOperation,
    })
  })

  route(app, contract.listSyncFindings, async ({ params, query }) => {
    await existingRun(db, params.id)
    const after = decodeCursor(query.cursor, z.tuple([z.string().regex(/^\d{1,18}$/)]))?.[0] ?? null
    const rows = await pageOfFindings(db, params.id, { after, limit: query.limit + 1 })
    return pageFrom(rows, query.limit, { key: (row) => [row.id], present: presentFinding })
  })
}

async function existingRun(db: Db, id: string): Promise<void> {
  if (!(await syncRunExists(db, id)))
    throw new Refusal('sync.unknown', `There is no sync with the id ${id}.`, { syncId: id })
}

async function existing(db: Db, id: number, changedSince: Date | null = null): Promise<AssetRow> {
  const [row] = await pageOfAssets(db, { ...allAssets, id, changedSince, limit: 1 })
  if (row === undefined)
    throw new Refusal('asset.unknown', `There is no app or book with the id ${id}.`, { assetId: id })
  return row
}
