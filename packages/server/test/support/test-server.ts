/** The real server on a real database and a real port, with a clock that a test moves. */
import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Config, parseConfig } from '../../src/config/config.ts'
import type { Environment } from '../../src/config/env.ts'
import type { Secrets } from '../../src/config/secrets.ts'
import type { Feature } from '../../src/feature.ts'
import { createLog, type Log } from '../../src/platform/log.ts'
import { type RunningServer, startServer } from '../../src/server.ts'
import { ManualClock } from './manual-clock.ts'
import { TestBrowser } from './test-browser.ts'
import { createTestDatabase, type TestDatabase } from './test-database.ts'

export interface TestServer extends AsyncDisposable {
  readonly server: RunningServer
  readonly url: string
  readonly clock: ManualClock
  readonly database: TestDatabase
  readonly config: Config
  /** Every line that was logged so far. */
  readonly logged: readonly string[]
  /** A browser without cookies. */
  browser(): TestBrowser
  /** A browser in which the first administrator is signed in; makes the administrator when there is none. */
  signedIn(): Promise<TestBrowser>
}

export interface TestServerOptions {
  readonly environment?: Environment
  readonly features?: readonly Feature[]
  readonly consoleFolder?: string
  readonly clock?: ManualClock
}

/** The first administrator of every test. */
export const ada = { name: 'Ada Byron', email: 'ada@example.org', password: 'a quiet river at noon' }

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const database = await createTestDatabase()
  const clock = options.clock ?? new ManualClock()
  const logged: string[] = []
  const config = parseConfig({
    PORT: '0',
    DATABASE_URL: database.url,
    APPORTION_DATA: join(tmpdir(), `apportion-${randomBytes(6).toString('hex')}`),
    ...options.environment,
  })
  const server = await startServer(config, secretsFor(database.url), {
    clock,
    log: memoryLog(logged),
    features: options.features ?? [],
    ...(options.consoleFolder === undefined ? {} : { consoleFolder: options.consoleFolder }),
  })
  const browser = () => new TestBrowser(server.url)
  return {
    server,
    url: server.url,
    clock,
    database,
    config,
    logged,
    browser,
    signedIn: async () => await signIn(server, browser()),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}

/** A log at the most talkative level that keeps its lines. */
export function memoryLog(lines: string[]): Log {
  const destination = {
    write(line: string) {
      lines.push(line)
    },
  }
  return createLog({ level: 'trace', format: 'json', destination })
}

/** A key of zeros: tests compare what is stored, not how well it is hidden. */
export function secretsFor(databaseUrl: string): Secrets {
  return { masterKey: { bytes: Buffer.alloc(32), origin: { kind: 'given' } }, databaseUrl }
}

async function signIn(server: RunningServer, browser: TestBrowser): Promise<TestBrowser> {
  const { needed } = (await browser.get('/api/v1/setup')).json
  const answer = needed
    ? await browser.post('/api/v1/setup', { code: server.setupCode, ...ada })
    : await browser.post('/api/v1/session', { email: ada.email, password: ada.password })
  if (answer.status !== 201) throw new Error(`Not signed in: ${answer.text}`)
  return browser
}
