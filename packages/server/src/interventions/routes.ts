/** The HTTP edge of taking back, freeing and adopting licenses. */
import { z } from 'zod'
import { csv } from '../licenses/csv.ts'
import type { Db } from '../platform/db/database.ts'
import { Refusal } from '../platform/errors.ts'
import { decodeCursor, pageFrom } from '../platform/http/cursor.ts'
import { type HttpApp, route } from '../platform/http/routes.ts'
import { cursorId } from '../platform/http/shapes.ts'
import { applyIntervention, unknownIntervention } from './apply.ts'
import { giveAgain } from './give-again.ts'
import { presentIntervention, presentItem } from './present.ts'
import { type InterventionPorts, previewIntervention } from './preview.ts'
import { type ItemFilter, type ItemRow, itemKey, pageOfItems } from './read-items.ts'
import * as contract from './schema.ts'
import { findIntervention, pageOfInterventions, type ShownIntervention } from './store.ts'
import { previewUndo } from './undo.ts'

/** Declares the routes of interventions. */
export function interventionRoutes(app: HttpApp, ports: InterventionPorts): void {
  const { db } = ports

  route(app, contract.createIntervention, async ({ body, actor }) => {
    const id = await previewIntervention(ports, wishOf(body), actor)
    return presentIntervention(await existing(db, id))
  })

  route(app, contract.applyIntervention, async ({ params: { id }, actor }) => {
    const result = await applyIntervention(ports, id, actor)
    if (result === 'begun') return presentIntervention(await existing(db, id))
    throw new Refusal(
      'intervention.world_moved',
      'Something changed since this preview was made, and it would now do something else. Look at the new preview and apply that.',
      { intervention: presentIntervention(await existing(db, result.movedTo)) },
    )
  })

  route(app, contract.undoIntervention, async ({ params, actor }) =>
    presentIntervention(await existing(db, await previewUndo(ports, params.id, actor))),
  )

  route(app, contract.getIntervention, async ({ params }) =>
    presentIntervention(await existing(db, params.id)),
  )

  route(app, contract.listInterventions, async ({ query }) => {
    const before = decodeCursor(query.cursor, z.tuple([z.iso.datetime(), z.uuid()]))
    const { tokenId: locationId = null, assetId = null, limit } = query
    const rows = await pageOfInterventions(db, { locationId, assetId, before, limit: limit + 1 })
    return pageFrom(rows, limit, {
      key: (row) => [(row.applied_at ?? row.created_at).toISOString(), row.id],
      present: presentIntervention,
    })
  })

  route(app, contract.listInterventionLicenses, async ({ params, query }) => {
    const after = decodeCursor(query.cursor, z.tuple([cursorId, z.enum(['device', 'user']), z.string()]))
    const filter = { search: query.q ?? '', outcome: query.outcome ?? null, after, limit: query.limit + 1 }
    const rows = await pageOfItems(db, await existing(db, params.id), filter)
    return pageFrom(rows, query.limit, { key: itemKey, present: presentItem })
  })

  route(app, contract.exportInterventionLicenses, async ({ params, reply }) => {
    const row = await existing(db, params.id)
    reply.header('content-disposition', `attachment; filename="licenses-${row.id}.csv"`)
    return itemsCsv(db, row)
  })

  route(app, contract.giveAgain, async ({ body, actor }) => {
    const { interventionId = null, tokenId = null, assetId = null, serialNumber = null } = body
    return { given: await giveAgain(ports, { interventionId, tokenId, assetId, serialNumber }, actor) }
  })
}

function wishOf({ scope, ...body }: z.output<typeof contract.createIntervention.body>) {
  return {
    kind: body.kind,
    include_outside: body.includeOutside,
    required: body.required,
    unassigned: body.unassigned,
    scope: {
      everything: scope.everything ?? false,
      tokenId: scope.tokenId ?? null,
      assetId: scope.assetId ?? null,
      serialNumber: scope.serialNumber ?? null,
      clientUserId: scope.clientUserId ?? null,
      userId: scope.userId ?? null,
      idle: scope.idle ?? null,
    },
  }
}

async function existing(db: Db, id: string): Promise<ShownIntervention> {
  const row = await findIntervention(db, id)
  if (row === undefined) throw unknownIntervention(id)
  return row
}

const itemColumns = [
  'app',
  'token',
  'kind',
  'serial_number_or_user',
  'name',
  'outcome',
  'reason',
  'text',
  'error_number',
]

function itemsCsv(db: Db, intervention: ShownIntervention): NodeJS.ReadableStream {
  return csv(itemColumns, async function* () {
    let after: ItemFilter['after'] = null
    for (;;) {
      const filter: ItemFilter = { search: '', outcome: null, after, limit: 1000 }
      const rows: readonly ItemRow[] = await pageOfItems(db, intervention, filter)
      for (const row of rows) {
        const { asset, tokenName, kind, id, name, outcome, reason, text, errorNumber } = presentItem(row)
        yield [asset.name, tokenName, kind, id, name, outcome, reason, text, errorNumber]
      }
      const last = rows.at(-1)
      if (rows.length < 1000 || last === undefined) return
      after = itemKey(last)
    }
  })
}
