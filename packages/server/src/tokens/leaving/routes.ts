/** The HTTP edge of deleting a content token (T6). */
import { type HttpApp, route } from '../../platform/http/routes.ts'
import { askToLeave, cancelLeaving, type LeavingPorts } from './ask.ts'
import { previewLeaving } from './preview.ts'
import * as contract from './schema.ts'

/** Declares the routes of deletions. */
export function leavingRoutes(app: HttpApp, ports: LeavingPorts): void {
  const { db, clock } = ports

  route(app, contract.getDeletion, ({ params }) => previewLeaving(db, params.id, clock.now()))

  route(app, contract.startDeletion, async ({ params, body, actor }) => {
    await askToLeave(ports, params.id, body, actor)
    return previewLeaving(db, params.id, clock.now())
  })

  route(app, contract.cancelDeletion, ({ params, actor }) => cancelLeaving(ports, params.id, actor))
}
