/** Managing devices ourselves (D1) as a feature: the port for devices, and waking them. */
import type { DeviceConfig } from '../config/config.ts'
import type { DeviceListener } from '../devices/channel.ts'
import type { Feature, ServerContext } from '../feature.ts'
import { deviceFactsListener } from './device-facts.ts'
import { type DevicePage, type OpenDeviceListener, openDeviceListener } from './device-listener.ts'
import { createEnrollServer } from './enroll-server.ts'
import { createScepServer } from './scep.ts'

export interface MdmParts {
  /** Parts of the server that hear what devices do, in this order, after the facts of the device are written down. */
  readonly listeners?: (context: ServerContext) => readonly DeviceListener[]
  /** Called with the open port; tests and the demo use it. */
  readonly observe?: (listener: OpenDeviceListener) => void
}

/** Nothing of it runs without `config.devices`. */
export function mdmFeature({ listeners = () => [], observe = () => {} }: MdmParts = {}): Feature {
  return {
    name: 'mdm',
    open(context) {
      const { config, database, clock, log, secretBox: secrets, newId } = context
      const { devices } = config
      if (devices === null) return {}
      const db = database.kysely
      const others = listeners(context)
      const ports = {
        db,
        clock,
        log,
        secrets,
        newId,
        listeners: [deviceFactsListener({ newId, listeners: others }), ...others],
        host: config.listen.host,
        config: devices,
        trustProxy: config.trustProxy,
        pages: pagesOf(context, devices),
      }
      const listener = {
        name: 'device listener',
        async start() {
          const open = await openDeviceListener(ports)
          observe(open)
          return open
        },
      }
      return { workers: [listener] }
    },
  }
}

function pagesOf(
  { database, clock, log, secretBox, newId }: ServerContext,
  devices: DeviceConfig,
): (path: string) => DevicePage | undefined {
  const ports = { db: database.kysely, clock, log, secretBox, newId, devices }
  const scep = createScepServer({ ...ports, development: devices.development })
  const enroll = createEnrollServer(ports)
  return (path) => (path === '/scep' ? scep : enroll(path))
}
