/** How much of a page moved by itself while it loaded, as browsers measure it (Cumulative Layout Shift). */
import type { Page } from 'playwright-core'

/** Begins to watch with the next page that is opened. */
export async function watchShifts(page: Page): Promise<void> {
  await page.addInitScript(`
    globalThis.shifts = 0
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (!entry.hadRecentInput) globalThis.shifts += entry.value
    }).observe({ type: 'layout-shift', buffered: true })
  `)
}

/** 0 when nothing moved; 1 when the whole screen moved by its own height. */
export async function shiftOf(page: Page): Promise<number> {
  return await page.evaluate<number>('globalThis.shifts')
}
