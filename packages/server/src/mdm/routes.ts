/** Enrollment links over HTTP (D1). */
import { z } from 'zod'
import type { DeviceConfig } from '../config/config.ts'
import { Refusal } from '../platform/errors.ts'
import { decodeCursor, pageFrom } from '../platform/http/cursor.ts'
import { type HttpApp, route } from '../platform/http/routes.ts'
import type { HandOutPorts } from './hand-out.ts'
import { pageOfLinks } from './link-store.ts'
import { createLink, revokeLink } from './links.ts'
import { presentLink } from './present-link.ts'
import * as contract from './schema.ts'

/** What the routes of links touch. */
export interface EnrollmentRoutePorts extends Omit<HandOutPorts, 'devices'> {
  /** Null when no device is managed here. */
  readonly devices: DeviceConfig | null
}

const linkCursor = z.tuple([z.uuid()])

/** Declares the routes of enrollment links. */
export function enrollmentLinkRoutes(app: HttpApp, ports: EnrollmentRoutePorts): void {
  const { db, clock } = ports

  route(app, contract.createEnrollmentLink, async ({ actor, body }) => {
    const expiresAt = new Date(body.expiresAt)
    const { address, link } = await createLink(managing(ports), actor, { ...body, expiresAt })
    return { address, link: presentLink(link, clock.now()) }
  })

  route(app, contract.listEnrollmentLinks, async ({ query }) => {
    const [after] = decodeCursor(query.cursor, linkCursor) ?? [null]
    const rows = await pageOfLinks(db, { limit: query.limit, after })
    const now = clock.now()
    return pageFrom(rows, query.limit, { key: ({ id }) => [id], present: (row) => presentLink(row, now) })
  })

  route(app, contract.revokeEnrollmentLink, async ({ actor, params }) => {
    await revokeLink(ports, actor, params.id)
  })
}

/** Throws Refusal `devices.off`. */
export function managing(ports: EnrollmentRoutePorts): HandOutPorts {
  const { devices } = ports
  if (devices !== null) return { ...ports, devices }
  throw new Refusal(
    'devices.off',
    'This server manages no devices. Set APPORTION_DEVICE_PORT and APPORTION_DEVICE_URL and start it again.',
  )
}
