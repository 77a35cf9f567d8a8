/** The HTTP edge of devices, users, groups and imports. */
import { type RawBuilder, sql } from 'kysely'
import type pg from 'pg'
import { z } from 'zod'
import { isInState, joinsOf } from '../people/read-joins.ts'
import type { Db } from '../platform/db/database.ts'
import { Refusal } from '../platform/errors.ts'
import { decodeCursor, pageFrom } from '../platform/http/cursor.ts'
import { type HttpApp, route } from '../platform/http/routes.ts'
import type { NewId } from '../platform/ids.ts'
import { licensesOfDevice, presentDeviceLicense } from './device-licenses.ts'
import { deviceSections, findDevice, groupsReaching } from './device-store.ts'
import { findGroup, type GroupRow } from './groups/group-store.ts'
import { groupRoutes } from './groups/routes.ts'
import { importCsv } from './import-csv.ts'
import { pageOfImports } from './import-store.ts'
import { sectionCursor, sectionPage } from './keyset.ts'
import { presentDevice, presentImport, presentUser } from './present.ts'
import { type DirectoryPorts, putDevice } from './put-device.ts'
import { putUser } from './put-user.ts'
import { removeDevice, unknownDevice } from './remove-device.ts'
import { removeUser, unknownUser } from './remove-user.ts'
import * as contract from './schema.ts'
import { deviceCounts, findUserById, userSections } from './user-store.ts'

/** What the routes of the directory touch. */
export interface DirectoryRoutePorts extends DirectoryPorts {
  readonly pool: pg.Pool
  readonly newId: NewId
}

/** Declares the routes of devices, users, groups and imports. */
export function directoryRoutes(app: HttpApp, ports: DirectoryRoutePorts): void {
  deviceRoutes(app, ports)
  userRoutes(app, ports)
  groupRoutes(app, ports)
  importRoutes(app, ports)
}

function deviceRoutes(app: HttpApp, ports: DirectoryPorts): void {
  const { db } = ports

  route(app, contract.listDevices, async ({ query }) => {
    const after = decodeCursor(query.cursor, sectionCursor)
    const group = await filterGroup(db, query.groupId)
    const sections = deviceSections(db, {
      search: query.q ?? '',
      group,
      direct: query.direct ?? false,
    })
    const { rows, nextCursor } = await sectionPage(sections, { limit: query.limit, after })
    return { items: rows.map(presentDevice), nextCursor }
  })

  route(app, contract.getDevice, async ({ params }) => {
    const device = await findDevice(db, params.id)
    if (device === undefined) throw unknownDevice(params.id)
    const [groups, licenses] = await Promise.all([
      groupsReaching(db, device.id),
      licensesOfDevice(db, device),
    ])
    return { ...presentDevice(device), groups: [...groups], licenses: licenses.map(presentDeviceLicense) }
  })

  route(app, contract.putDevice, async ({ body, actor, reply }) => {
    const { device, isNew } = await putDevice(ports, body, actor)
    reply.code(isNew ? 201 : 200)
    return presentDevice(device)
  })

  route(app, contract.deleteDevice, ({ params, actor }) => removeDevice(ports, params.id, actor))
}

function userRoutes(app: HttpApp, ports: DirectoryPorts): void {
  const { db } = ports

  route(app, contract.listUsers, async ({ query }) => {
    const after = decodeCursor(query.cursor, sectionCursor)
    const group = await filterGroup(db, query.groupId)
    if (group?.kind === 'device') {
      throw new Refusal(
        'request.invalid',
        `query.groupId: "${group.name}" is a group of devices and has no users; list its devices instead.`,
      )
    }
    const sections = userSections(db, {
      search: query.q ?? '',
      group,
      direct: query.direct ?? false,
      isFit: joinFilter(query),
    })
    const { rows, nextCursor } = await sectionPage(sections, { limit: query.limit, after })
    const ids = rows.map(({ id }) => id)
    const devices = await deviceCounts(db, ids)
    return { items: rows.map((row) => presentUser(row, devices.get(row.id) ?? 0)), nextCursor }
  })

  route(app, contract.getUser, async ({ params }) => {
    const user = await findUserById(db, params.id)
    if (user === undefined) throw unknownUser(params.id)
    const [devices, joins] = await Promise.all([deviceCounts(db, [user.id]), joinsOf(db, user.id)])
    return { ...presentUser(user, devices.get(user.id) ?? 0), joins: [...joins] }
  })

  route(app, contract.putUser, async ({ body, actor, reply }) => {
    const { user, isNew } = await putUser(ports, body, actor)
    reply.code(isNew ? 201 : 200)
    const devices = await deviceCounts(db, [user.id])
    return presentUser(user, devices.get(user.id) ?? 0)
  })

  route(app, contract.deleteUser, ({ params, actor }) => removeUser(ports, params.id, actor))
}

/** The condition for users `u` that a state at Apple makes. */
function joinFilter({ joinState, tokenId }: ListUsersQuery): RawBuilder<unknown> {
  return joinState === undefined ? sql`true` : isInState(joinState, tokenId ?? null)
}

type ListUsersQuery = Pick<z.output<typeof contract.listUsers.querystring>, 'joinState' | 'tokenId'>

function importRoutes(app: HttpApp, ports: DirectoryRoutePorts): void {
  route(app, contract.importCsv, async ({ query, body, actor }) => {
    const { kind, onError, fileName = null } = query
    return presentImport(await importCsv(ports, { kind, onError, fileName, bytes: body, actor }))
  })

  route(app, contract.listImports, async ({ query }) => {
    const after = decodeCursor(query.cursor, z.tuple([z.iso.datetime(), z.uuid()]))
    const rows = await pageOfImports(ports.db, { limit: query.limit + 1, after })
    return pageFrom(rows, query.limit, {
      key: (row) => [row.at.toISOString(), row.id],
      present: presentImport,
    })
  })
}

/** The group that a list is of. @throws Refusal `group.unknown` */
async function filterGroup(db: Db, id: number | undefined): Promise<GroupRow | undefined> {
  if (id === undefined) return undefined
  const group = await findGroup(db, id)
  if (group !== undefined) return group
  throw new Refusal('group.unknown', `query.groupId: there is no group with the id ${id}.`, { id })
}
