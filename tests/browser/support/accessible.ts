/** What every page has to keep: the rules of WCAG, and the width of a phone. */
import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { open, settled } from './console.ts'

/** How wide the page is, in pixels, once its parts have found their places. */
export async function settledWidth(page: Page): Promise<number> {
  const width = () => page.evaluate<number>('document.documentElement.scrollWidth')
  for (let tries = 0; tries < 20 && (await width()) > 360; tries++) await page.waitForTimeout(50)
  return await width()
}

/** Violations of the rules of WCAG 2.2 AA and of good practice, or of the rules that are named. */
export async function violations(page: Page, name: string, rules?: string[]): Promise<string[]> {
  await settled(page)
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
  const axe = new AxeBuilder({ page })
  const { violations: found } = await (rules === undefined
    ? axe.withTags(tags)
    : axe.withRules(rules)
  ).analyze()
  return found.map(({ id, nodes }) => `${name}: ${id} at ${nodes[0]?.html.slice(0, 160)}`)
}

/** Everything that is wrong with these pages, in light, in dark and on a phone; leaves the page light and wide. */
export async function faultsOf(page: Page, paths: readonly string[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const path of paths) {
    await open(page, path)
    found.push(...(await violations(page, path)))
    await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' })
    await page.locator('html[data-mantine-color-scheme=dark]').waitFor()
    await page.waitForTimeout(50)
    found.push(...(await violations(page, `${path}, dark`, ['color-contrast', 'link-in-text-block'])))
    await page.setViewportSize({ width: 360, height: 740 })
    const width = await settledWidth(page)
    if (width > 360) found.push(`${path}: ${width} pixels wide on a phone`)
    await page.setViewportSize({ width: 1360, height: 860 })
    await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' })
  }
  return found
}
