import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ConsoleUnderTest, open, settled, signIn, startConsole } from './support/console.ts'
import { bringInOrganization } from './support/organization.ts'

/**
 * The pictures of the guide. They are taken each time, so that what the guide shows can always be reached, and
 * written to docs/guide/images only with UPDATE_SCREENSHOTS=1.
 */

let system: ConsoleUnderTest
const folder = join(import.meta.dirname, '../../docs/guide/images')
const written = process.env.UPDATE_SCREENSHOTS === '1'

beforeAll(async () => {
  system = await startConsole()
  await bringInOrganization(system)
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
  await expect
    .poll(() => icons.evaluateAll((all) => all.every((icon) => Reflect.get(icon, 'complete') === true)))
    .toBe(true)
  const image = await page.screenshot(written ? { path: join(folder, `${name}.png`) } : {})
  expect(image.byteLength).toBeGreaterThan(10_000)
  await page.context().close()
}
