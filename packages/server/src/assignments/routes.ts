/** The HTTP edge of assignments and plans. */
import { z } from 'zod'
import { Refusal } from '../platform/errors.ts'
import { decodeCursor, pageFrom } from '../platform/http/cursor.ts'
import { type HttpApp, route } from '../platform/http/routes.ts'
import { cursorId } from '../platform/http/shapes.ts'
import { applyPlan, makePlan, type PlanPorts, presentPlan } from './apply.ts'
import * as contract from './schema.ts'
import { type AssignmentRow, pageOfAssignments } from './store.ts'

/** Declares the routes of assignments. */
export function assignmentRoutes(app: HttpApp, ports: PlanPorts): void {
  route(app, contract.listAssignments, async ({ query }) => {
    const after = decodeCursor(query.cursor, z.tuple([cursorId]))?.[0] ?? 0
    const filter = { assetId: query.assetId ?? null, groupId: query.groupId ?? null }
    const rows = await pageOfAssignments(ports.db, { ...filter, after, limit: query.limit + 1 })
    return pageFrom(rows, query.limit, { key: (row) => [row.id], present })
  })

  route(app, contract.getAssignment, async ({ params: { id } }) => {
    const [row] = await pageOfAssignments(ports.db, { assetId: null, groupId: null, id, after: 0, limit: 1 })
    if (row === undefined) throw new Refusal('not_found', `There is no assignment with the id ${id}.`, { id })
    return present(row)
  })

  route(app, contract.createPlan, async ({ body, actor }) => {
    const wanted = body.wanted.map(({ groupId, mode, intent }) => ({
      groupId,
      mode,
      intent: mode === 'exclude' ? null : (intent ?? null),
    }))
    return presentPlan(await makePlan(ports, { assetId: body.assetId, wanted }, actor))
  })

  route(app, contract.applyPlan, async ({ params, actor }) => {
    const assetId = await applyPlan(ports, params.id, actor)
    const rows = await pageOfAssignments(ports.db, { assetId, groupId: null, after: 0, limit: 1000 })
    return { assignments: rows.map(present) }
  })
}

function present(row: AssignmentRow): z.output<typeof contract.assignment> {
  return {
    id: row.id,
    assetId: row.asset_id,
    assetName: row.asset_name,
    tokenName: row.token_name,
    group: { id: row.group_id, name: row.group_name, kind: row.group_kind },
    mode: row.mode,
    intent: row.intent,
    licenseType: row.license_type,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
  }
}
