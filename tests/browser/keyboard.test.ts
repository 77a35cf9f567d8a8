import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ada, type ConsoleUnderTest, settled, startConsole } from './support/console.ts'
import { bringInOrganization } from './support/organization.ts'

/** Somebody who has no mouse: every step is a key. */

let system: ConsoleUnderTest
let page: Page

beforeAll(async () => {
  system = await startConsole()
  await bringInOrganization(system)
  page = (await system.visit()).page
})

afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
})

test('signing in needs only the keyboard', async () => {
  await page.goto('/sign-in')
  await page.getByLabel('Email address').waitFor()
  expect(await focused()).toBe('Email address')
  await page.keyboard.type(ada.email)
  await page.keyboard.press('Tab')
  await page.keyboard.type(ada.password)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
})

test('the first tab stop skips what stands before the content', async () => {
  await page.reload()
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
  await page.keyboard.press('Tab')
  expect(await focused()).toBe('Skip to content')
  await page.keyboard.press('Enter')
  expect(await page.evaluate<string>('document.activeElement.id')).toBe('main')
})

test('going somewhere puts the focus on its heading', async () => {
  await tabTo('Apps & books')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Apps & books' }).waitFor()
  expect(await page.evaluate<string>('document.activeElement.tagName')).toBe('H1')
  expect(await page.title()).toBe('Apps & books · Apportion')
})

test('an app is found, planned for a group and given back without a mouse', async () => {
  await tabTo('Name, publisher or bundle id')
  await page.keyboard.type('Class Pulse')
  await page.waitForURL('**/apps?q=Class+Pulse')
  await settled(page)
  await tabTo('Class Pulse')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'Class Pulse' }).waitFor()
  await tabTo('Holders')
  await arrowTo('Assignments')
  await page.getByRole('combobox', { name: 'Add a group' }).waitFor()
  await tabTo('Add a group')
  await page.keyboard.type('Class 1A')
  await page.getByRole('option', { name: /^Class 1A/ }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await tabTo('Add')
  await page.keyboard.press('Enter')
  await tabTo('See what will change')
  await page.keyboard.press('Enter')
  const plan = page.getByRole('dialog', { name: 'What will change' })
  await plan.getByText('Get a license').waitFor()
  await page.keyboard.press('Escape')
  await plan.waitFor({ state: 'detached' })
  // Leaving the plan brings back to where it was asked for.
  await expect.poll(focused).toBe('See what will change')
})

test('the menus of the header open, choose and close with keys', async () => {
  await page.getByRole('button', { name: 'Light or dark' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('menuitem', { name: 'Dark' }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect
    .poll(() => page.evaluate<string>('document.documentElement.dataset.mantineColorScheme'))
    .toBe('dark')
})

/** Goes right among the tabs until this one has the focus. */
async function arrowTo(tab: string): Promise<void> {
  for (let stops = 0; stops < 8; stops++) {
    if ((await focused()) === tab) return
    await page.keyboard.press('ArrowRight')
  }
  throw new Error(`No tab "${tab}" was reached with the arrow keys`)
}

/** Presses Tab until what has this name has the focus. */
async function tabTo(name: string): Promise<void> {
  for (let stops = 0; stops < 60; stops++) {
    if ((await focused()) === name) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`"${name}" is not reached by 60 presses of Tab; the focus is on "${await focused()}"`)
}

/** The name of what has the focus, as it is announced: its label, else its text. */
async function focused(): Promise<string> {
  return await page.evaluate<string>(`(() => {
    const element = document.activeElement
    const label = element.getAttribute('aria-label') ?? element.labels?.[0]?.textContent
    return (label ?? element.textContent).trim()
  })()`)
}
