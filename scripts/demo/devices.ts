/** Simulated devices of the demo: they come under management and install what is required, while one looks on. */
import { type ApiClient, unwrap } from '@apportion/api-client/client'
import type { DemoDevice } from '@apportion/apple-sim/demo-devices'
import { demoOrganization } from '@apportion/apple-sim/demo-organization'

export interface DemoFleet {
  readonly api: ApiClient
  /** Where the simulator is controlled. */
  readonly controlUrl: string
  readonly say: (text: string) => void
  readonly signal: AbortSignal
}

/** How many of each part of the organization are simulated; the others are managed by something else. */
const parts = [
  { site: 'classroom', count: 12 },
  { site: 'staff', count: 8 },
  { site: 'office', count: 10 },
] as const

/** Of so many people one declines, and one leaves questions alone. */
const oneInSo = 7

/**
 * Gives the server a push certificate and enrolls the devices. A simulated device lives as long as the demo runs, so each
 * start enrolls them anew, as after an erasure.
 */
export async function enrollDevices(fleet: DemoFleet): Promise<void> {
  await certify(fleet)
  const chosen = chooseDevices()
  fleet.say(`Enrolling ${chosen.length} simulated devices…`)
  const left = chosen.entries()
  const work = async () => {
    for (const [index, device] of left) await enroll(fleet, device, index)
  }
  await Promise.all([work(), work(), work()])
  fleet.say(`${chosen.length} devices are under management; their apps arrive in the next minutes`)
}

/** Apple's part is the simulator's: it answers the signing request, for the topic that devices know. */
async function certify(fleet: DemoFleet): Promise<void> {
  const { api } = fleet
  const { items } = unwrap(await api.GET('/api/v1/push-certificates'))
  const topic = items.find(({ isCurrent }) => isCurrent)?.topic
  const { request } = unwrap(await api.POST('/api/v1/push-signing-request', { body: { replace: true } }))
  const { certificate } = await control(fleet, '/push-certificates', { request, ...(topic && { topic }) })
  unwrap(
    await api.POST('/api/v1/push-certificates', {
      body: { format: 'pem', certificate: String(certificate) },
    }),
  )
}

function chooseDevices(): readonly DemoDevice[] {
  const { devices } = demoOrganization()
  return parts.flatMap(({ site, count }) =>
    devices.filter((device) => device.site === site && device.os !== 'macOS').slice(0, count),
  )
}

async function enroll(fleet: DemoFleet, device: DemoDevice, index: number): Promise<void> {
  const { serialNumber, ownership, supervised } = device
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString()
  const body = { ownership, serialNumber, userName: device.userEmail ?? null, expiresAt }
  const { address } = unwrap(await fleet.api.POST('/api/v1/enrollment-links', { body }))
  const kind = supervised ? 'supervised' : ownership === 'personal' ? 'byod' : 'corporate'
  const { name, model: productName, osVersion } = device
  await control(fleet, '/devices', {
    kind,
    serialNumber,
    name,
    productName,
    osVersion,
    profileUrl: `${address}/profile`,
  })
  const habit = index % oneInSo === 3 ? 'refuse' : index % oneInSo === 5 ? 'ignore' : 'accept'
  await control(fleet, `/devices/${serialNumber}/person`, { habit, afterMs: 5000 + (index % 5) * 4000 })
}

async function control(
  { controlUrl, signal }: DemoFleet,
  path: string,
  body: object,
): Promise<Readonly<Record<string, unknown>>> {
  const answer = await fetch(`${controlUrl}${path}`, { method: 'POST', body: JSON.stringify(body), signal })
  const result: unknown = await answer.json()
  if (!answer.ok) throw new Error(`The simulator refused ${path}: ${JSON.stringify(result)}`)
  return typeof result === 'object' && result !== null ? { ...result } : {}
}
