/** The HTTP edge of groups, their members and their rules (A1). */
import { z } from 'zod'
import type { Db } from '../../platform/db/database.ts'
import { decodeCursor, pageFrom } from '../../platform/http/cursor.ts'
import { type HttpApp, route } from '../../platform/http/routes.ts'
import { cursorId } from '../../platform/http/shapes.ts'
import { sectionCursor } from '../keyset.ts'
import { type AroundGroups, presentGroup } from '../present.ts'
import type { DirectoryPorts } from '../put-device.ts'
import { createGroup, deleteGroup, unknownGroup, updateGroup } from './change-groups.ts'
import { changeMembers } from './change-members.ts'
import { countsOfGroups, findGroup, type GroupRow, pageOfGroups } from './group-store.ts'
import { groupsBeside } from './nesting-store.ts'
import { previewRule, readRule } from './read-rule.ts'
import * as contract from './schema.ts'

/** Declares the routes of groups. */
export function groupRoutes(app: HttpApp, ports: DirectoryPorts): void {
  const { db } = ports
  const present = async (group: GroupRow) => presentGroup(group, await aroundGroups(db, [group]))

  route(app, contract.listGroups, async ({ query }) => {
    const after = decodeCursor(query.cursor, z.tuple([z.string(), cursorId]))
    const filter = { limit: query.limit + 1, after, search: query.q ?? '', kind: query.kind ?? null }
    const { items, nextCursor } = pageFrom(await pageOfGroups(db, filter), query.limit, {
      key: (row) => [row.place, row.id],
      present: (row) => row,
    })
    const around = await aroundGroups(db, items)
    return { items: items.map((row) => presentGroup(row, around)), nextCursor }
  })

  route(app, contract.createGroup, async ({ body, actor }) => present(await createGroup(ports, body, actor)))

  route(app, contract.getGroup, async ({ params }) => {
    const group = await findGroup(db, params.id)
    if (group === undefined) throw unknownGroup(params.id)
    return present(group)
  })

  route(app, contract.updateGroup, async ({ params, body, actor }) =>
    present(await updateGroup(ports, { id: params.id, ...body }, actor)),
  )

  route(app, contract.deleteGroup, ({ params, actor }) => deleteGroup(ports, params.id, actor))

  route(app, contract.changeMembers, ({ params, body, actor }) =>
    changeMembers(ports, { groupId: params.id, ...body }, actor),
  )

  route(app, contract.previewRule, async ({ body }) => {
    const after = decodeCursor(body.cursor, sectionCursor)
    const rule = readRule(body.rule)
    return await previewRule(db, { rule, search: body.q ?? '', limit: body.limit, after })
  })
}

async function aroundGroups(db: Db, groups: readonly GroupRow[]): Promise<AroundGroups> {
  const ids = groups.map(({ id }) => id)
  const [counts, members, containers] = await Promise.all([
    countsOfGroups(db, groups),
    groupsBeside(db, ids, 'members'),
    groupsBeside(db, ids, 'containers'),
  ])
  return { counts, members, containers }
}
