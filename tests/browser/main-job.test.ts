import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ada, type ConsoleUnderTest, settled, startConsole, type Visit } from './support/console.ts'

/** One administrator's first morning, in the order in which it happens; each test goes on where the last one stopped. */

let system: ConsoleUnderTest
let visit: Visit
let page: Page
const token = { name: 'harbor.vpptoken', mimeType: 'application/octet-stream' }
const serials = Array.from({ length: 30 }, (_, index) => `HARBOR${String(index).padStart(4, '0')}`)

beforeAll(async () => {
  system = await startConsole()
  visit = await system.visit()
  page = visit.page
})

afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
})

test('the link that the server prints leads to the first administrator', async () => {
  await page.goto('/')
  await page.waitForURL('**/setup')
  await page.goto(`/setup#${system.server.setupCode}`)
  await page.getByLabel('Your name').fill(ada.name)
  await page.getByLabel('Email address').fill(ada.email)
  await page.getByRole('textbox', { name: 'Password' }).fill('too short')
  await page.getByRole('button', { name: 'Create administrator' }).click()
  await page.getByText('Use at least 12 characters.').waitFor()
  await page.getByRole('textbox', { name: 'Password' }).fill(ada.password)
  await page.getByRole('button', { name: 'Create administrator' }).click()
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  await page.getByText('Begin with a content token').waitFor()
})

test('a file that is no content token is refused with the reason, and nothing is stored', async () => {
  await page.getByRole('link', { name: 'Add content token' }).click()
  await choose({ ...token, buffer: Buffer.from('<html>Sign in to Apple School Manager</html>') })
  await page.getByRole('alert').getByText('This content token cannot be added').waitFor()
  expect(await page.getByRole('alert').textContent()).toMatch(/web page|HTML/i)
  await page.getByRole('link', { name: 'Content tokens' }).first().click()
  await page.getByText('No content token yet').waitFor()
})

test('a content token shows what it opens before it is added, and its first sync fills the catalog', async () => {
  const { world } = system.apple
  world.addTitle({
    adamId: '900001',
    name: 'Tide Tables',
    kind: 'iosSoftware',
    publisher: 'Kade Software',
    deviceFamilies: ['ipad'],
  })
  const location = world.addLocation({ name: 'Harbor school', organizationName: 'HARBOR' })
  location.own({ adamId: '900001', total: 20 })
  location.assignOutside('900001', { serialNumbers: ['STRANGER01', 'STRANGER02'] })

  await page.getByRole('link', { name: 'Add content token' }).first().click()
  await choose({ ...token, buffer: Buffer.from(location.mintToken().file) })
  await page.getByRole('heading', { name: 'What this file opens' }).waitFor()
  await page.getByText('Nobody: free to manage').waitFor()
  await page.getByRole('button', { name: 'Add and sync' }).click()
  await page.getByText('Without this consent Apportion cannot give licenses.').waitFor()
  await page.getByLabel('I agree that serial numbers').check()
  await page.getByRole('button', { name: 'Add and sync' }).click()

  await page.getByRole('heading', { level: 1, name: 'Harbor school' }).waitFor()
  await page.getByRole('table', { name: 'Sync history' }).getByText('Done').waitFor()
  await go('Apps & books')
  await page.getByRole('link', { name: 'Tide Tables' }).click()
  await count('outside', '2')
  await page.getByText('Held outside Apportion').first().waitFor()
})

test('an import names the rows that are not right, and keeps nothing or the good ones as chosen', async () => {
  await importCsv('Groups', 'name,kind\nClass 1A,device\n')
  await page.locator('[data-import=kept]').waitFor()
  const rows = serials.map((serial) => `${serial},iPadOS,Class 1A`)
  const bad = ['serial_number,platform,groups', ...rows, 'X,iPadOS,Class 1A', ''].join('\n')
  await importCsv('Devices', bad)
  await page.locator('[data-import=refused]').waitFor()
  const rejected = page.getByRole('region', { name: 'Rows that were not taken' })
  expect(await rejected.getByRole('row').nth(1).getByRole('cell').first().textContent()).toBe('32')
  await page.getByLabel('Keep the good rows').check()
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await page.locator('[data-import=kept]').waitFor()
  await page.getByText('30 added').waitFor()
})

test('an assignment shows what will change, and after saving the licenses arrive by themselves', async () => {
  await openApp()
  await page.getByRole('tab', { name: 'Assignments' }).click()
  await page.getByRole('combobox', { name: 'Add a group' }).fill('Class')
  await page.getByRole('option', { name: /^Class 1A/ }).click()
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByRole('button', { name: 'See what will change' }).click()
  const plan = page.getByRole('dialog', { name: 'What will change' })
  await plan.getByText('The assignments reach 30 devices.').waitFor()
  await planned(plan, 'grants', '18')
  await planned(plan, 'waits', '12')
  await plan.getByRole('button', { name: 'Save and carry out' }).click()
  await page.locator('[data-arrival=finished]').waitFor({ timeout: 60_000 })
  await count('ours', '18')
  await count('available', '0')
  await count('waiting', '12')
})

test('a holder shows since when and why, and who waits shows the place in line', async () => {
  await page.getByRole('tab', { name: 'Holders' }).click()
  const holders = page.getByRole('table', { name: 'Holders' })
  await holders.getByText('Assigned to “Class 1A”', { exact: true }).first().waitFor()
  await page.getByLabel('Show').selectOption({ label: 'Waiting' })
  await holders.getByText('Number 1 in line').waitFor()
  await settled(page)
  expect(await holders.getByRole('row').count()).toBe(13)
})

test('when licenses are bought, those who wait get theirs without anybody doing anything', async () => {
  system.apple.world.locations[0]?.buy('900001', 5)
  await count('ours', '23')
  await count('waiting', '7')
})

test('a plan that no longer fits is not carried out: the new one is shown and asked about', async () => {
  await openApp()
  await page.getByRole('tab', { name: 'Assignments' }).click()
  await page.getByRole('button', { name: 'Remove Class 1A' }).click()
  await page.getByRole('button', { name: 'See what will change' }).click()
  const plan = page.getByRole('dialog', { name: 'What will change' })
  await planned(plan, 'releases', '23')
  const elsewhere = await page.context().newPage()
  await elsewhere.goto('/devices?q=HARBOR0000')
  await elsewhere.getByRole('link', { name: 'HARBOR0000' }).click()
  await elsewhere.getByRole('button', { name: 'Delete', exact: true }).click()
  await elsewhere.getByRole('dialog').getByRole('button', { name: 'Delete device' }).click()
  await elsewhere.waitForURL('**/devices')
  await elsewhere.close()
  // Its license has gone to one who waited, and would come back from there now.
  await count('waiting', '6')

  await plan.getByRole('button', { name: 'Save and carry out' }).click()
  const moved = plan.getByRole('alert').filter({ hasText: 'Something changed since you looked' })
  await moved.locator('[data-difference]').waitFor()
  await plan.getByRole('button', { name: 'Save and carry out' }).click()
  await plan.waitFor({ state: 'detached' })
  await page.getByText('Not assigned to anyone').waitFor()
  await count('ours', '0')
  await count('available', '23')
})

test('every change stands in the audit log, and nothing on the way broke the page’s own rules', async () => {
  await go('Audit log')
  const log = page.getByRole('table', { name: 'Audit log' })
  for (const entry of [
    'Added a content token',
    'Imported devices',
    'Changed assignments',
    'Removed a device',
  ]) {
    await log.getByText(entry).first().waitFor()
  }
  expect(visit.complaints).toEqual([])
})

async function choose(file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
  await page.locator('input[type=file]').setInputFiles(file)
}

async function go(place: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: place }).click()
  await page.getByRole('heading', { level: 1, name: place }).waitFor()
}

async function openApp(): Promise<void> {
  await go('Apps & books')
  await page.getByRole('link', { name: 'Tide Tables' }).click()
  await page.getByRole('heading', { level: 1, name: 'Tide Tables' }).waitFor()
}

async function importCsv(kind: string, csv: string): Promise<void> {
  await go('Import')
  await page.getByRole('radiogroup', { name: 'What to import' }).getByText(kind, { exact: true }).click()
  await choose({ name: `${kind}.csv`, mimeType: 'text/csv', buffer: Buffer.from(csv) })
  await page.getByRole('button', { name: 'Import', exact: true }).click()
}

/** Waits until a part of the plan says this many. */
async function planned(plan: Locator, part: 'grants' | 'waits' | 'releases', value: string): Promise<void> {
  await plan.locator(`[data-plan=${part}]`).getByText(value, { exact: true }).waitFor()
}

/** Waits until a count on the page of an app is this. */
async function count(name: 'ours' | 'outside' | 'available' | 'waiting', value: string): Promise<void> {
  await page.locator(`[data-count=${name}]`).getByText(value, { exact: true }).waitFor({ timeout: 60_000 })
}
