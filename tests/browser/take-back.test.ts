import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../support/books.ts'
import { type ConsoleUnderTest, open, settled, signIn, startConsole, type Visit } from './support/console.ts'
import { bringInOrganization } from './support/organization.ts'

/** L6, S5, L11, L13 in the console: an administrator takes licenses back, gives them again, and reads what happened. */

let system: ConsoleUnderTest
let visit: Visit
let page: Page
let app = ''
let device = ''

beforeAll(async () => {
  system = await startConsole()
  const admin = await bringInOrganization(system)
  const { data } = await admin.api.GET('/api/v1/assets', { params: { query: { q: 'Fractal Maths' } } })
  const asset = data?.items.find(({ assignments }) => assignments > 0)
  app = `/apps/${asset?.id}`
  const given = async () => {
    const holders = await admin.holders(asset?.adamId ?? '')
    device = holders.find(({ ours, state }) => ours && state === 'held')?.id ?? ''
    return device !== ''
  }
  await until(given, 60, 'a license that Apportion gave')
  visit = await system.visit({ reducedMotion: 'reduce' })
  page = visit.page
  await signIn(page)
})

afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
})

test('one license: the preview says that it is still required, and with the other choice that it is withheld', async () => {
  await open(page, `${app}?q=${device}`)
  await page.getByRole('button', { name: `Take back ${device}` }).click()
  await page.getByRole('heading', { level: 1, name: 'Take back?' }).waitFor()
  await page.getByText('No license changes hands.').waitFor()
  await page
    .locator('[data-skipped=still_required]')
    .getByText('1: An assignment still requires it')
    .waitFor()
  expect(await page.getByRole('button', { name: /^Take back 0/ }).isDisabled()).toBe(true)
  await page.getByLabel('Take it too, and withhold it').check()
  await page.getByText('On 1 device an assignment still requires it.').waitFor()
  await page.getByRole('table', { name: 'Licenses' }).getByText('Will be taken back').waitFor()
  expect(await violations(page)).toEqual([])
})

test('it is done, and the record stays and follows what Apple says', async () => {
  await page.getByRole('button', { name: 'Take back 1 license' }).click()
  await page.getByRole('heading', { level: 1, name: 'Taken back' }).waitFor()
  await page.locator('[data-progress=done]').waitFor({ timeout: 60_000 })
  await page.locator('[data-outcome=taken]').waitFor()
  await page.getByText('1 device is withheld because of this.').waitFor()
  await page.getByRole('table', { name: 'Licenses' }).getByText('Taken back', { exact: true }).waitFor()
  expect(await violations(page)).toEqual([])
})

test('the device shows who took it back and when, its history shows why, and it can be given again', async () => {
  await page.getByRole('table', { name: 'Licenses' }).getByRole('link', { name: device }).click()
  await page.getByRole('heading', { level: 1, name: device }).waitFor()
  await page.getByText('Withheld').first().waitFor()
  await page.getByText(/^Taken back by Ada Byron on /).waitFor()
  await page.getByRole('tab', { name: 'History' }).click()
  const history = page.getByRole('table', { name: 'History' })
  await history.getByRole('link', { name: 'Taken back by Ada Byron' }).waitFor()
  await history.getByText('Required by “Student iPads”').first().waitFor()
  await page.getByRole('tab', { name: 'Licenses' }).click()
  await page.getByRole('button', { name: 'Give Fractal Maths again' }).click()
  await page.getByText('1 device is no longer withheld.').waitFor()
  await page.getByRole('button', { name: 'Take back Fractal Maths' }).waitFor({ timeout: 60_000 })
})

test('everything has to be typed, and books and what is held outside are said to stay', async () => {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Take back' }).click()
  await page.getByRole('table', { name: 'Take back licenses' }).getByText(device).waitFor()
  const go = page.getByRole('button', { name: 'See what would happen' })
  expect(await go.isDisabled()).toBe(true)
  await page.getByLabel('Type EVERYTHING').fill('EVERYTHING')
  await go.click()
  await page.getByText('Every license of every location').first().waitFor()
  await page.locator('[data-skipped=held_outside]').waitFor()
  await page.getByRole('link', { name: 'Cancel' }).click()
  await page.getByRole('heading', { level: 1, name: 'Take back licenses' }).waitFor()
})

test('what is held outside is adopted only where it is required, unless one says otherwise', async () => {
  await open(page, app)
  await page.getByRole('button', { name: 'Take back and more' }).click()
  await page.getByRole('menuitem', { name: 'Adopt what is held outside…' }).click()
  await page.getByRole('heading', { level: 1, name: 'Adopt?' }).waitFor()
  await page.getByLabel('Adopt it too; it is taken back then').waitFor()
  await settled(page)
})

test('idle licenses are counted by reason, and freed by way of a preview', async () => {
  await open(page, '/idle')
  await page.getByRole('button', { name: 'Look now' }).click()
  const tile = page.locator('[data-reason=outside_and_unknown]')
  await tile.getByText(/can come back/).waitFor({ timeout: 60_000 })
  await tile.click()
  await page.waitForURL('**/idle?reason=outside_and_unknown')
  await page.getByRole('table', { name: 'Idle licenses' }).getByText('Held outside').first().waitFor()
  // The button fades in again once the look is through.
  await page.getByText(/^As of /).waitFor()
  await page.waitForTimeout(300)
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: /^Preview freeing/ }).click()
  await page.getByText('Idle: Outside and unknown').waitFor()
  await page.getByLabel('Also take what is held outside').check()
  await page.getByRole('button', { name: /^Take back [1-9]/ }).click()
  await page.locator('[data-progress=done]').waitFor({ timeout: 60_000 })
  await page.locator('[data-outcome=taken]').waitFor()
})

test('that is undone, until the date that the record shows', async () => {
  await page.getByText(/^It can be undone until /).waitFor()
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Undo…' }).click()
  await page.getByRole('heading', { level: 1, name: 'Undo?' }).waitFor()
  await page.getByText('What no assignment requires stays with its holder for 30 days.').waitFor()
  await page.getByRole('button', { name: /^Give [1-9]/ }).click()
  await page.getByRole('heading', { level: 1, name: 'Undone' }).waitFor()
  await page.locator('[data-outcome=given]').waitFor({ timeout: 60_000 })
  await page.getByRole('link', { name: 'See the record that this undoes' }).click()
  await page.getByText(/^It was undone, in full or in part\./).waitFor()
})

test('nothing on the way broke the page’s own rules', () => {
  expect(visit.complaints).toEqual([])
})

async function violations(shown: Page): Promise<readonly string[]> {
  await settled(shown)
  const { violations: found } = await new AxeBuilder({ page: shown })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze()
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`)
}
