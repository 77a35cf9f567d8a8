import { type AppleSim, startAppleSim } from '@apportion/apple-sim/apple-sim'
import AxeBuilder from '@axe-core/playwright'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser } from './support/browser.ts'

/** A person who got an invitation by mail opens it at the simulated Apple. */

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

let apple: AppleSim
let browser: Browser
let address: string

beforeAll(async () => {
  apple = await startAppleSim()
  browser = await openBrowser()
  const location = apple.world.addLocation({ uId: '300', name: 'Harbor school', organizationName: 'HARBOR' })
  location.addUser({ clientUserId: 'u1', email: 'eva@meridian.example' })
  location.addUser({ clientUserId: 'u2' })
  location.acceptInvitation('u2', 'taken@icloud.example')
  address = await invitationAddress(location.mintToken().file)
})

afterAll(async () => {
  await browser?.close()
  await apple?.close()
})

/** What a client makes of the template and the invite code. */
async function invitationAddress(token: string): Promise<string> {
  const headers = { authorization: `Bearer ${token}` }
  const read = async (path: string): Promise<string> =>
    (await fetch(`${apple.origin}/mdm/v2${path}`, { headers })).text()
  const { urls }: { urls: { invitationEmail: string } } = JSON.parse(await read('/service/config'))
  const { users }: { users: { inviteCode?: string }[] } = JSON.parse(await read('/users'))
  return urls.invitationEmail.replace('%25inviteCode%25', users[0]?.inviteCode ?? 'none')
}

async function open(options: BrowserContextOptions, url: string): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage()
  await page.goto(url)
  return page
}

async function faults(page: Page): Promise<readonly string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze()
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join()}`)
}

test('the page has no accessibility fault in light, dark, on a phone, with an error and without an invitation', async () => {
  for (const options of [
    { colorScheme: 'light' },
    { colorScheme: 'dark' },
    { viewport: { width: 360, height: 640 } },
  ] as const) {
    const page = await open(options, address)
    expect(await faults(page)).toEqual([])
    expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBe(0)
    await page.getByLabel('Apple Account').fill('taken@icloud.example')
    await page.getByRole('button', { name: 'Sign in and accept' }).click()
    await page.getByRole('alert').waitFor()
    expect(await faults(page)).toEqual([])
    await page.goto(`${address.split('=')[0]}=wrong`)
    await page.getByRole('heading', { level: 1, name: 'This invitation cannot be used' }).waitFor()
    expect(await faults(page)).toEqual([])
  }
})

test('a person accepts by keyboard alone', async () => {
  const page = await open({}, address)
  await page.keyboard.press('Tab')
  await page.keyboard.type('eva@icloud.example')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: 'You accepted the invitation' }).waitFor()
  expect(await faults(page)).toEqual([])
  await page.goto(address)
  await page.getByRole('heading', { level: 1, name: 'This invitation cannot be used' }).waitFor()
})
