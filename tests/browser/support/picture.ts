/** The pictures of the guide. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { type ConsoleUnderTest, settled, signIn } from './console.ts'

const folder = join(import.meta.dirname, '../../../docs/guide/images')
/** Whether they are written. */
const isWritten = process.env.UPDATE_SCREENSHOTS === '1'

/** A window for one picture, signed in. */
export async function visitForPicture(
  system: ConsoleUnderTest,
  colorScheme: 'light' | 'dark',
  viewport = { width: 1360, height: 860 },
): Promise<Page> {
  const { page } = await system.visit({ colorScheme, viewport, reducedMotion: 'reduce' })
  await signIn(page)
  return page
}

/**
 * Takes the picture of a page and closes its window. It is taken each time, so that what the guide shows can always be
 * reached, and written to docs/guide/images only with UPDATE_SCREENSHOTS=1.
 */
export async function picture(page: Page, name: string): Promise<void> {
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
  if (isWritten) await mkdir(folder, { recursive: true })
  const image = await page.screenshot(isWritten ? { path: join(folder, `${name}.png`) } : {})
  expect(image.byteLength).toBeGreaterThan(10_000)
  await page.context().close()
}
