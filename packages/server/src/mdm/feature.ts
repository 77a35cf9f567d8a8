/** Managing devices ourselves (D1) as a feature: the port for devices, and waking them. */
import { readFile } from 'node:fs/promises'
import type { DeviceConfig } from '../config/config.ts'
import type { DeviceListener } from '../devices/channel.ts'
import type { BackgroundWorker, Feature, ServerContext } from '../feature.ts'
import { StartFailure } from '../platform/errors.ts'
import type { HttpApp } from '../platform/http/routes.ts'
import { deviceFactsListener } from './device-facts.ts'
import { type DevicePage, type OpenDeviceListener, openDeviceListener } from './device-listener.ts'
import { createEnrollServer } from './enroll-server.ts'
import { enrollmentRoutes } from './enrollment-routes.ts'
import { startPushing } from './push-worker.ts'
import { createScepServer } from './scep.ts'

/** What the feature is told of the other parts of the server. */
export interface MdmParts {
  /** Parts of the server that hear what devices do, in this order, after the facts of the device are written down. */
  readonly listeners?: (context: ServerContext) => readonly DeviceListener[]
  /** Called with the open port; tests and the demo use it. */
  readonly observe?: (listener: OpenDeviceListener) => void
}

/** Without `config.devices` no device is served or woken; what is known of them can be read. */
export function mdmFeature({ listeners = () => [], observe = () => {} }: MdmParts = {}): Feature {
  return {
    name: 'mdm',
    open(context) {
      const { config, database, clock, newId } = context
      const { devices } = config
      const others = listeners(context)
      const hearing = [deviceFactsListener({ newId, listeners: others }), ...others]
      const routes = (app: HttpApp) =>
        enrollmentRoutes(app, { db: database.kysely, clock, listeners: hearing })
      if (devices === null) return { routes }
      return {
        routes,
        workers: [
          listenerWorker(context, { devices, listeners: hearing, observe }),
          pushWorker(context, devices),
        ],
      }
    },
  }
}

interface Listening {
  readonly devices: DeviceConfig
  readonly listeners: readonly DeviceListener[]
  readonly observe: (listener: OpenDeviceListener) => void
}

function listenerWorker(
  context: ServerContext,
  { devices, listeners, observe }: Listening,
): BackgroundWorker {
  const { config, database, clock, log, newId, secretBox: secrets } = context
  return {
    name: 'device listener',
    async start() {
      const open = await openDeviceListener({
        db: database.kysely,
        clock,
        log,
        secrets,
        newId,
        listeners,
        host: config.listen.host,
        config: devices,
        url: devices.url,
        trustProxy: config.trustProxy,
        pages: pagesOf(context, devices),
      })
      observe(open)
      return open
    },
  }
}

function pagesOf(
  { database, clock, log, newId, secretBox }: ServerContext,
  devices: DeviceConfig,
): (path: string) => DevicePage | undefined {
  const ports = { db: database.kysely, clock, log, newId, secretBox, devices }
  const scep = createScepServer({ ...ports, development: devices.development })
  const enroll = createEnrollServer(ports)
  return (path) => (path === '/scep' ? scep : enroll(path))
}

function pushWorker(
  { database, clock, log, secretBox: secrets }: ServerContext,
  { pushUrl, pushCaFile }: DeviceConfig,
): BackgroundWorker {
  return {
    name: 'device pushes',
    async start() {
      const pushAuthorities = pushCaFile === null ? null : await readAuthorities(pushCaFile)
      return startPushing({ db: database.kysely, clock, log, secrets, pushUrl, pushAuthorities })
    },
  }
}

async function readAuthorities(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const message = `The file ${file} cannot be read. Correct APPORTION_PUSH_CA_FILE, or unset it.`
    throw new StartFailure('push.ca_unreadable', message, { cause: error })
  }
}
