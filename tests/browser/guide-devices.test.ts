import { unwrap } from '@apportion/api-client/client'
import type { SimulatedDevice } from '@apportion/apple-sim/devices/device'
import { afterAll, beforeAll, test } from 'vitest'
import type { Administrator } from '../support/administrator.ts'
import { until } from '../support/books.ts'
import { type ConsoleUnderTest, open, startConsole } from './support/console.ts'
import { type ManagedDevices, manageDevices } from './support/managed-devices.ts'
import { bringInOrganization } from './support/organization.ts'
import { picture, visitForPicture } from './support/picture.ts'

/** The pictures of devices under management in the guide. */

let system: ConsoleUnderTest
let admin: Administrator
let managed: ManagedDevices
let app: { readonly id: number; readonly adamId: string }
/** What matters of these pages lies below what is known of the device or the certificate. */
const tall = { width: 1360, height: 1080 }

beforeAll(async () => {
  system = await startConsole({ devices: true })
  admin = await bringInOrganization(system)
  const query = { q: 'Quill Notes' }
  const pools = unwrap(await admin.api.GET('/api/v1/assets', { params: { query } })).items
  const asset = pools.find(({ token }) => token.name === 'Meridian College')
  if (asset === undefined) throw new Error('There is no Quill Notes')
  app = asset
  const wishes = ['Student iPads', 'Teacher iPads'].map((group) => ({ group, intent: 'required' as const }))
  await admin.assign(app.adamId, wishes, asset.token.id)
  managed = await manageDevices(system, admin)
}, 300_000)

afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
})

test('who is under management', async () => {
  managed.teachers[2]?.leave()
  const page = await visitForPicture(system, 'light', tall)
  await open(page, '/enrollment')
  await page.getByRole('row', { name: /Left/ }).waitFor()
  await picture(page, 'enrollment')
})

test('the management of a device, and its apps', async () => {
  const device = managed.classroom[0]
  await until(async () => (await statesOf(device)).every((state) => state === 'installed'), 120, 'the apps')
  const page = await visitForPicture(system, 'light', tall)
  await open(page, `/devices/${await idOf(device)}?tab=installs`)
  await page.locator('[data-install=installed]').first().waitFor()
  await picture(page, 'management')
})

test('why an app is not on a device', async () => {
  const device = managed.teachers[0]
  await until(async () => (await statesOf(device)).includes('refused'), 120, 'the answer of the person')
  const page = await visitForPicture(system, 'light')
  await open(page, `/devices/${await idOf(device)}/why/${app.id}`)
  await page.locator('[data-link=device][data-state=ends]').waitFor()
  await picture(page, 'why')
})

async function idOf(device: SimulatedDevice | undefined): Promise<number> {
  const query = { q: device?.identity.serialNumber ?? '' }
  const [found] = unwrap(await admin.api.GET('/api/v1/devices', { params: { query } })).items
  if (found === undefined) throw new Error(`There is no device ${query.q}`)
  return found.id
}

/** How its apps stand; none before anything has begun. */
async function statesOf(device: SimulatedDevice | undefined): Promise<readonly string[]> {
  const path = { id: await idOf(device) }
  const { items } = unwrap(await admin.api.GET('/api/v1/devices/{id}/installs', { params: { path } }))
  return items.length === 0 ? ['waiting'] : items.map(({ state }) => state)
}
