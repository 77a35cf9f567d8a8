import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Administrator } from '../support/administrator.ts'
import { ada, type ConsoleUnderTest, open, signIn, startConsole, type Visit } from './support/console.ts'

/** A1 in the console: a group that finds its devices by a rule, and groups in groups. */

let system: ConsoleUnderTest
let visit: Visit
let page: Page

beforeAll(async () => {
  system = await startConsole()
  const admin = await Administrator.setUp(system.server, ada)
  await admin.importCsv('groups', 'name,kind\nCarts,device\nWhole school,device\n')
  await admin.importCsv(
    'devices',
    [
      'serial_number,name,platform,os_version,site,tags,groups',
      'PAD1,Cart 1,iPadOS,17.4,Main Street,cart|loan,Carts',
      'PAD2,Cart 2,iPadOS,16.1,Harbor,cart,Carts',
      'PHONE1,Ada,iOS,18.0,Harbor,,',
    ].join('\n'),
  )
  visit = await system.visit({ reducedMotion: 'reduce' })
  page = visit.page
  await signIn(page)
})

afterAll(async () => {
  await system?.[Symbol.asyncDispose]()
})

const dialog = () => page.getByRole('dialog')
const condition = (place: string) => dialog().getByRole('group', { name: `Condition ${place}`, exact: true })
const fitting = (count: number) => dialog().locator(`[data-fitting="${count}"]`).waitFor()

test('a rule is written with the devices that fit beside it, and becomes a group', async () => {
  await open(page, '/groups')
  await page.getByRole('button', { name: 'Add group' }).click()
  await dialog().getByLabel('Name').fill('Recent iPads')
  await dialog().getByText('By a rule').click()
  await condition('1').getByLabel('Value').selectOption('iPadOS')
  await fitting(2)
  await dialog().getByRole('button', { name: 'Add condition' }).click()
  await condition('2').getByLabel('Fact').selectOption('os_version')
  await dialog().getByText('Fill in every value').waitFor()
  expect(await dialog().getByRole('button', { name: 'Save' }).isDisabled()).toBe(true)
  await condition('2').getByLabel('Value').fill('17')
  await fitting(1)
  await dialog().getByRole('region', { name: 'Devices that fit now' }).getByText('PAD1').waitFor()
  expect(await violations()).toEqual([])
  await dialog().getByRole('button', { name: 'Save' }).click()
  await page.getByRole('heading', { level: 1, name: 'Recent iPads' }).waitFor()
  await page.getByText('Devices where platform is iPadOS and system version is at least 17.').waitFor()
  await page.getByRole('table', { name: 'Members' }).getByText('PAD1').waitFor()
})

test('blocks and lists are written with the keyboard alone', async () => {
  await page.getByRole('button', { name: 'Change rule' }).press('Enter')
  await dialog().getByRole('button', { name: 'Remove condition 2' }).press('Enter')
  await dialog().getByRole('button', { name: 'Add block' }).press('Enter')
  await condition('2.1').getByLabel('Fact').selectOption('tag')
  await condition('2.1').getByLabel('Comparison').selectOption('one_of')
  await condition('2.1').getByLabel('Value').pressSequentially('loan\nother\n')
  await fitting(1)
  await dialog().getByLabel('Which of these must hold').nth(1).selectOption('none')
  await dialog().getByText('Devices where platform is iPadOS and not (tag is one of loan, other).').waitFor()
  await dialog().getByRole('region', { name: 'Devices that fit now' }).getByText('PAD2').waitFor()
  expect(await violations()).toEqual([])
  await dialog().getByRole('button', { name: 'Save' }).press('Enter')
  await page.getByRole('table', { name: 'Members' }).getByText('PAD2').waitFor()
})

test('it goes into another group, which has its members then', async () => {
  await open(page, '/groups')
  await page.getByRole('link', { name: 'Whole school' }).click()
  await page.getByRole('combobox', { name: 'Add a group to it' }).fill('Recent')
  await page.getByRole('option', { name: 'Recent iPads' }).click()
  await page.getByRole('button', { name: 'Add group' }).click()
  await page.getByRole('link', { name: 'Recent iPads' }).waitFor()
  await page.getByRole('table', { name: 'Members' }).getByText('PAD2').waitFor()
  expect(await violations()).toEqual([])
  await page.getByText('Picked here').click()
  await page.getByText('No members', { exact: true }).waitFor()
})

test('nothing on the way broke the page’s own rules', () => {
  expect(visit.complaints).toEqual([])
})

async function violations(): Promise<string[]> {
  const { violations: found } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag22aa'])
    .analyze()
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}
