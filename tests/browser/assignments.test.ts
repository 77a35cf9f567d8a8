import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Administrator } from '../support/administrator.ts'
import { type ConsoleUnderTest, open, signIn, startConsole } from './support/console.ts'
import { bringInOrganization } from './support/organization.ts'

/** What an assignment says beside its group, and what the plan tells of it; each test goes on where the last one stopped. */

let system: ConsoleUnderTest
let page: Page
let admin: Administrator
let app: number

beforeAll(async () => {
  system = await startConsole()
  admin = await bringInOrganization(system)
  const query = { q: 'Class Pulse' }
  app = (await admin.api.GET('/api/v1/assets', { params: { query } })).data?.items[0]?.id ?? 0
  page = (await system.visit({ reducedMotion: 'reduce' })).page
  await signIn(page)
})

afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
})

test('A3, A6, L9 the terms of a group are chosen apart, checked, and said in words at its line', async () => {
  await open(page, `/apps/${app}?tab=assignments`)
  await page.getByRole('combobox', { name: 'Add a group' }).fill('Class 1A')
  await page.getByRole('option', { name: /^Class 1A/ }).click()
  await page.getByRole('button', { name: 'Add', exact: true }).click()
  await page.getByRole('button', { name: 'More terms for Class 1A' }).click()
  const terms = page.getByRole('dialog', { name: 'More terms for Class 1A' })
  await terms.getByLabel('Kept for this group').fill('30')
  await terms.getByLabel('At most').fill('20')
  await terms.getByText('Keep at most as many as the group may hold.').waitFor()
  await terms.getByLabel('At most').fill('40')
  await terms.getByRole('switch', { name: 'In waves' }).check({ force: true })
  await terms.getByLabel('App configuration').fill('{"class": }')
  await terms.getByText(/This is not JSON/).waitFor()
  expect(await terms.getByRole('button', { name: 'Use these terms' }).isDisabled()).toBe(true)
  await terms.getByLabel('App configuration').fill('{"class": "1A"}')
  expect(await violations()).toEqual([])
  await terms.getByRole('button', { name: 'Use these terms' }).click()
  const said = await page.locator('[data-terms]').textContent()
  expect(said).toMatch(
    /30 licenses kept for it · at most 40 licenses · with app configuration · in waves: 10% at/,
  )
})

test('A4, A5 the plan says what people will be asked, and lists everybody', async () => {
  await page.getByRole('button', { name: 'See what will change' }).click()
  const plan = page.getByRole('dialog', { name: 'What will change' })
  const scene = plan.locator('[data-scenario=corporate_supervised_device]')
  await scene.getByText('Nothing: the app appears by itself').waitFor()
  expect(await violations()).toEqual([])
  await plan.locator('[data-plan=grants] > summary').click()
  await plan.getByRole('button', { name: 'List and search all' }).click()
  const listed = page.getByRole('list', { name: 'Get a license' })
  await listed.getByRole('listitem').first().waitFor()
  await page.keyboard.press('Escape')
  await listed.waitFor({ state: 'detached' })
  await plan.getByRole('button', { name: 'Save and carry out' }).click()
  await page.locator('[data-arrival=finished]').waitFor({ timeout: 60_000 })
})

test('A6 a rollout that runs is stopped, says by whom, and goes on', async () => {
  const rollout = page.locator('[data-rollout]')
  await rollout.getByText('10% of the devices').waitFor()
  await rollout.getByText(/Next: 25%/).waitFor()
  await rollout.getByRole('button', { name: 'Stop' }).click()
  await rollout.getByText(/stopped by Ada Byron/).waitFor()
  await rollout.getByRole('button', { name: 'Go on' }).click()
  await rollout.getByText(/Next: 25%/).waitFor()
})

test('A2 what a device is meant to have stands on its page, with the rule', async () => {
  await open(page, '/devices?q=1A-')
  await page.getByRole('table').getByRole('link').first().click()
  await page.getByRole('tab', { name: 'Assignments' }).click()
  await page.locator('[data-target=required]').getByText('“Student iPads” · Device license').waitFor()
})

test('A3 where assignments say different things of a setting, the device says whose holds', async () => {
  const [deciding, wider] = [await admin.groupId('Class 1A'), await admin.groupId('Student iPads')]
  const intent = 'required' as const
  const wanted = [
    { groupId: deciding, intent, priority: 5, settings: { removable: false } },
    { groupId: wider, intent },
  ]
  const { data: plan } = await admin.api.POST('/api/v1/plans', { body: { assetId: app, wanted } })
  await admin.apply(plan?.id ?? '')
  await page.reload()
  await page.getByRole('tab', { name: 'Assignments' }).click()
  await page
    .locator('[data-conflict=removable]')
    .getByText('The person may delete the app: as for “Class 1A”, not as for “Student iPads”')
    .waitFor()
  expect(await violations()).toEqual([])
})

/** Violations of WCAG 2.2 AA in what stands in front. */
async function violations(): Promise<string[]> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
  const { violations: found } = await new AxeBuilder({ page }).withTags(tags).analyze()
  return found.map(({ id, nodes }) => `${id} at ${nodes[0]?.html.slice(0, 160)}`)
}
