/** The HTTP edge of content tokens. */
import { z } from 'zod'
import { record } from '../audit/record.ts'
import type { Db } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { decodeCursor, pageFrom } from '../platform/http/cursor.ts'
import { type HttpApp, route } from '../platform/http/routes.ts'
import { wakeLocation } from '../platform/outbox.ts'
import { type AddTokenPorts, addToken } from './add.ts'
import { unknownToken } from './apple.ts'
import { changeToken } from './change.ts'
import { previewCountry } from './country.ts'
import { healthOf } from './health-store.ts'
import { inspectToken } from './inspect.ts'
import { askToLeave, cancelLeaving } from './leaving/ask.ts'
import { deletionsBlocked } from './leaving/blocked.ts'
import { previewLeaving } from './leaving/preview.ts'
import { refuseLeaving } from './leaving/refuse.ts'
import * as leavingContract from './leaving/schema.ts'
import { presentInspection, presentSyncRun, presentToken } from './present.ts'
import { presentCountryChange, presentServiceConfig } from './present-apple.ts'
import { renewToken } from './renew.ts'
import * as contract from './schema.ts'
import { countsOfLocations, findLocation, type LocationRow, pageOfLocations } from './store.ts'
import { askForSync, latestSyncRuns, pageOfSyncRuns } from './sync-runs.ts'
import { takeOver } from './take-over.ts'
import { asRefusal } from './verdict.ts'
import { lastHeard } from './webhook-store.ts'

/** Declares the routes of content tokens. */
export function tokenRoutes(app: HttpApp, ports: AddTokenPorts): void {
  const { db, clock } = ports

  const hasAddress = ports.notificationBase !== null

  const present = async (rows: readonly LocationRow[]) => {
    const ids = rows.map((row) => row.id)
    const now = clock.now()
    const [counts, runs, heard, health] = await Promise.all([
      countsOfLocations(db, ids),
      latestSyncRuns(db, ids),
      lastHeard(
        db,
        rows.map((row) => row.uid),
      ),
      deletionsBlocked(db, rows, now).then((deletionBlocked) =>
        healthOf({ db, hasAddress }, rows, { now, deletionBlocked }),
      ),
    ])
    return rows.map((row) =>
      presentToken(row, {
        counts: counts.find((each) => each.location_id === row.id),
        run: runs.find((each) => each.location_id === row.id),
        health: health.get(row.id),
        heardAt: heard.get(row.uid),
        hasAddress,
        now,
      }),
    )
  }
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
    const after = decodeCursor(query.cursor, z.tuple([z.string(), z.int()]))
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

  route(app, contract.startSync, async ({ params, actor }) => {
    const at = clock.now()
    const run = await inTransaction(db, async (tx) => {
      const row = await existing(tx, params.id)
      refuseLeaving(row)
      const asked = { locationId: params.id, cause: 'administrator', id: ports.newId(), at } as const
      const open = await askForSync(tx, asked)
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

  leavingRoutes(app, ports)
}

/** Deleting a content token (T6). */
function leavingRoutes(app: HttpApp, ports: AddTokenPorts): void {
  const { db, clock } = ports

  route(app, leavingContract.getDeletion, ({ params }) => previewLeaving(db, params.id, clock.now()))

  route(app, leavingContract.startDeletion, async ({ params, body, actor }) => {
    await askToLeave(ports, params.id, body, actor)
    return previewLeaving(db, params.id, clock.now())
  })

  route(app, leavingContract.cancelDeletion, ({ params, actor }) => cancelLeaving(ports, params.id, actor))
}

async function existing(db: Parameters<typeof findLocation>[0] | Db, id: number): Promise<LocationRow> {
  const row = await findLocation(db, id)
  if (row === undefined) throw unknownToken(id)
  return row
}
