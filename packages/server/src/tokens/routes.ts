/** The HTTP edge of content tokens. */
import { z } from 'zod'
import { record } from '../audit/record.ts'
import type { Db } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import { decodeCursor, pageFrom } from '../platform/http/cursor.ts'
import { type HttpApp, route } from '../platform/http/routes.ts'
import { wakeLocation } from '../platform/outbox.ts'
import { type AddTokenPorts, addToken } from './add.ts'
import { inspectToken } from './inspect.ts'
import { presentInspection, presentSyncRun, presentToken } from './present.ts'
import { renewToken } from './renew.ts'
import * as contract from './schema.ts'
import {
  countsOfLocations,
  findLocation,
  type LocationRow,
  pageOfLocations,
  updateLocation,
} from './store.ts'
import { askForSync, latestSyncRuns, pageOfSyncRuns } from './sync-runs.ts'
import { takeOver } from './take-over.ts'

/** Declares the routes of content tokens. */
export function tokenRoutes(app: HttpApp, ports: AddTokenPorts): void {
  const { db, clock } = ports

  const present = async (rows: readonly LocationRow[]) => {
    const ids = rows.map((row) => row.id)
    const [counts, runs] = await Promise.all([countsOfLocations(db, ids), latestSyncRuns(db, ids)])
    const now = clock.now()
    return rows.map((row) =>
      presentToken(row, {
        counts: counts.find((each) => each.location_id === row.id),
        run: runs.find((each) => each.location_id === row.id),
        now,
      }),
    )
  }
  const presentOne = async (id: number) => {
    const [shown] = await present([await existing(db, id)])
    if (shown === undefined) throw unknown(id)
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
    await inTransaction(db, async (tx) => {
      const row = await existing(tx, params.id)
      const every = body.syncEveryMinutes ?? row.sync_every_minutes
      const soonest = new Date(clock.now().getTime() + every * 60_000)
      await updateLocation(tx, params.id, {
        name: body.name ?? row.name,
        account: body.account === undefined ? row.account : body.account,
        automaticUpdates: body.automaticUpdates ?? row.automatic_updates,
        syncEveryMinutes: every,
        nextSyncAt: row.next_sync_at < soonest ? row.next_sync_at : soonest,
      })
      const subject = { kind: 'token', id: params.id, name: body.name ?? row.name }
      await record(tx, { actor, at: clock.now(), action: 'token.changed', subject, details: body })
    })
    return presentOne(params.id)
  })

  route(app, contract.renewToken, async ({ params, body, actor }) => {
    await renewToken(ports, params.id, body.content, actor)
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

async function existing(db: Parameters<typeof findLocation>[0] | Db, id: number): Promise<LocationRow> {
  const row = await findLocation(db, id)
  if (row === undefined) throw unknown(id)
  return row
}

const unknown = (id: number): Refusal =>
  new Refusal('token.unknown', `There is no content token with the id ${id}.`, { tokenId: id })
