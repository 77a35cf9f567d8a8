/** The page of the simulator of Apple, on a company that a server manages and whose Apple fails. */
import { type AppleSim, startAppleSim } from '@apportion/apple-sim/apple-sim'
import { type ControlPlane, startControlPlane } from '@apportion/apple-sim/control-plane'
import { inventOrganization } from '@apportion/apple-sim/invented-organization'
import { enterOrganization } from '@apportion/apple-sim/organization-world'
import AxeBuilder from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser } from './support/browser.ts'

const parts = new AsyncDisposableStack()
let apple: AppleSim
let plane: ControlPlane
let browser: Browser
let page: Page
let paths: Readonly<Record<string, string>> = {}

beforeAll(async () => {
  apple = await startAppleSim({ knobs: { processing: { minMs: 0, maxMs: 0 } } })
  parts.defer(() => apple.close())
  plane = parts.use(await startControlPlane(apple, 0))
  const [location] = enterOrganization(apple.world, inventOrganization({ preset: 'company', devices: 1500 }))
  const adamId = location?.assets[0]?.adamId ?? ''
  paths = {
    'the overview': '/',
    'a location': `/page/locations/${location?.uId}`,
    'the holders of a title': `/page/holders/${location?.uId}/${adamId}/STDQ`,
  }
  apple.world.faults.order({ fault: '503', times: 3, match: '/status' })
  apple.world.play({ name: 'A slow day', steps: [{ at: '1h', fault: 'slow', times: 3 }] })
  await call('/assets')
  await call('/assignments?pageIndex=0&includeUserState=true&excludeInactiveUsers=true')
  await call('/status?eventId=none')
  browser = await openBrowser()
  parts.defer(() => browser.close())
  page = await openWindow()
})

afterAll(() => parts.disposeAsync())

async function call(path: string): Promise<void> {
  const file = apple.world.locations[0]?.tokens[0]?.file
  await fetch(`${apple.origin}/mdm/v2${path}`, { headers: { authorization: `Bearer ${file}` } })
}

/** Of the browser, and requests to anywhere else. */
const complaints: string[] = []

/** One window for all: each test goes to the page that it is about. */
async function openWindow(): Promise<Page> {
  const context = await browser.newContext({ baseURL: plane.origin })
  const opened = await context.newPage()
  opened.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text())
  })
  opened.on('pageerror', (error) => complaints.push(error.message))
  opened.on('request', (request) => {
    if (!request.url().startsWith(plane.origin) && !request.url().startsWith('data:')) {
      complaints.push(`asked ${request.url()}`)
    }
  })
  return opened
}

test('everybody can use every page, light and dark: no violation of WCAG 2.2 AA', async () => {
  const found: string[] = []
  for (const [name, path] of Object.entries(paths)) {
    await page.goto(path)
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
      const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze()
      found.push(...violations.map(({ id, nodes }) => `${name}, ${colorScheme}: ${id} ${nodes[0]?.html}`))
    }
  }
  expect(found).toEqual([])
})

test('nothing is cut off on a phone: no page is wider than 360 pixels', async () => {
  await page.setViewportSize({ width: 360, height: 740 })
  for (const [name, path] of Object.entries(paths)) {
    await page.goto(path)
    const width = await page.evaluate<number>('document.documentElement.scrollWidth')
    expect([name, width]).toEqual([name, 360])
  }
  await page.setViewportSize({ width: 1280, height: 860 })
})

test('what happens shows by itself, without losing what a person is about', async () => {
  await page.goto('/')
  await page.getByLabel('Only where this is part of it').fill('/users')
  await call('/users?activeOnly=true')
  await page.getByText('activeOnly=true').waitFor()
  expect(await page.getByLabel('Only where this is part of it').inputValue()).toBe('/users')
})

test('the keyboard alone orders a fault and takes it back', async () => {
  await page.goto('/')
  await page.getByRole('combobox').focus()
  await page.keyboard.type('html')
  await page.keyboard.press('Tab')
  await page.keyboard.type('7')
  await page.keyboard.press('Tab')
  await page.keyboard.type('/assets')
  await page.keyboard.press('Enter')
  await page.getByRole('cell', { name: 'html' }).waitFor()
  expect(apple.world.faults.rules.at(-1)).toMatchObject({ order: { fault: 'html', match: '/assets' } })
  await page.getByRole('button', { name: 'Take back every fault' }).focus()
  await page.keyboard.press('Enter')
  await page.getByText('Nothing is out to strike.').waitFor()
})

test('a button leads back to where it stands', async () => {
  const path = paths['a location'] ?? ''
  await page.goto(path)
  await page.getByRole('button', { name: /^Another service takes over/ }).click()
  await page.getByText('Managed by Another service').waitFor()
  expect(new URL(page.url()).pathname).toBe(path)
})

test('who does not want it to move can stop that, for as long as the window is open', async () => {
  await page.goto('/')
  await page.getByRole('checkbox', { name: 'Refresh by itself' }).uncheck()
  await page.reload()
  expect(await page.getByRole('checkbox', { name: 'Refresh by itself' }).isChecked()).toBe(false)
})

test('no page breaks its content security policy, or asks anybody else for anything', () => {
  expect(complaints).toEqual([])
})
