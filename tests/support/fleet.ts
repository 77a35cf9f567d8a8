/** Simulated devices in a story: they enroll at the real server over real HTTP, and are woken through a push service. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Body, unwrap } from '@apportion/api-client/client'
import type { AppleSim } from '@apportion/apple-sim/apple-sim'
import type { SimulatedDevice } from '@apportion/apple-sim/devices/device'
import type { DeviceIdentityWish } from '@apportion/apple-sim/devices/device-identity'
import { type Devices, type DevicesOptions, startDevices } from '@apportion/apple-sim/devices/devices'
import type { Environment } from '@apportion/server/config/env'
import { wakeForgotten } from '@apportion/server/mdm/due-devices'
import { createPusher } from '@apportion/server/mdm/push'
import type { Clock } from '@apportion/server/platform/clock'
import type { Db } from '@apportion/server/platform/db/database'
import { createSecretBox } from '@apportion/server/platform/secrets'
import type { Administrator } from './administrator.ts'
import { freePort } from './free-port.ts'

/** The master key of every story. */
export const storyKey = Buffer.alloc(32, 7)

interface Met {
  readonly admin: Administrator
  readonly db: Db
  readonly clock: Clock
}

export interface Fleet extends AsyncDisposable {
  readonly devices: Devices
  /** What the server is to be started with. */
  readonly environment: Environment
  /** Called once the server runs. */
  meet(met: Met): void
  /** Gives the server a push certificate; nothing enrolls without one. */
  certify(): Promise<void>
  /** An address at which devices enroll. */
  link(
    wish: Pick<Body<'createEnrollmentLink'>, 'ownership'> & Partial<Body<'createEnrollmentLink'>>,
  ): Promise<string>
  /** Makes a device and enrolls it. */
  enroll(wish: DeviceIdentityWish, address: string): Promise<SimulatedDevice>
  /** Wakes whoever is due, and lets the devices finish what they do. */
  drain(): Promise<void>
}

export async function startFleet(apple: AppleSim, options: DevicesOptions): Promise<Fleet> {
  const devices = await startDevices(apple, { ...options, allowPlainHttp: true })
  const folder = await mkdtemp(join(tmpdir(), 'apportion-fleet-'))
  const authorityFile = join(folder, 'push-authority.pem')
  await writeFile(authorityFile, devices.push.authority.certificate)
  const port = await freePort()
  let met: Met | undefined
  const known = (): Met => {
    if (met === undefined) throw new Error('The server does not run yet')
    return met
  }
  let pusher: ReturnType<typeof createPusher> | undefined
  const fleet: Fleet = {
    devices,
    environment: {
      APPORTION_DEVICE_PORT: String(port),
      APPORTION_DEVICE_URL: `http://127.0.0.1:${port}`,
      APPORTION_DEVICE_DEVELOPMENT: 'true',
      APPORTION_PUSH_URL: devices.push.origin,
      APPORTION_PUSH_CA_FILE: authorityFile,
    },
    meet(now) {
      met = now
      pusher = createPusher({
        db: now.db,
        clock: now.clock,
        secrets: createSecretBox(storyKey),
        pushUrl: new URL(devices.push.origin),
        pushAuthorities: devices.push.authority.certificate,
        log: { warn: () => {}, error: () => {} },
      })
    },
    async certify() {
      const { api } = known().admin
      const { request } = unwrap(await api.POST('/api/v1/push-signing-request', { body: {} }))
      const certificate = devices.push.authority.certify({ request })
      unwrap(await api.POST('/api/v1/push-certificates', { body: { format: 'pem', certificate } }))
    },
    async link(wish) {
      const expiresAt = new Date(known().clock.now().getTime() + 86_400_000).toISOString()
      const body = { expiresAt, ...wish }
      return unwrap(await known().admin.api.POST('/api/v1/enrollment-links', { body })).address
    },
    async enroll(wish, address) {
      const device = devices.add(wish)
      await device.enroll(`${address}/profile`)
      return device
    },
    async drain() {
      await wakeForgotten(known().db, known().clock.now())
      while (((await pusher?.wakeDue()) ?? 0) > 0) await devices.settled()
      await devices.settled()
    },
    async [Symbol.asyncDispose]() {
      await pusher?.[Symbol.asyncDispose]()
      await devices[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
  return fleet
}
