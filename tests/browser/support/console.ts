/**
 * The console in a real browser, on the real server with a real PostgreSQL, beside a simulated Apple. Time is real:
 * a person waits for what the page shows, and so do these tests.
 */
import { tmpdir } from 'node:os'
import { type AppleSim, startAppleSim } from '@apportion/apple-sim/apple-sim'
import { parseConfig } from '@apportion/server/config/config'
import { features } from '@apportion/server/features'
import { createLog } from '@apportion/server/platform/log'
import { type RunningServer, startServer } from '@apportion/server/server'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { createTestDatabase, type TestDatabase } from '../../../packages/server/test/support/test-database.ts'
import { type Fleet, startFleet, storyKey } from '../../support/fleet.ts'
import { freePort } from '../../support/free-port.ts'
import { openBrowser } from './browser.ts'

export interface Visit {
  readonly page: Page
  /** What the browser complained about: errors of the page, and what its content security policy refused. */
  readonly complaints: readonly string[]
}

export interface ConsoleUnderTest extends AsyncDisposable {
  readonly apple: AppleSim
  readonly server: RunningServer
  /** For what a test cannot wait for. */
  readonly database: TestDatabase
  readonly browser: Browser
  readonly url: string
  /** Simulated devices; throws in a console without them. */
  readonly fleet: Fleet
  /** A browser window of its own, with nobody signed in. */
  visit(options?: BrowserContextOptions): Promise<Visit>
}

export const ada = { name: 'Ada Byron', email: 'ada@example.org', password: 'a quiet river at noon' }

/** `devices`: the server manages devices itself, and simulated ones stand ready. */
export async function startConsole({
  devices = false,
}: {
  readonly devices?: boolean
} = {}): Promise<ConsoleUnderTest> {
  const parts = new AsyncDisposableStack()
  const apple = await startAppleSim({ knobs: { allowPlainHttpNotifications: true } })
  parts.defer(() => apple.close())
  const database = await createTestDatabase()
  parts.use(database)
  const fleet = devices ? await startFleet(apple, {}) : undefined
  if (fleet !== undefined) parts.use(fleet)
  const port = await freePort()
  const config = parseConfig({
    PORT: String(port),
    DATABASE_URL: database.url,
    APPORTION_DATA: tmpdir(),
    APPORTION_PUBLIC_URL: `http://127.0.0.1:${port}`,
    APPORTION_APPLE_URL: apple.serviceConfigUrl,
    APPORTION_APPLE_ALLOW_LOOPBACK_HTTP: 'true',
    ...fleet?.environment,
  })
  const secrets = {
    masterKey: { bytes: storyKey, origin: { kind: 'given' } },
    databaseUrl: database.url,
  } as const
  const log = createLog({ level: 'silent', format: 'json' })
  const server = await startServer(config, secrets, { features, log })
  parts.use(server)
  const browser = await openBrowser()
  parts.defer(() => browser.close())
  return {
    apple,
    server,
    database,
    browser,
    url: server.url,
    get fleet() {
      if (fleet === undefined) throw new Error('This console has no devices')
      return fleet
    },
    visit: (options) => visit(browser, server.url, options),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}

async function visit(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Visit> {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width: 1360, height: 860 },
    locale: 'en-GB',
    timezoneId: 'Europe/Amsterdam',
    ...options,
  })
  const page = await context.newPage()
  page.setDefaultTimeout(20_000)
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (message) => {
    // That nobody is signed in yet is answered with 401, which the browser reports as a failed load.
    const expected = message.text().startsWith('Failed to load resource')
    if (message.type() === 'error' && !expected) complaints.push(message.text())
  })
  return { page, complaints }
}

/** Signs in by the page that asks for it. */
export async function signIn(page: Page): Promise<void> {
  await page.goto('/sign-in')
  await page.getByLabel(/^(Email address|E-mailadres)$/).fill(ada.email)
  await page.getByRole('textbox', { name: /^(Password|Wachtwoord)$/ }).fill(ada.password)
  await page.getByRole('button', { name: /^(Sign in|Aanmelden)$/ }).click()
  await page.getByRole('navigation', { name: /^(Main|Hoofdmenu)$/ }).waitFor()
}

/** Goes to a page and waits until nothing of it is being loaded any more. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await settled(page)
}

/** Waits until the page has shown everything that it was waiting for. */
export async function settled(page: Page): Promise<void> {
  await page.locator('[aria-busy=true], .mantine-Skeleton-root').first().waitFor({ state: 'detached' })
  await page.evaluate('document.fonts.ready.then(() => true)')
}
