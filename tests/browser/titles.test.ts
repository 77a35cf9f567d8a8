import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Administrator } from '../support/administrator.ts'
import { until } from '../support/books.ts'
import { type ConsoleUnderTest, open, signIn, startConsole } from './support/console.ts'
import { bringInOrganization } from './support/organization.ts'
import { useForQuarter } from './support/use.ts'

/** One title over all locations, what was noticed of it, what fits a device and how long it lasts, as a person sees it. */

let system: ConsoleUnderTest
let admin: Administrator

beforeAll(async () => {
  system = await startConsole()
  admin = await bringInOrganization(system)
})

afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
})

async function arrive(path: string): Promise<Page> {
  const { page } = await system.visit()
  await signIn(page)
  await open(page, path)
  return page
}

test('C3 from the list by title to its pools, to one of them and back, with the choice kept in the address', async () => {
  const page = await arrive('/apps')
  await page.getByRole('radio', { name: 'By title' }).press('Space')
  await page.waitForURL('**/apps?by=title')
  await page.getByLabel('Name, publisher or bundle id').fill('Sketch Harbor')
  await page.getByText('1 row', { exact: true }).waitFor()
  expect(await page.getByRole('row', { name: /Sketch Harbor/ }).textContent()).toContain('2 pools')
  await page.getByRole('link', { name: 'Sketch Harbor' }).press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Sketch Harbor' }).waitFor()
  expect(await page.locator('[data-count=total]').textContent()).toBe('210')
  const pools = page.getByRole('table', { name: 'Pools' })
  await pools.getByRole('link', { name: 'Meridian Head Office' }).click()
  await page.locator('[data-count=total]').getByText('30', { exact: true }).waitFor()
  await page.getByRole('link', { name: 'All pools' }).click()
  await pools.getByRole('link', { name: 'Meridian College' }).waitFor()
  await page.context().close()
})

test('S7 a title that is unlimited everywhere says so, and shows no number of licenses left', async () => {
  const page = await arrive('/apps?by=title&q=Lumen')
  const row = page.getByRole('row', { name: /Lumen Reader/ })
  expect(await row.textContent()).toContain('used, unlimited')
  expect(await page.locator('main').textContent()).not.toContain('2,147,483,647')
  await page.context().close()
})

test('C4 a license that is gone stands on the page of the app with what to do, in the list, and in what changed', async () => {
  const { adamId, counts } = await admin.asset(await adamIdOf('Boardroom'))
  const location = system.apple.world.locations.find(({ name }) => name === 'Meridian Head Office')
  expect(counts.used).toBe(0)
  location?.refund(adamId, counts.total ?? 0)
  await until(async () => (await admin.asset(adamId)).notices.length > 0, 60, 'the notice')
  const page = await arrive('/apps?show=not_licensed')
  await page
    .getByRole('row', { name: /Boardroom/ })
    .getByText('No longer licensed')
    .waitFor()
  await page.getByRole('link', { name: 'Boardroom' }).click()
  await page.getByText(/Buy licenses or transfer some here at Apple/).waitFor()
  await page.getByRole('tab', { name: 'About' }).click()
  await page.getByRole('listitem').getByText('No licenses are owned any more.').waitFor()
  await page.context().close()
})

test('C2 a device shows the apps that run on it, and why the others do not', async () => {
  const page = await arrive('/devices/1')
  const apps = page.getByRole('region', { name: 'Apps for this device' })
  await apps.getByRole('table').waitFor()
  await apps.getByRole('radio', { name: 'Do not' }).press('Space')
  await apps.getByText('Not for this kind of device').first().waitFor()
  await page.context().close()
})

async function adamIdOf(name: string): Promise<string> {
  const { data } = await admin.api.GET('/api/v1/titles', { params: { query: { q: name } } })
  const adamId = data?.items[0]?.adamId
  if (adamId === undefined) throw new Error(`There is no title ${name}`)
  return adamId
}

test('L10 from the overview to what runs out soon, to its chart, and to what is to be bought', async () => {
  await useForQuarter(system.database.kysely, 'Fractal Maths')
  await until(async () => (await runningOut()) > 1, 60, 'the forecasts')
  const page = await arrive('/')
  await page.getByRole('link', { name: 'apps within 30 days' }).click()
  await page.getByRole('row', { name: /Fractal Maths.*days.*Most likely in/ }).waitFor()
  await page.getByRole('link', { name: 'Fractal Maths' }).click()
  await page.getByRole('img', { name: /^Licenses in use: .* asked for on .* Owned: / }).waitFor()
  await page.getByText(/^Most likely in .* On average .* a day over 90 days/).waitFor()
  await page.getByRole('link', { name: 'Forecast' }).click()
  await page.getByRole('radio', { name: 'Shopping list' }).press('Space')
  await page.getByRole('combobox', { name: 'To last for' }).selectOption('To last 180 days')
  await page.waitForURL(/horizon=180/)
  await page.getByRole('row', { name: /Partitura Pro.*12.*little history/ }).waitFor()
  const download = page.waitForEvent('download')
  await page.getByRole('link', { name: 'Export CSV' }).click()
  expect((await download).suggestedFilename()).toBe('shopping-list.csv')
  await page.context().close()
})

async function runningOut(): Promise<number> {
  return (await admin.api.GET('/api/v1/overview')).data?.runningOut.assets ?? 0
}
