/**
 * The whole system in one process: the simulator of Apple, the real server on a real PostgreSQL, and an administrator
 * who uses the HTTP API. Time is the simulator's and is advanced, not waited for.
 */
import { tmpdir } from 'node:os'
import { type AppleSim, type AppleSimOptions, startAppleSim } from '@apportion/apple-sim/apple-sim'
import type { DevicesOptions } from '@apportion/apple-sim/devices/devices'
import type { DeveloperKey } from '@apportion/apps-books/developer-token'
import { parseConfig } from '@apportion/server/config/config'
import type { Environment } from '@apportion/server/config/env'
import type { NanoMdmKeys } from '@apportion/server/config/nanomdm-keys'
import { askAgain } from '@apportion/server/nanomdm/ask-again'
import { sendDue } from '@apportion/server/nanomdm/send'
import type { NanoWorkerPorts } from '@apportion/server/nanomdm/worker'
import { type Clock, systemClock } from '@apportion/server/platform/clock'
import type { LocationWork } from '@apportion/server/platform/location-work'
import { createLog, type Log } from '@apportion/server/platform/log'
import { type RunningServer, startServer } from '@apportion/server/server'
import { createTestDatabase, type TestDatabase } from '../../packages/server/test/support/test-database.ts'
import { Administrator } from './administrator.ts'
import { storyFeatures } from './features.ts'
import { type Fleet, startFleet, storyKey } from './fleet.ts'
import { freePort } from './free-port.ts'

export interface StoryOptions {
  readonly apple?: AppleSimOptions
  readonly environment?: Environment
  /** Whether Apple can reach the server with notifications. Off: outcomes are polled. */
  readonly notifications?: boolean
  /** The folder with the built console. */
  readonly consoleFolder?: string
  /** For Apple's metadata API for organizations. */
  readonly developerKey?: DeveloperKey
  /** Simulated devices beside Apple, and what the server is to be told of them. */
  readonly devices?: Omit<DevicesOptions, 'allowPlainHttp'>
  /** A NanoMDM whose devices are managed too; `posted` resolves when it has told all that it had to tell. */
  readonly nanomdm?: {
    readonly url: string
    readonly keys: NanoMdmKeys
    readonly posted: () => Promise<void>
  }
}

/** A running story. Disposing it stops everything. */
export interface Story extends AsyncDisposable {
  readonly apple: AppleSim
  /** Throws in a story without `devices`. */
  readonly fleet: Fleet
  readonly server: RunningServer
  readonly database: TestDatabase
  readonly admin: Administrator
  /** What the server logged, as JSON lines. */
  readonly logged: readonly string[]
  /** Moves time and lets everything that is due happen. */
  readonly pass: (time: { readonly seconds?: number; readonly minutes?: number }) => Promise<void>
  /** Lets everything happen that is due, time passing in small steps, until nothing is open at Apple or here. */
  readonly settle: () => Promise<void>
}

/** The administrator of every story. */
export const ada = { name: 'Ada Byron', email: 'ada@example.org', password: 'a quiet river at noon' }

/** The simulator's time for the server; pauses are real, since only requests to Apple are paced. */
export function clockOf(apple: AppleSim): Clock {
  return { now: () => new Date(apple.clock.now()), sleep: (ms, signal) => systemClock.sleep(ms, signal) }
}

export async function startStory(options: StoryOptions = {}): Promise<Story> {
  const parts = new AsyncDisposableStack()
  const { knobs, ...sim } = options.apple ?? {}
  const apple = await startAppleSim({ ...sim, knobs: { allowPlainHttpNotifications: true, ...knobs } })
  parts.defer(() => apple.close())
  const database = await createTestDatabase()
  parts.use(database)
  const logged: string[] = []
  let work: LocationWork | undefined
  let nano: NanoWorkerPorts | undefined
  const port = await freePort()
  const fleet = options.devices === undefined ? undefined : await startFleet(apple, options.devices)
  if (fleet !== undefined) parts.use(fleet)
  const server = await startServer(
    parseConfig({
      PORT: String(port),
      DATABASE_URL: database.url,
      APPORTION_DATA: tmpdir(),
      APPORTION_APPLE_URL: apple.serviceConfigUrl,
      APPORTION_APPLE_ALLOW_LOOPBACK_HTTP: 'true',
      ...(options.notifications === false ? {} : { APPORTION_PUBLIC_URL: `http://127.0.0.1:${port}` }),
      ...fleet?.environment,
      ...(options.nanomdm === undefined ? {} : { APPORTION_NANOMDM_URL: options.nanomdm.url }),
      ...options.environment,
    }),
    {
      masterKey: { bytes: storyKey, origin: { kind: 'given' } },
      databaseUrl: database.url,
      developerKey: options.developerKey ?? null,
      nanomdm: options.nanomdm?.keys ?? null,
    },
    {
      clock: clockOf(apple),
      log: keepLines(logged),
      features: storyFeatures(
        (running) => {
          work = running
        },
        undefined,
        (ports) => {
          nano = ports
        },
      ),
      ...(options.consoleFolder === undefined ? {} : { consoleFolder: options.consoleFolder }),
    },
  )
  parts.use(server)
  const admin = await Administrator.setUp(server, ada)
  fleet?.meet({ admin, db: database.kysely, clock: clockOf(apple) })
  const drain = async () => {
    await apple.world.drain()
    await work?.drain()
    await fleet?.drain()
    if (nano === undefined) return
    await askAgain(nano)
    do await Promise.all([options.nanomdm?.posted(), fleet?.devices.settled()])
    while ((await sendDue(nano)) > 0)
  }
  return {
    apple,
    get fleet() {
      if (fleet === undefined) throw new Error('This story has no devices')
      return fleet
    },
    server,
    database,
    admin,
    logged,
    async pass({ seconds = 0, minutes = 0 }) {
      apple.clock.advance((seconds + minutes * 60) * 1000)
      await drain()
    },
    settle: () => settle(apple, admin, drain),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  }
}

/** Time passes in steps of two seconds; more than half an hour of it means that something hangs. */
async function settle(apple: AppleSim, admin: Administrator, drain: () => Promise<void>): Promise<void> {
  for (let step = 0; step < 900; step++) {
    await drain()
    if (await admin.isQuiet()) return
    apple.clock.advance(2000)
  }
  throw new Error('The system did not come to rest within half an hour of its own time')
}

function keepLines(lines: string[]): Log {
  const destination = {
    write(line: string) {
      lines.push(line)
    },
  }
  return createLog({ level: 'debug', format: 'json', destination })
}
