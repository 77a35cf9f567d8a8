/** The HTTP edge of the ledger (L13). */
import { z } from 'zod'
import { csv } from '../licenses/csv.ts'
import type { Db } from '../platform/db/database.ts'
import { Refusal } from '../platform/errors.ts'
import { decodeCursor, pageFrom } from '../platform/http/cursor.ts'
import { type HttpApp, route } from '../platform/http/routes.ts'
import { cursorId } from '../platform/http/shapes.ts'
import { presentLedgerLine, presentPastHolder } from './present.ts'
import { type LedgerFilter, type LedgerRow, pageOfHoldersAt, pageOfLedger } from './read-ledger.ts'
import * as contract from './schema.ts'

/** Declares the routes of the ledger. */
export function ledgerRoutes(app: HttpApp, { db }: { readonly db: Db }): void {
  route(app, contract.listLedger, async ({ query }) => {
    const before = decodeCursor(query.cursor, z.tuple([cursorId]))?.[0] ?? null
    const rows = await pageOfLedger(db, filterOf(query), { before, limit: query.limit + 1 })
    return pageFrom(rows, query.limit, { key: (row) => [row.id], present: presentLedgerLine })
  })

  route(app, contract.exportLedger, ({ query, reply }) => {
    reply.header('content-disposition', 'attachment; filename="ledger.csv"')
    return ledgerCsv(db, filterOf(query))
  })

  route(app, contract.listHoldersAt, async ({ query }) => {
    const { assetId = null, limit } = query
    const holder = holderOf(query)
    if (assetId === null && holder === null) {
      throw new Refusal('request.invalid', 'query names nothing. Give assetId, serialNumber or clientUserId.')
    }
    const after = decodeCursor(query.cursor, z.tuple([cursorId, z.enum(['device', 'user']), z.string()]))
    const moment = { at: new Date(query.at), after, limit: limit + 1 }
    const rows = await pageOfHoldersAt(db, { assetId, holder, userId: null }, moment)
    return pageFrom(rows, limit, {
      key: (row) => [row.asset_id, row.holder_kind, row.holder],
      present: presentPastHolder,
    })
  })
}

type Query = z.output<typeof contract.exportLedger.querystring>

function holderOf({
  serialNumber,
  clientUserId,
}: Pick<Query, 'serialNumber' | 'clientUserId'>): LedgerFilter['holder'] {
  if (serialNumber !== undefined && clientUserId !== undefined) {
    throw new Refusal('request.invalid', 'query: give serialNumber or clientUserId, not both.')
  }
  if (serialNumber !== undefined) return { kind: 'device', id: serialNumber }
  return clientUserId === undefined ? null : { kind: 'user', id: clientUserId }
}

function filterOf(query: Query): LedgerFilter {
  return {
    assetId: query.assetId ?? null,
    locationId: query.tokenId ?? null,
    holder: holderOf(query),
    userId: query.userId ?? null,
    change: query.change ?? null,
    from: query.from === undefined ? null : new Date(query.from),
    to: query.to === undefined ? null : new Date(query.to),
    interventionId: query.interventionId ?? null,
  }
}

const columns = [
  'seq',
  'at',
  'change',
  'app',
  'token',
  'kind',
  'serial_number_or_user',
  'name',
  'cause',
  'text',
  'error_number',
  'by',
  'operation_id',
  'record_id',
]

const pageSize = 1000

function ledgerCsv(db: Db, filter: LedgerFilter): NodeJS.ReadableStream {
  return csv(columns, async function* () {
    let before: number | null = null
    for (;;) {
      const rows: readonly LedgerRow[] = await pageOfLedger(db, filter, { before, limit: pageSize })
      for (const { seq, at, change, asset, token, kind, id, name, cause, ...more } of rows.map(
        presentLedgerLine,
      )) {
        const what = [seq, at, change, asset.name, token.name, kind, id, name]
        const why = [cause.code, cause.text, cause.errorNumber, cause.by]
        yield [...what, ...why, more.operationId, more.interventionId]
      }
      const last = rows.at(-1)
      if (rows.length < pageSize || last === undefined) return
      before = last.id
    }
  })
}
