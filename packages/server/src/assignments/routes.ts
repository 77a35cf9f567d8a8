/** The HTTP edge of assignments and plans. */
import { sql } from 'kysely'
import { z } from 'zod'
import type { Actor } from '../platform/auth/actor.ts'
import type { Db } from '../platform/db/database.ts'
import { Refusal } from '../platform/errors.ts'
import { decodeCursor, pageFrom } from '../platform/http/cursor.ts'
import { type HttpApp, route } from '../platform/http/routes.ts'
import { cursorId } from '../platform/http/shapes.ts'
import { applyPlan, makePlan, type PlanPorts, presentPlan } from './apply.ts'
import { askFor } from './ask.ts'
import { changeRollout } from './change-rollout.ts'
import { targetsOfDevice } from './device-targets.ts'
import type { PlanChange } from './plan-change.ts'
import { pageOfPlanRows } from './plan-rows.ts'
import * as planContract from './plan-schema.ts'
import { presentAssignment as present } from './present.ts'
import * as contract from './schema.ts'
import { pageOfAssignments } from './store.ts'
import { wantedFrom } from './stored-change.ts'

/** Declares the routes of assignments. */
export function assignmentRoutes(app: HttpApp, ports: PlanPorts): void {
  route(app, contract.listAssignments, async ({ query }) => {
    const after = decodeCursor(query.cursor, z.tuple([cursorId]))?.[0] ?? 0
    const filter = { assetId: query.assetId ?? null, groupId: query.groupId ?? null }
    const rows = await pageOfAssignments(ports.db, { ...filter, after, limit: query.limit + 1 })
    return pageFrom(rows, query.limit, { key: (row) => [row.id], present })
  })

  route(app, contract.getAssignment, async ({ params: { id } }) => present(await oneAssignment(ports.db, id)))

  route(app, contract.changeRollout, async ({ params: { id }, body, actor }) => {
    await changeRollout(ports, { id, act: body.do }, actor)
    return present(await oneAssignment(ports.db, id))
  })

  route(app, contract.askFor, async ({ params: { id }, body, actor }) => {
    const { serialNumber = null, userName = null } = body
    return askFor(ports, { assetId: id, serialNumber, userName, isTakenBack: body.do === 'take_back' }, actor)
  })

  route(app, contract.deviceTargets, async ({ params: { id } }) => targetsOfDevice(ports.db, id))

  planRoutes(app, ports)
}

function planRoutes(app: HttpApp, ports: PlanPorts): void {
  route(app, planContract.createPlan, async ({ body, actor }) => {
    return presentPlan(await makePlan(ports, await changeFrom(ports.db, body), actor))
  })

  route(app, planContract.applyPlan, async ({ params, actor }) => {
    const assetIds = await applyPlan(ports, params.id, actor)
    const pages = await Promise.all(
      assetIds.map((assetId) =>
        pageOfAssignments(ports.db, { assetId, groupId: null, after: 0, limit: 1000 }),
      ),
    )
    return { assignments: pages.flat().map(present) }
  })

  route(app, planContract.listPlanRows, async ({ params, query, actor }) => {
    return pageOfPlanRows(ports, { planId: params.id, ...query }, actor satisfies Actor)
  })
}

async function oneAssignment(db: Db, id: number) {
  const [row] = await pageOfAssignments(db, { assetId: null, groupId: null, id, after: 0, limit: 1 })
  if (row === undefined) throw new Refusal('not_found', `There is no assignment with the id ${id}.`, { id })
  return row
}

async function changeFrom(db: Db, body: z.output<typeof planContract.createPlan.body>): Promise<PlanChange> {
  if ('group' in body) {
    const { id: groupId, ...members } = body.group
    return { kind: 'group', groupId, ...members }
  }
  const changes = 'changes' in body ? body.changes : [body]
  const books = await booksAmong(
    db,
    changes.map(({ assetId }) => assetId),
  )
  return {
    kind: 'assignments',
    changes: changes.map(({ assetId, wanted }) => ({
      assetId,
      wanted: wanted.map((each) => wantedFrom(each, books.has(assetId) ? 'user' : 'device')),
    })),
  }
}

async function booksAmong(db: Db, assetIds: readonly number[]): Promise<ReadonlySet<number>> {
  const { rows } = await sql<{ id: number }>`SELECT id FROM assets WHERE id = ANY(${[...assetIds]}::int[])
    AND product_type = 'Book'`.execute(db)
  return new Set(rows.map(({ id }) => id))
}
