/** The HTTP edge of titles over all locations (C3), of what changed (C4) and of what fits a device (C2). */
import { sql } from 'kysely'
import { z } from 'zod'
import { listedPlatform } from '../catalog/platforms.ts'
import { changesCountSince } from '../catalog/recent.ts'
import { bringSumsUpToDate } from '../catalog/title-sums.ts'
import { presentAsset } from '../licenses/present.ts'
import { allAssets, pageOfAssets } from '../licenses/read-assets.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db/database.ts'
import { Refusal } from '../platform/errors.ts'
import { decodeCursor, pageFrom } from '../platform/http/cursor.ts'
import { type HttpApp, route } from '../platform/http/routes.ts'
import { cursorId } from '../platform/http/shapes.ts'
import { pageOfDeviceTitles, presentDeviceTitle } from './device-titles.ts'
import { titlesCsv } from './export.ts'
import { presentTitle } from './present.ts'
import { pageOfChanges, presentChange } from './read-changes.ts'
import { pageOfTitles, type TitleFilter, type TitleRow } from './read-titles.ts'
import * as contract from './schema.ts'

interface TitlePorts {
  readonly db: Db
  readonly clock: Clock
}

type ListQuery = z.output<typeof contract.exportTitles.querystring>

/** Declares the routes of titles. */
export function titleRoutes(app: HttpApp, ports: TitlePorts): void {
  const { db, clock } = ports
  const filterOf = (query: ListQuery) => ({
    search: query.q?.toLowerCase() ?? '',
    adamId: null,
    locationId: query.tokenId ?? null,
    kind: query.kind ?? null,
    platform: listedPlatform(query.platform),
    show: query.show,
    changedSince: changesCountSince(clock.now()),
  })

  route(app, contract.listTitles, async ({ query }) => {
    const after = decodeCursor(query.cursor, z.tuple([z.union([z.string(), z.int()]), z.string()]))
    if (after !== null && (typeof after[0] === 'string') !== (query.sort === 'name')) {
      throw new Refusal('request.invalid', 'query.cursor belongs to another order; start again without it.')
    }
    const filter = filterOf(query)
    if (after === null) await bringSumsUpToDate(db)
    const rows = await pageOfTitles(db, { ...filter, sort: query.sort, after, limit: query.limit + 1 })
    return pageFrom(rows, query.limit, {
      key: (row) => [row.sort_key, row.adam_id],
      present: (row) => presentTitle(row, filter.changedSince),
    })
  })

  route(app, contract.exportTitles, async ({ query, reply }) => {
    reply.header('content-disposition', 'attachment; filename="titles.csv"')
    await bringSumsUpToDate(db)
    return titlesCsv(db, filterOf(query))
  })

  titleRoute(app, ports)

  route(app, contract.listTitleChanges, async ({ query }) => {
    const before = decodeCursor(query.cursor, z.tuple([cursorId]))?.[0] ?? null
    const { adamId = null, assetId = null, limit } = query
    const rows = await pageOfChanges(db, { adamId, assetId, before, limit: limit + 1 })
    return pageFrom(rows, limit, { key: (row) => [row.id], present: presentChange })
  })

  route(app, contract.listDeviceTitles, async ({ params, query }) => {
    const after = decodeCursor(query.cursor, z.tuple([z.string(), z.string()]))
    const changedSince = changesCountSince(clock.now())
    const search = query.q?.toLowerCase() ?? ''
    if (after === null) await bringSumsUpToDate(db)
    const wish = { deviceId: params.id, search, show: query.show, after, limit: query.limit + 1 }
    const rows = await pageOfDeviceTitles(db, wish)
    return pageFrom(rows, query.limit, {
      key: (row) => [row.name_key, row.adam_id],
      present: (row) => presentDeviceTitle(row, changedSince),
    })
  })
}

/** The pools are read as they are at this moment, and the sums beside them just before. */
function titleRoute(app: HttpApp, { db, clock }: TitlePorts): void {
  route(app, contract.getTitle, async ({ params: { adamId }, query: { cursor, limit } }) => {
    const after = decodeCursor(cursor, z.tuple([z.string(), cursorId]))
    const changedSince = changesCountSince(clock.now())
    await bringSumsUpToDate(db)
    const found = await existing(db, adamId, changedSince)
    const rows = await pageOfAssets(db, {
      ...allAssets,
      adamId,
      changedSince,
      sort: 'token',
      after,
      limit: limit + 1,
    })
    const { pools: poolCount, ...shown } = presentTitle(found, changedSince)
    return {
      ...shown,
      poolCount,
      names: await namesByCountry(db, adamId),
      pools: pageFrom(rows, limit, {
        key: (row) => [row.sort_key, row.id],
        present: (row) => ({ ...presentAsset(row), country: row.country }),
      }),
    }
  })
}

/** @throws Refusal `title.unknown` */
async function existing(db: Db, adamId: string, changedSince: Date): Promise<TitleRow> {
  const filter: TitleFilter = {
    search: '',
    adamId,
    locationId: null,
    kind: null,
    platform: null,
    show: 'all',
    changedSince,
    sort: 'name',
    after: null,
    limit: 1,
  }
  const [row] = await pageOfTitles(db, filter)
  if (row !== undefined) return row
  throw new Refusal('title.unknown', `No location owns an app or book with the adamId ${adamId}.`, { adamId })
}

/** What the stores of the owning locations call a title, where they do not agree. */
async function namesByCountry(db: Db, adamId: string): Promise<{ country: string; name: string }[]> {
  const { rows } = await sql<{ country: string; name: string }>`
    SELECT t.country, t.name FROM titles t WHERE t.adam_id = ${adamId} AND t.name IS NOT NULL
      AND EXISTS (SELECT FROM assets a JOIN locations l ON l.id = a.location_id AND l.country = t.country
        WHERE a.adam_id = t.adam_id)
    ORDER BY t.country`.execute(db)
  return new Set(rows.map((row) => row.name)).size > 1 ? [...rows] : []
}
