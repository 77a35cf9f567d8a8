/** Devices under management over HTTP (D1). */
import { z } from 'zod'
import { pageOfEnrollments } from '../devices/list-enrollments.ts'
import { presentEnrollment, presentEnrollmentDetail } from '../devices/present.ts'
import {
  type EnrollmentView,
  findEnrollment,
  findEnrollmentOfDevice,
  moreOfEnrollment,
} from '../devices/read-enrollments.ts'
import * as contract from '../devices/schema.ts'
import { decodeCursor, pageFrom } from '../platform/http/cursor.ts'
import { type HttpApp, route } from '../platform/http/routes.ts'
import { cursorId } from '../platform/http/shapes.ts'
import { type CarePorts, removeFromManagement, wakeNow } from './care.ts'

const newestCursor = z.tuple([cursorId])
/** Of a search, which is ordered by serial number. */
const foundCursor = z.tuple([cursorId, z.string()])

/** Declares the routes of enrollments. */
export function enrollmentRoutes(app: HttpApp, ports: CarePorts): void {
  const { db } = ports
  const detailOf = async (row: EnrollmentView) =>
    presentEnrollmentDetail(row, await moreOfEnrollment(db, row.id))

  route(app, contract.listEnrollments, async ({ query }) => {
    const { limit, cursor, q = '', ...filter } = query
    const wanted = { ...filter, serialNumber: q.toUpperCase() }
    const after = decodeCursor(cursor, q === '' ? newestCursor : foundCursor)
    const rows = await pageOfEnrollments(db, wanted, { limit: limit + 1, after })
    return pageFrom(rows, limit, {
      key: ({ id, serialNumber }) => (q === '' ? [id] : [id, serialNumber ?? '']),
      present: presentEnrollment,
    })
  })

  route(app, contract.getEnrollment, async ({ params }) => detailOf(await findEnrollment(db, params.id)))

  route(app, contract.getDeviceEnrollment, async ({ params }) =>
    detailOf(await findEnrollmentOfDevice(db, params.id)),
  )

  route(app, contract.wakeDevice, async ({ params, actor }) =>
    presentEnrollment(await wakeNow(ports, params.id, actor)),
  )

  route(app, contract.removeFromManagement, async ({ params, body, actor }) =>
    presentEnrollment(await removeFromManagement(ports, { id: params.id, ...body, actor })),
  )
}
