/** The HTTP edge of content tokens. */
import { z } from 'zod'
import { record } from '../audit/record.ts'
import type { Db } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { decodeCursor, pageFrom } from '../platform/http/cursor.ts'
import { type HttpApp, route } from '../platform/http/routes.ts'
import { cursorId } from '../platform/http/shapes.ts'
import { wakeLocation } from '../platform/outbox.ts'
import { type AddTokenPorts, addToken } from './add.ts'
import { unknownToken } from './apple.ts'
import { changeToken } from './change.ts'
import { previewCountry } from './country.ts'
import { inspectToken } from './inspect.ts'
import { refuseLeaving } from './leaving/refuse.ts'
import { presentInspection, presentSyncRun } from './present.ts'
import { presentCountryChange, presentServiceConfig } from './present-apple.ts'
import { presentTokens } from './present-tokens.ts'
import { renewToken } from './renew.ts'
import * as contract from './schema.ts'
import { findLocation, type LocationRow, pageOfLocations } from './store.ts'
import { askForSync, pageOfSyncRuns } from './sync-runs.ts'
import { takeOver } from './take-over.ts'
import { asRefusal } from './verdict.ts'

/** Declares the routes of content tokens. */
export function tokenRoutes(app: HttpApp, ports: AddTokenPorts): void {
  const { db, clock } = ports

  const present = (rows: readonly LocationRow[]) => presentTokens(ports, rows)
  const presentOne = async (id: number) => {
    const [shown] = await present([await existing(db, id)])
    if (shown === undefined) throw unknownToken(id)
    return shown
  }

  route(app, contract.inspectToken, async ({ body }) =>
    presentInspection(await inspectToken(ports, body.content)),
  )

  route(app, contract.addToken, async ({ body, actor }) => presentOne(await addToken(ports, body, actor)))

  route(app, contract.listTokens, async ({ query }) => {
    const after = decodeCursor(query.cursor, z.tuple([z.string(), cursorId]))
    const search = query.q?.toLowerCase() ?? ''
    const rows = await pageOfLocations(db, { limit: query.limit + 1, after, search })
    const page = pageFrom(rows, query.limit, {
      key: (row) => [row.name.toLowerCase(), row.id],
      present: (row) => row,
    })
    return { items: await present(page.items), nextCursor: page.nextCursor }
  })

  route(app, contract.getToken, ({ params }) => presentOne(params.id))

  route(app, contract.updateToken, async ({ params, body, actor }) => {
    await changeToken(ports, params.id, body, actor)
    return presentOne(params.id)
  })

  route(app, contract.renewToken, async ({ params, body, actor }) => {
    await renewToken(ports, params.id, body, actor)
    return presentOne(params.id)
  })

  route(app, contract.claimToken, async ({ params, actor }) => {
    await takeOver(ports, params.id, actor)
    return presentOne(params.id)
  })

  route(app, contract.startSync, async ({ params, query, actor }) => {
    const at = clock.now()
    const run = await inTransaction(db, async (tx) => {
      const row = await existing(tx, params.id)
      refuseLeaving(row)
      const asked = { locationId: params.id, cause: 'administrator', id: ports.newId(), at } as const
      const open = await askForSync(tx, { ...asked, everything: query.everything })
      await wakeLocation(tx, params.id)
      const subject = { kind: 'token', id: params.id, name: row.name }
      await record(tx, { actor, at, action: 'token.sync_asked', subject })
      return open
    })
    return presentSyncRun(run)
  })

  route(app, contract.listSyncs, async ({ params, query }) => {
    await existing(db, params.id)
    const key = decodeCursor(query.cursor, z.tuple([z.iso.datetime()]))
    const before = key === null ? null : new Date(key[0])
    const rows = await pageOfSyncRuns(db, params.id, { limit: query.limit + 1, before })
    return pageFrom(rows, query.limit, {
      key: (row) => [row.asked_at.toISOString()],
      present: presentSyncRun,
    })
  })
}

/** What Apple says, publishes and sells elsewhere (S4, T7). */
export function appleRoutes(app: HttpApp, ports: AddTokenPorts): void {
  const { db, clock } = ports

  route(app, contract.previewCountry, async ({ params, query }) => {
    const row = await existing(db, params.id)
    return presentCountryChange(row, query.country, await previewCountry(db, row, query.country))
  })

  route(app, contract.getServiceConfig, async () => {
    const read = await ports.apple.serviceConfig().catch((error: unknown) => {
      throw asRefusal(error)
    })
    return presentServiceConfig(read, clock.now())
  })
}

async function existing(db: Parameters<typeof findLocation>[0] | Db, id: number): Promise<LocationRow> {
  const row = await findLocation(db, id)
  if (row === undefined) throw unknownToken(id)
  return row
}
