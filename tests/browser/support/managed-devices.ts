/** Devices of the demo organization under management: simulated ones that enroll, install and ask their people. */
import { unwrap } from '@apportion/api-client/client'
import type { DemoDevice } from '@apportion/apple-sim/demo-devices'
import { demoOrganization } from '@apportion/apple-sim/demo-organization'
import type { SimulatedDevice } from '@apportion/apple-sim/devices/device'
import type { Administrator } from '../../support/administrator.ts'
import type { ConsoleUnderTest } from './console.ts'

export interface ManagedDevices {
  /** iPads of a class, which install without asking. */
  readonly classroom: readonly SimulatedDevice[]
  /** iPads of teachers; the first belongs to somebody who declines whatever is asked. */
  readonly teachers: readonly SimulatedDevice[]
}

/** Time is real here: what the device does is over when the server asks for the first time. */
const swift = { queuedMs: 500, installingMs: 1000 } as const

/** Gives the server a push certificate, and enrolls eight devices of a class and four of teachers. */
export async function manageDevices(system: ConsoleUnderTest, admin: Administrator): Promise<ManagedDevices> {
  const { request } = unwrap(await admin.api.POST('/api/v1/push-signing-request', { body: {} }))
  const certificate = system.fleet.devices.push.authority.certify({ request })
  unwrap(await admin.api.POST('/api/v1/push-certificates', { body: { format: 'pem', certificate } }))
  const { devices } = demoOrganization()
  const asking = devices.filter(
    ({ site, os, supervised }) => site === 'staff' && os === 'iPadOS' && !supervised,
  )
  const enrollAll = async (wanted: readonly DemoDevice[], habits: readonly ('accept' | 'refuse')[] = []) => {
    const enrolled: SimulatedDevice[] = []
    for (const [index, device] of wanted.entries()) {
      const simulated = await enroll({ system, admin }, device)
      simulated.setPace(swift)
      simulated.person.always(habits[index] ?? 'accept', 500)
      enrolled.push(simulated)
    }
    return enrolled
  }
  const classroom = await enrollAll(devices.filter(({ schoolClass }) => schoolClass === '2B').slice(0, 8))
  return { classroom, teachers: await enrollAll(asking.slice(0, 4), ['refuse']) }
}

interface EnrollPorts {
  readonly system: ConsoleUnderTest
  readonly admin: Administrator
}

async function enroll({ system, admin }: EnrollPorts, device: DemoDevice): Promise<SimulatedDevice> {
  const { serialNumber, name, model: productName, osVersion, ownership, supervised } = device
  const expiresAt = new Date(Date.now() + 86_400_000).toISOString()
  const body = { ownership, serialNumber, userName: device.userEmail ?? null, expiresAt }
  const { address } = unwrap(await admin.api.POST('/api/v1/enrollment-links', { body }))
  const kind = supervised ? 'supervised' : ownership === 'personal' ? 'byod' : 'corporate'
  return await system.fleet.enroll({ kind, serialNumber, name, productName, osVersion }, address)
}
