/** Devices under management over HTTP (D1). */
import { z } from 'zod'
import { presentEnrollment, presentEnrollmentDetail } from '../devices/present.ts'
import {
  type EnrollmentView,
  findEnrollment,
  findEnrollmentOfDevice,
  moreOfEnrollment,
  pageOfEnrollments,
} from '../devices/read-enrollments.ts'
import * as contract from '../devices/schema.ts'
import { decodeCursor, pageFrom } from '../platform/http/cursor.ts'
import { type HttpApp, route } from '../platform/http/routes.ts'
import { cursorId } from '../platform/http/shapes.ts'
import { type CarePorts, removeFromManagement, wakeNow } from './care.ts'

const enrollmentCursor = z.tuple([cursorId])

/** Declares the routes of enrollments. */
export function enrollmentRoutes(app: HttpApp, ports: CarePorts): void {
  const { db } = ports
  const detailOf = async (row: EnrollmentView) =>
    presentEnrollmentDetail(row, await moreOfEnrollment(db, row.id))

  route(app, contract.listEnrollments, async ({ query }) => {
    const { limit, cursor, ...filter } = query
    const [before] = decodeCursor(cursor, enrollmentCursor) ?? [null]
    const rows = await pageOfEnrollments(db, filter, { limit: limit + 1, before })
    return pageFrom(rows, limit, { key: ({ id }) => [id], present: presentEnrollment })
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
