import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Administrator } from '../support/administrator.ts'
import { until } from '../support/books.ts'
import { ada, type ConsoleUnderTest, open, settled, signIn, startConsole } from './support/console.ts'

/** What a person does with a content token between its upload and its end, seen in the browser. */

let system: ConsoleUnderTest
let admin: Administrator
let page: Page
let id: number

beforeAll(async () => {
  system = await startConsole()
  const { apple, server } = system
  const location = apple.world.addLocation({ uId: '300', name: 'Harbor school', organizationName: 'Harbor' })
  location.own({ adamId: '900001', total: 10 })
  apple.world.addTitle({ adamId: '900001', name: 'Star Atlas', kind: 'iosSoftware', publisher: 'Northlight' })
  admin = await Administrator.setUp(server, ada)
  await admin.importCsv('groups', 'name,kind\nPupils,device\n')
  await admin.importCsv('devices', 'serial_number,groups\nHARBOR1,Pupils\nHARBOR2,Pupils\n')
  id = await admin.addToken(location.mintToken().file)
  await until(() => admin.isQuiet(), 60, 'the first sync')
  await admin.assign('900001', [{ group: 'Pupils', intent: 'required' }])
  await until(
    async () => (await admin.asset('900001')).counts.used === 2 && (await admin.isQuiet()),
    60,
    'the licenses',
  )
  page = (await system.visit({ reducedMotion: 'reduce' })).page
  await signIn(page)
})

afterAll(() => system?.[Symbol.asyncDispose]())

/** Violations of WCAG 2.2 AA in what is shown now. */
async function violations(): Promise<readonly string[]> {
  await settled(page)
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
  const { violations: found } = await new AxeBuilder({ page }).withTags(tags).analyze()
  return found.map(({ id: rule, nodes }) => `${rule} at ${nodes[0]?.html.slice(0, 160)}`)
}

test('T8, S4 the page says how the connection stands and what Apple publishes', async () => {
  await open(page, `/tokens/${id}`)
  await page.getByRole('region', { name: 'Connection to Apple' }).getByText('Healthy').waitFor()
  const apple = page.getByRole('region', { name: 'Apple says' })
  await apple.getByRole('button', { name: 'Limits, addresses and error numbers' }).click()
  await apple.getByText('maxSerialNumbers').waitFor()
  await apple.getByText(/Read at \d\d:\d\d:\d\d/).waitFor()
  expect(await violations()).toEqual([])
})

test('T7 another country is warned of before it is saved', async () => {
  await open(page, `/tokens/${id}`)
  await page.getByRole('button', { name: 'Edit' }).click()
  await page.getByLabel('Country of the store').selectOption('DE')
  await page.getByText('Another store: Netherlands → Germany').waitFor()
  await page.getByText('Apple says that this location buys in Netherlands.').waitFor()
  expect(await violations()).toEqual([])
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  await page.getByText('You chose Germany for names and icons.').waitFor()
})

test('T4 a location that another service took is taken over after asking', async () => {
  system.apple.world.location('300').takeOver({ id: 'x', name: 'Other MDM', metadata: 'v1' })
  await admin.sync(id)
  await until(() => admin.isQuiet(), 60, 'the sync')
  await open(page, `/tokens/${id}`)
  await page.getByText('The location is now managed by Other MDM.').first().waitFor()
  await page.getByRole('button', { name: 'Take over' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('Other MDM must no longer be used for it.').waitFor()
  expect(await violations()).toEqual([])
  await dialog.getByRole('button', { name: 'Take over' }).click()
  await page.getByText('Apportion manages “Harbor school” again.').waitFor()
})

test('T6 deleting shows the numbers, wants the name, is followed to its end, and leads back to the list', async () => {
  await until(() => admin.isQuiet(), 60, 'the sync after taking over')
  await open(page, `/tokens/${id}`)
  await page.getByRole('button', { name: 'Delete' }).click()
  const dialog = page.getByRole('dialog')
  await dialog.getByText('2 licenses that Apportion gave, on devices: 2').waitFor()
  await dialog.getByText('1 assignment vanishes').waitFor()
  expect(await violations()).toEqual([])
  await dialog.getByRole('textbox').fill('Another school')
  await dialog.getByRole('button', { name: 'Delete token' }).click()
  await dialog.getByText('That is not the name of the token.').waitFor()
  await dialog.getByRole('textbox').fill('Harbor school')
  await dialog.getByRole('button', { name: 'Delete token' }).click()
  await page.getByRole('heading', { name: 'Deleting this token' }).waitFor()
  await page.waitForURL('**/tokens', { timeout: 60_000 })
  await page.getByText('“Harbor school” was deleted.').waitFor()
  await page.getByText('No content token yet').waitFor()
  expect([...system.apple.world.location('300').assignments()]).toEqual([])
})
