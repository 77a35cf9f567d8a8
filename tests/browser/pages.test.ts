import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { settledWidth, violations } from './support/accessible.ts'
import { type ConsoleUnderTest, open, signIn, startConsole } from './support/console.ts'
import { bringInOrganization } from './support/organization.ts'
import { shiftOf, watchShifts } from './support/shifts.ts'

/** What holds for every page, seen on an organization of ordinary size. */

let system: ConsoleUnderTest
const paths: Record<string, string> = {
  'the overview': '/',
  'the apps and books': '/apps',
  'the apps and books by title': '/apps?by=title',
  'the content tokens': '/tokens',
  'adding a content token': '/tokens/add',
  'a content token': '/tokens/1',
  'the devices': '/devices',
  'the enrollment': '/enrollment',
  'the users': '/users',
  'a user': '/users/1',
  'licenses spent twice': '/double-spend',
  'the groups': '/groups',
  'the import': '/import',
  'the operations': '/operations',
  'the forecast': '/forecast',
  'the shopping list': '/forecast?view=buy',
  'the idle licenses': '/idle',
  'taking back': '/take-back',
  'the ledger': '/ledger',
  'the audit log': '/audit',
  'the settings': '/settings',
}

beforeAll(async () => {
  system = await startConsole()
  const admin = await bringInOrganization(system)
  const id = (await admin.api.GET('/api/v1/overview')).data?.busiest[0]?.assetId
  const title = (await admin.api.GET('/api/v1/titles')).data?.items[0]?.adamId
  const group = await admin.groupId('Student iPads')
  const preview = await admin.intervention({ kind: 'take_back', scope: { everything: true } })
  Object.assign(paths, {
    'the holders of an app': `/apps/${id}`,
    'the forecast of an app': `/apps/${id}?tab=forecast`,
    'the assignments of an app': `/apps/${id}?tab=assignments`,
    'the history of an app': `/apps/${id}?tab=history`,
    'the operations of an app': `/apps/${id}?tab=operations`,
    'what is known of an app': `/apps/${id}?tab=about`,
    'a title with its pools': `/titles/${title}`,
    'a group': `/groups/${group}`,
    'a device': '/devices/1',
    'the installations of a device': '/devices/1?tab=installs',
    'why an app is not on a device': `/devices/1/why/${id}`,
    'the devices of an app': `/apps/${id}?tab=devices`,
    'what is meant for a device': '/devices/1?tab=meant',
    'the history of a device': '/devices/1?tab=history',
    'a preview of taking back': `/take-back/${preview.id}`,
  })
})

afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
})

/** What was found on each page; the pages are walked once, and each test looks at a part. */
interface Findings {
  readonly light: string[]
  readonly dark: string[]
  readonly wide: string[]
  readonly complaints: readonly string[]
}

test('everybody can use every page: no violation of WCAG 2.2 AA', async () => {
  expect((await findings()).light).toEqual([])
}, 600_000)

test('the dark pages have as much contrast as the light ones', async () => {
  expect((await findings()).dark).toEqual([])
})

test('nothing is cut off on a phone: no page is wider than 360 pixels', async () => {
  expect((await findings()).wide).toEqual([])
})

test('no page breaks its content security policy, or fails in another way that only browsers see', async () => {
  expect((await findings()).complaints).toEqual([])
})

let walked: Promise<Findings> | undefined
function findings(): Promise<Findings> {
  walked ??= walk()
  return walked
}

type Places = readonly (readonly [name: string, path: string])[]

/** Two windows share the pages: each mostly waits. */
async function inTwoWindows<Found>(walk: (places: Places) => Promise<Found>): Promise<readonly Found[]> {
  const places = Object.entries(paths)
  const half = Math.ceil(places.length / 2)
  return await Promise.all([walk(places.slice(0, half)), walk(places.slice(half))])
}

async function walk(): Promise<Findings> {
  const halves = await inTwoWindows(walkAlong)
  return {
    light: halves.flatMap(({ light }) => light),
    dark: halves.flatMap(({ dark }) => dark),
    wide: halves.flatMap(({ wide }) => wide),
    complaints: halves.flatMap(({ complaints }) => complaints),
  }
}

async function walkAlong(places: Places): Promise<Findings> {
  const { page, complaints } = await system.visit({ reducedMotion: 'reduce' })
  const found: Findings = { light: [], dark: [], wide: [], complaints }
  await page.goto('/sign-in')
  found.light.push(...(await violations(page, 'the sign-in')))
  await signIn(page)
  for (const [name, path] of places) {
    await page.emulateMedia({ colorScheme: 'light' })
    await open(page, path)
    found.light.push(...(await violations(page, name)))
    await page.emulateMedia({ colorScheme: 'dark' })
    await page.locator('html[data-mantine-color-scheme=dark]').waitFor()
    await page.waitForTimeout(50)
    found.dark.push(...(await violations(page, name, ['color-contrast', 'link-in-text-block'])))
    await page.setViewportSize({ width: 360, height: 740 })
    const width = await settledWidth(page)
    if (width > 360) found.wide.push(`${name}: ${width}`)
    await page.setViewportSize({ width: 1360, height: 860 })
  }
  await page.context().close()
  return found
}

test('nothing moves while a page loads, on a fast or a slow connection', async () => {
  expect((await inTwoWindows(movedAlong)).flat()).toEqual([])
})

async function movedAlong(places: Places): Promise<readonly string[]> {
  const { page } = await system.visit()
  await signIn(page)
  await watchShifts(page)
  // Slow enough that every list is sketched before it is filled.
  await page.route('**/api/v1/**', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 150))
    await route.continue()
  })
  const moved: string[] = []
  for (const [name, path] of places) {
    await open(page, path)
    await page.waitForTimeout(150)
    const shift = await shiftOf(page)
    if (shift > 0.01) moved.push(`${name}: ${shift.toFixed(3)}`)
  }
  await page.context().close()
  return moved
}

describe('a list of any length', () => {
  test('reads on as one scrolls, and keeps only what is in sight', async () => {
    const { page } = await system.visit()
    await signIn(page)
    await open(page, '/devices')
    await page.getByText('100 rows so far').waitFor()
    for (let screen = 0; screen < 40; screen++) {
      await page.mouse.wheel(0, 4000)
      if (await page.getByText('500 rows', { exact: true }).isVisible()) break
      await page.waitForTimeout(100)
    }
    await page.getByText('500 rows', { exact: true }).waitFor()
    expect(await page.getByRole('row').count()).toBeLessThan(60)
    await page.context().close()
  })

  test('keeps its search in the address, so that it can be shared and gone back to', async () => {
    const { page } = await system.visit()
    await signIn(page)
    await open(page, '/apps')
    await page.getByLabel('Name, publisher or bundle id').fill('Partitura')
    await page.waitForURL('**/apps?q=Partitura')
    await page.getByRole('link', { name: 'Partitura Pro' }).click()
    await page.getByRole('heading', { level: 1, name: 'Partitura Pro' }).waitFor()
    await page.goBack()
    await page.waitForURL('**/apps?q=Partitura')
    expect(await page.getByLabel('Name, publisher or bundle id').inputValue()).toBe('Partitura')
    await page.context().close()
  })
})

test('a page says that the server does not answer, and goes on when it does again', async () => {
  const { page } = await system.visit()
  await signIn(page)
  await page.route('**/api/v1/users**', (route) => route.abort())
  await open(page, '/users')
  await page.getByRole('alert').getByText('The server does not answer.').waitFor()
  await page.unroute('**/api/v1/users**')
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('table', { name: 'Users' }).waitFor()
  await page.context().close()
})

test('a session that ended leads to the sign-in and from there back to where one was', async () => {
  const { page } = await system.visit()
  await signIn(page)
  await open(page, '/groups')
  await page.context().clearCookies()
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Users' }).click()
  await page.waitForURL('**/sign-in?next=*')
  await signInHere(page)
  await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor()
  await page.context().close()
})

async function signInHere(page: Page): Promise<void> {
  await page.getByLabel('Email address').fill('ada@example.org')
  await page.getByRole('textbox', { name: 'Password' }).fill('a quiet river at noon')
  await page.getByRole('button', { name: 'Sign in' }).click()
}
