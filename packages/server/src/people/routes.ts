/** The HTTP edge of people at Apple. */
import { doubleSpendKinds } from '@apportion/core/people/double-spend'
import { z } from 'zod'
import { decodeCursor, pageFrom } from '../platform/http/cursor.ts'
import type { HttpApp } from '../platform/http/routes.ts'
import { route } from '../platform/http/routes.ts'
import { cursorId } from '../platform/http/shapes.ts'
import { type AskPorts, retryRegistration, showInvitation } from './ask.ts'
import { countPairs, pageOfPairs, pairKey } from './double-spend.ts'
import { presentPair } from './present-pair.ts'
import * as contract from './schema.ts'

/** Declares the routes of invitations, registrations, and licenses that are spent twice. */
export function peopleRoutes(app: HttpApp, ports: AskPorts): void {
  route(app, contract.showInvitation, async ({ params, actor, reply }) => {
    reply.header('cache-control', 'no-store')
    return { url: await showInvitation(ports, params, actor) }
  })

  route(app, contract.retryRegistration, ({ params, actor }) => retryRegistration(ports, params, actor))

  route(app, contract.listDoubleSpend, async ({ query }) => {
    const { kind, tokenId: locationId = null, cursor, limit } = query
    const after = decodeCursor(cursor, z.tuple([cursorId, cursorId, z.string(), z.string()]))
    const rows = await pageOfPairs(ports.db, { kind, locationId, after, limit: limit + 1 })
    return pageFrom(rows, limit, { key: pairKey, present: (row) => presentPair(kind, row) })
  })

  route(app, contract.summarizeDoubleSpend, async ({ query }) => {
    const locationId = query.tokenId ?? null
    const kinds = []
    for (const kind of doubleSpendKinds)
      kinds.push({ kind, ...(await countPairs(ports.db, { kind, locationId })) })
    return { kinds }
  })
}
