import { unwrap } from '@apportion/api-client/client'
import { afterAll, beforeAll, test } from 'vitest'
import { type ConsoleUnderTest, open, startConsole } from './support/console.ts'
import { bringInOrganization } from './support/organization.ts'
import { picture, visitForPicture } from './support/picture.ts'
import { useForQuarter } from './support/use.ts'

/** The pictures of the guide. */

let system: ConsoleUnderTest
let scarce: number

beforeAll(async () => {
  system = await startConsole()
  const admin = await bringInOrganization(system)
  const query = { q: 'Partitura Pro' }
  const [app] = unwrap(await admin.api.GET('/api/v1/assets', { params: { query } })).items
  if (app === undefined) throw new Error('There is no Partitura Pro')
  scarce = app.id
})

afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
})

test.each(['light', 'dark'] as const)('the overview in %s', async (colorScheme) => {
  const page = await visit(colorScheme)
  await open(page, '/')
  await page.getByText('12 devices wait for a license of Partitura Pro.').waitFor()
  await picture(page, colorScheme === 'light' ? 'overview' : 'overview-dark')
})

test('the apps and books', async () => {
  const page = await visit('light')
  await open(page, '/apps')
  await picture(page, 'apps')
})

test('who waits for a scarce app', async () => {
  const page = await visit('light')
  await open(page, `/apps/${scarce}?state=waiting`)
  await page.getByText('Number 1 in line').waitFor()
  await picture(page, 'waiting')
})

test('a plan before it is saved', async () => {
  const page = await visit('light')
  await open(page, `/apps/${scarce}?tab=assignments`)
  await page.getByRole('combobox', { name: 'Add a group' }).fill('Class 2B')
  await page.getByRole('option', { name: /^Class 2B/ }).click()
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByRole('button', { name: 'See what will change' }).click()
  await page.getByRole('dialog').locator('[data-plan=waits]').waitFor()
  await picture(page, 'plan')
})

test('when an app runs out', async () => {
  const page = await visit('light')
  await open(page, '/apps?q=Fractal Maths')
  await useForQuarter(system.database.kysely, 'Fractal Maths')
  await page.getByRole('link', { name: 'Fractal Maths' }).click()
  await page.getByRole('tab', { name: 'Forecast' }).click()
  await page.getByText(/^Most likely in/).waitFor()
  await picture(page, 'forecast')
})

test('the devices on a phone', async () => {
  const page = await visit('light', { width: 390, height: 780 })
  await open(page, '/devices')
  await picture(page, 'phone')
})

const visit = (colorScheme: 'light' | 'dark', viewport?: { width: number; height: number }) =>
  visitForPicture(system, colorScheme, viewport)
