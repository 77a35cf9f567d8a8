import { createServer, type Server } from 'node:http'
import { enrollPage, problemPage } from '@apportion/server/mdm/enroll-page'
import { languageFor } from '@apportion/server/mdm/enroll-texts'
import AxeBuilder from '@axe-core/playwright'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openBrowser } from './support/browser.ts'

/** A person opens an enrollment link on a device. */

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

let server: Server
let browser: Browser
let origin: string

beforeAll(async () => {
  server = createServer((request, response) => {
    const language = languageFor(request.headers['accept-language'])
    const answer =
      request.url === '/enroll/right'
        ? enrollPage({
            language,
            organization: 'Meridian College of Arts & Crafts',
            serialNumber: 'C02XK1ZAJG5H',
            profilePath: '/enroll/right/profile',
          })
        : problemPage(language, 'expired')
    response.writeHead(answer.status, { ...answer.headers, 'content-type': answer.contentType })
    response.end(answer.body)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const address = server.address()
  origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  browser = await openBrowser()
})

afterAll(async () => {
  await browser?.close()
  server?.close()
})

async function open(options: BrowserContextOptions, path: string): Promise<Page> {
  const page = await (await browser.newContext(options)).newPage()
  await page.goto(`${origin}${path}`)
  return page
}

const looks: readonly BrowserContextOptions[] = [
  { colorScheme: 'light', locale: 'en-GB' },
  { colorScheme: 'dark', locale: 'nl-NL' },
  { viewport: { width: 360, height: 640 }, locale: 'nl-NL' },
]

test('the pages have no accessibility fault in light, dark and on a phone, in both languages', async () => {
  for (const options of looks) {
    for (const path of ['/enroll/right', '/enroll/ended']) {
      const page = await open(options, path)
      const { violations } = await new AxeBuilder({ page }).withTags(TAGS).analyze()
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join()}`)).toEqual([])
      expect(await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth')).toBe(0)
    }
  }
})

test('the page is styled although nothing but its own style may run, and the profile can be reached by keyboard', async () => {
  const page = await open({ locale: 'nl-NL' }, '/enroll/right')
  const button = page.getByRole('link', { name: 'Download het profiel' })
  expect(await page.evaluate<string>('getComputedStyle(document.querySelector("a")).display')).toBe(
    'inline-block',
  )
  await page.keyboard.press('Tab')
  expect(await page.evaluate<boolean>('document.activeElement === document.querySelector("a")')).toBe(true)
  expect(await button.getAttribute('href')).toBe('/enroll/right/profile')
})
