import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { unwrap } from '@apportion/api-client/client'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ConsoleUnderTest, open, settled, signIn, startConsole } from './support/console.ts'
import { bringInOrganization } from './support/organization.ts'
import { useForQuarter } from './support/use.ts'

/**
 * The pictures of the guide. They are taken each time, so that what the guide shows can always be reached, and
 * written to docs/guide/images only with UPDATE_SCREENSHOTS=1.
 */

let system: ConsoleUnderTest
let scarce: number
const folder = join(import.meta.dirname, '../../docs/guide/images')
const written = process.env.UPDATE_SCREENSHOTS === '1'

beforeAll(async () => {
  system = await startConsole()
  const admin = await bringInOrganization(system)
  const query = { q: 'Partitura Pro' }
  const [app] = unwrap(await admin.api.GET('/api/v1/assets', { params: { query } })).items
  if (app === undefined) throw new Error('There is no Partitura Pro')
  scarce = app.id
  if (written) await mkdir(folder, { recursive: true })
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

async function visit(colorScheme: 'light' | 'dark', viewport = { width: 1360, height: 860 }): Promise<Page> {
  const { page } = await system.visit({ colorScheme, viewport, reducedMotion: 'reduce' })
  await signIn(page)
  return page
}

async function picture(page: Page, name: string): Promise<void> {
  await settled(page)
  const icons = page.locator('img')
  // An icon that nobody sees yet is not loaded.
  const loaded = () =>
    icons.evaluateAll((all) =>
      all.every(
        (icon) =>
          icon.getBoundingClientRect().top > Number(Reflect.get(globalThis, 'innerHeight')) ||
          Reflect.get(icon, 'complete') === true,
      ),
    )
  await expect.poll(loaded, { timeout: 20_000 }).toBe(true)
  const image = await page.screenshot(written ? { path: join(folder, `${name}.png`) } : {})
  expect(image.byteLength).toBeGreaterThan(10_000)
  await page.context().close()
}
