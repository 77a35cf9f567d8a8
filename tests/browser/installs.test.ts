import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Administrator, Asset } from '../support/administrator.ts'
import { until } from '../support/books.ts'
import { faultsOf, settledWidth } from './support/accessible.ts'
import { type ConsoleUnderTest, open, signIn, startConsole } from './support/console.ts'
import { answerInstall, enroll, listManaged } from './support/management.ts'
import { bringInOrganization } from './support/organization.ts'

/** Apps on devices under management: how each stands, why, and trying again, as a person sees it. */

let system: ConsoleUnderTest
let admin: Administrator
let maths: Asset
let scarce: Asset
let page: Page
let complaints: readonly string[]

interface Held {
  readonly deviceId: number
  readonly serialNumber: string
}
/** Devices with a license of the app: the first fails, the second has it, the third is asked, the fourth was not told. */
let devices: readonly [Held, Held, Held, Held]
let waiting: Held

beforeAll(async () => {
  system = await startConsole()
  admin = await bringInOrganization(system)
  maths = await assetOf('Fractal Maths')
  scarce = await assetOf('Partitura Pro')
  await until(async () => (await holdersOf(scarce, 'waiting')).length > 0, 60, 'who waits')
  await until(async () => (await holdersOf(maths, 'held')).length > 4, 60, 'the licenses')
  const [failing, having, asked, silent] = await holdersOf(maths, 'held')
  const [late] = await holdersOf(scarce, 'waiting')
  if (!failing || !having || !asked || !silent || !late) throw new Error('Too few devices hold licenses')
  devices = [failing, having, asked, silent]
  waiting = late
  const db = system.database.kysely
  await enroll(
    db,
    [...devices, waiting].map(({ serialNumber }) => serialNumber),
  )
  const { adamId } = maths
  const errors = [{ domain: 'MCMDMErrorDomain', code: 12040, text: 'Nobody is signed in to the App Store.' }]
  await answerInstall(db, { ...failing, adamId }, { errors })
  const identifier = maths.title.bundleId ?? ''
  for (const { serialNumber } of [having, asked]) {
    await answerInstall(
      db,
      { serialNumber, adamId },
      { message: { State: 'Installing', Identifier: identifier } },
    )
  }
  await listManaged(db, having.serialNumber, { [identifier]: 'Managed' })
  await listManaged(db, asked.serialNumber, { [identifier]: 'Prompting' })
  ;({ page, complaints } = await system.visit())
  await signIn(page)
})

afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
})

async function assetOf(name: string): Promise<Asset> {
  const { data } = await admin.api.GET('/api/v1/assets', { params: { query: { q: name } } })
  const asset = data?.items.find(({ assignments }) => assignments > 0) ?? data?.items[0]
  if (asset === undefined) throw new Error(`There is no ${name}`)
  return asset
}

async function holdersOf({ id }: Asset, state: 'held' | 'waiting'): Promise<readonly Held[]> {
  const { data } = await admin.api.GET('/api/v1/assets/{id}/holders', {
    params: { path: { id }, query: { state, limit: 500 } },
  })
  return (data?.items ?? []).flatMap(({ deviceId, id: serialNumber, ours }) =>
    deviceId === null || !ours ? [] : [{ deviceId, serialNumber }],
  )
}

test('D4 a device shows how its apps stand, why, and what comes next', async () => {
  await open(page, `/devices/${devices[0].deviceId}?tab=installs`)
  const item = page.locator('[data-install=failed]')
  await item.getByText('Failed', { exact: true }).waitFor()
  await item.getByText(/^Nobody is signed in to the App Store on the device/).waitFor()
  await item.getByText(/^Tried again in/).waitFor()
  await item.getByText('1 attempt failed').waitFor()
})

test('D8 the device’s own words, Apple’s number and Intune’s are a key press away', async () => {
  const item = page.locator('[data-install=failed]')
  expect(await item.locator('[data-apple-number]').isVisible()).toBe(false)
  await item.getByText('What the device said').press('Enter')
  await item.locator('[data-apple-number="12040"]').waitFor()
  await item.locator('[data-intune-number="0x87D13B99"]').waitFor()
  await item.getByText('Nobody is signed in to the App Store.', { exact: true }).waitFor()
})

test('D4 the history lists every state, the latest first, and closes with Escape', async () => {
  await page.getByRole('button', { name: 'History' }).press('Enter')
  const steps = page.getByRole('dialog').getByRole('listitem')
  await steps.nth(1).waitFor()
  expect(await steps.first().textContent()).toContain('Failed')
  expect(await steps.nth(1).textContent()).toContain('Waiting for the device')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
})

test('D8 why: every link from the rule to the device, with one advice', async () => {
  await page.getByRole('link', { name: 'Why? Fractal Maths' }).click()
  await page.getByRole('heading', { level: 1, name: `Fractal Maths on ${devices[0].serialNumber}` }).waitFor()
  expect(await chain()).toEqual([
    'rule passed',
    'license passed',
    'request passed',
    'management passed',
    'command passed',
    'device ends',
  ])
  await page.getByText('Group: Student iPads').waitFor()
  await page
    .getByRole('region', { name: 'What to do' })
    .getByText(/^Let the person sign in to the App Store/)
    .waitFor()
  const words = page.getByRole('region', { name: 'What the device said' })
  await words.locator('[data-intune-number="0x87D13B99"]').waitFor()
})

test('D4 trying again tells the device at once, and the page follows until it has the app', async () => {
  const db = system.database.kysely
  await page.getByRole('button', { name: 'Try again: Fractal Maths' }).press('Enter')
  await page.getByText('Fractal Maths is tried again now.').waitFor()
  await page.locator('[data-link=command][data-state=waits]').waitFor()
  expect(await chain()).toContain('device ahead')
  const identifier = maths.title.bundleId ?? ''
  const message = { State: 'Installing', Identifier: identifier }
  await answerInstall(db, { ...devices[0], adamId: maths.adamId }, { message })
  await page.locator('[data-link=device]').getByText('Installing', { exact: true }).waitFor()
  await listManaged(db, devices[0].serialNumber, { [identifier]: 'Managed' })
  await page.locator('[data-link=device][data-state=passed]').waitFor()
  await page.getByRole('region', { name: 'What to do' }).getByText('Nothing is to be done.').waitFor()
})

test('D8 a device that waits for a license says its place, and leads to idle licenses', async () => {
  await open(page, `/devices/${waiting.deviceId}/why/${scarce.id}`)
  expect(await chain()).toEqual(
    expect.arrayContaining(['rule passed', 'license ends', 'request ahead', 'device ahead']),
  )
  await page.getByText(/^Number \d+ in the queue$/).waitFor()
  await page.getByRole('link', { name: 'Idle licenses' }).last().waitFor()
})

test('D8 what nothing is assigned to ends at the rule, and leads to the assignments', async () => {
  const other = await assetOf('Class Pulse')
  await open(page, `/devices/${devices[1].deviceId}/why/${other.id}`)
  expect((await chain())[0]).toBe('rule ends')
  await page.getByRole('link', { name: 'Assignments' }).click()
  await page.getByRole('combobox', { name: 'Add a group' }).waitFor()
})

test('D8 from what is meant for a device to why', async () => {
  await open(page, `/devices/${devices[2].deviceId}?tab=meant`)
  await page.getByRole('link', { name: 'Why? Fractal Maths' }).click()
  await page
    .getByRole('region', { name: 'What to do' })
    .getByText(/Let the person agree/)
    .waitFor()
  expect(await chain()).toContain('device waits')
})

test('D4 an app shows on how many devices it is, narrows to a state, and leads to why', async () => {
  await open(page, `/apps/${maths.id}?tab=devices`)
  // Who waits for the other app may be among those that this one is meant for.
  await page.getByText(/^Meant for [45] devices under management$/).waitFor()
  expect(await count('installed')).toBe('2')
  expect(await count('prompting')).toBe('1')
  const rows = page.getByRole('table', { name: 'Devices' })
  await page.locator('button[data-state=prompting]').press('Space')
  await page.waitForURL(/on=prompting/)
  await page.getByText('1 row', { exact: true }).waitFor()
  await rows.getByRole('link', { name: new RegExp(devices[2].serialNumber) }).press('Enter')
  await page.getByRole('heading', { level: 1, name: `Fractal Maths on ${devices[2].serialNumber}` }).waitFor()
})

test('D4 the counts of an app move by themselves when a device says something', async () => {
  await open(page, `/apps/${maths.id}?tab=devices`)
  expect(await count('installed')).toBe('2')
  await listManaged(system.database.kysely, devices[2].serialNumber, {
    [maths.title.bundleId ?? '']: 'Managed',
  })
  await page.locator('button[data-state=installed]').getByText('3', { exact: true }).waitFor()
  await until(async () => (await page.getByRole('row', { name: /Installed/ }).count()) === 3, 20, 'the list')
})

test('D4 the list is searched by the start of a serial number', async () => {
  await page.getByRole('searchbox', { name: /start of a serial number/ }).fill(devices[3].serialNumber)
  await page.getByText('1 row', { exact: true }).waitFor()
  await page.getByRole('row', { name: /Waiting for the device/ }).waitFor()
})

test('everybody can use these pages, in light and dark and on a phone', async () => {
  const paths = [
    `/devices/${devices[3].deviceId}?tab=installs`,
    `/devices/${waiting.deviceId}/why/${scarce.id}`,
    `/devices/${devices[2].deviceId}/why/${maths.id}`,
    `/apps/${maths.id}?tab=devices`,
    `/apps/${scarce.id}?tab=devices`,
  ]
  expect(await faultsOf(page, paths)).toEqual([])
  expect(complaints).toEqual([])
}, 180_000)

test('D8 in Dutch every sentence is Dutch', async () => {
  await open(page, `/devices/${waiting.deviceId}/why/${scarce.id}`)
  await page.getByRole('button', { name: 'Language' }).click()
  await page.getByRole('menuitem', { name: 'Nederlands' }).click()
  await page.getByText('Koop meer licenties, of maak ongebruikte vrij.').first().waitFor()
  await page.getByText('Er is geen licentie vrij; het apparaat staat in de rij.').waitFor()
  await open(page, `/devices/${devices[3].deviceId}?tab=installs`)
  await page.getByText('Het apparaat hoort het zodra het verbinding maakt.').waitFor()
})

test.each([360, 1360])('D4 the longest word of a state fits in its place, %i pixels wide', async (width) => {
  await page.setViewportSize({ width, height: 860 })
  await open(page, `/apps/${maths.id}?tab=devices&on=prompting`)
  const tile = page.locator('button[data-state=prompting]')
  await tile.getByText('Wordt aan de gebruiker gevraagd').waitFor()
  expect(await tile.evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true)
  expect(await settledWidth(page)).toBeLessThanOrEqual(width)
})

/** The links with their states, from the rule to the device. */
async function chain(): Promise<string[]> {
  await page.locator('[data-link=device]').waitFor()
  return await page.evaluate<string[]>(
    `[...document.querySelectorAll('[data-link]')].map((link) => link.dataset.link + ' ' + link.dataset.state)`,
  )
}

async function count(state: string): Promise<string> {
  const text = await page.locator(`button[data-state=${state}] .numbers`).textContent()
  return text ?? ''
}
