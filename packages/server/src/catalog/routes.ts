/** The HTTP edge of the catalog: icons. */
import { Refusal } from '../platform/errors.ts'
import { type HttpApp, route } from '../platform/http/routes.ts'
import { type IconPorts, iconOf } from './icons.ts'
import { getIcon } from './schema.ts'

/** Declares the route of icons. They hardly ever change, so browsers keep them for a day. */
export function catalogRoutes(app: HttpApp, ports: IconPorts): void {
  route(app, getIcon, async ({ params: { country, adamId }, reply }) => {
    const icon = await iconOf(ports, country, adamId)
    if (icon === null) throw new Refusal('not_found', `There is no icon of ${adamId}.`, { adamId })
    reply.type(icon.mediaType).header('cache-control', 'private, max-age=86400')
    return icon.bytes
  })
}
