/**
 * Starts and stops the server: one place that knows in which order its parts come up and go down.
 *
 *     port → database → migrations → key check → features → application → workers
 *
 * The port opens first, so that GET /health says why nothing else works yet.
 */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import manifest from '../package.json' with { type: 'json' }
import { openAdministrators } from './administrators/administrators.ts'
import type { Config } from './config/config.ts'
import { checkMasterKey } from './config/key-check.ts'
import type { Secrets } from './config/secrets.ts'
import type { Feature, OpenFeature, ServerContext } from './feature.ts'
import { features as allFeatures } from './features.ts'
import { type Clock, systemClock } from './platform/clock.ts'
import type { Database } from './platform/db/database.ts'
import { migrate } from './platform/db/migrate.ts'
import { buildApp } from './platform/http/app.ts'
import { createHealth, freeBytesAt, type Health, type HealthDetails } from './platform/http/health.ts'
import { type Listener, openListener } from './platform/http/listener.ts'
import { createIdSource } from './platform/ids.ts'
import { createLog, type Log } from './platform/log.ts'
import { createSecretBox } from './platform/secrets.ts'
import { connectDatabase } from './start-database.ts'

/** What a test or a demo may put in place of the real world. */
export interface ServerOverrides {
  readonly clock?: Clock
  readonly log?: Log
  readonly features?: readonly Feature[]
  readonly fetch?: typeof globalThis.fetch
  /** The folder with the built console. */
  readonly consoleFolder?: string
  /** Aborting it ends a start that is under way. */
  readonly signal?: AbortSignal
  /** Hears the address as soon as the port is open, while the rest still starts. */
  readonly onListening?: (url: string) => void
}

export interface RunningServer extends AsyncDisposable {
  /** `http://host:port`, with the port that was really taken. */
  readonly url: string
  readonly port: number
  /** While there is no administrator: the code to make the first one with. Shown to the operator only. */
  readonly setupCode: string | null
  /** The address to open with that code; null when there is an administrator. */
  readonly setupLink: string | null
}

/** The built console as the repository lays it out. */
export const defaultConsoleFolder = fileURLToPath(new URL('../../web/dist/console', import.meta.url))

/**
 * Resolves once the server can work. Disposing it finishes the requests under way (10 s at most), the
 * workers' current steps, and the database, in this order.
 *
 * Throws StartFailure or DatabaseFailure with a message for the operator.
 */
export async function startServer(
  config: Config,
  secrets: Secrets,
  overrides: ServerOverrides = {},
): Promise<RunningServer> {
  const clock = overrides.clock ?? systemClock
  const log = overrides.log ?? createLog({ level: config.log.level, format: logFormat(config) })
  const stopping = new AbortController()
  const signal = AbortSignal.any([
    stopping.signal,
    ...(overrides.signal === undefined ? [] : [overrides.signal]),
  ])
  const state: { database?: Database; features?: readonly OpenFeature[] } = {}
  const health = createHealth({
    clock,
    ping: async () => await state.database?.ping(),
    freeBytes: async () => (config.database === 'embedded' ? await freeBytesAt(config.dataFolder) : null),
    details: () => healthDetails(state.features ?? []),
  })
  const listener = await openListener({ ...config.listen, health, clock })
  const parts = new AsyncDisposableStack()
  const stop = async () => {
    stopping.abort(new Error('The server is stopping'))
    await listener[Symbol.asyncDispose]()
    await parts.disposeAsync()
  }
  try {
    overrides.onListening?.(listener.url)
    const world = { config, secrets, overrides, clock, log, signal, health, listener, parts }
    const setupCode = await bringUp(world, {
      database: (database) => {
        state.database = database
      },
      features: (features) => {
        state.features = features
      },
    })
    return {
      url: listener.url,
      port: listener.port,
      setupCode,
      setupLink: setupCode === null ? null : setupLink(config, listener.port, setupCode),
      [Symbol.asyncDispose]: stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

interface Starting {
  readonly config: Config
  readonly secrets: Secrets
  readonly overrides: ServerOverrides
  readonly clock: Clock
  readonly log: Log
  readonly signal: AbortSignal
  readonly health: Health
  readonly listener: Listener
  /** What has been opened so far; closed in reverse. */
  readonly parts: AsyncDisposableStack
}

/** Told what a start has opened, as soon as it has. */
interface Opened {
  readonly database: (database: Database) => void
  readonly features: (features: readonly OpenFeature[]) => void
}

/** The table of contents of a start. Gives the setup code while one is needed. */
async function bringUp(world: Starting, opened: Opened): Promise<string | null> {
  const { config, secrets, overrides, clock, log, signal, health, listener, parts } = world
  const { database, connection } = await connectDatabase({
    folder: join(config.dataFolder, 'database'),
    url: secrets.databaseUrl,
    clock,
    log,
    signal,
    health,
    parts,
  })
  opened.database(database)
  health.notYet('migrating', 'The database is being brought to the present version.')
  await migrate(database.pool, { log })
  const secretBox = createSecretBox(secrets.masterKey.bytes)
  await checkMasterKey(database.kysely, secretBox, secrets.masterKey)

  const context: ServerContext = {
    config,
    database,
    connection,
    clock,
    log,
    secretBox,
    developerKey: secrets.developerKey ?? null,
    nanomdm: secrets.nanomdm ?? null,
    signal,
    newId: createIdSource(clock),
    fetch: overrides.fetch ?? globalThis.fetch,
    processId: randomUUID(),
  }
  const administrators = openAdministrators(context)
  const features = [administrators, ...(await openAll(overrides.features ?? allFeatures, context))]
  opened.features(features)
  const app = await buildApp({
    log,
    authenticate: administrators.authenticate,
    routes: features.flatMap(({ routes }) => routes ?? []),
    publicUrl: config.publicUrl,
    trustProxy: config.trustProxy,
    consoleFolder: overrides.consoleFolder ?? defaultConsoleFolder,
    version: manifest.version,
  })
  parts.defer(() => app.close())
  const setupCode = await administrators.prepareSetup()
  for (const worker of features.flatMap(({ workers }) => workers ?? [])) {
    signal.throwIfAborted()
    log.debug({ worker: worker.name }, 'starting')
    parts.use(await worker.start())
  }
  listener.serve((request, response) => app.routing(request, response))
  health.working()
  return setupCode
}

async function openAll(features: readonly Feature[], context: ServerContext): Promise<OpenFeature[]> {
  const open: OpenFeature[] = []
  for (const feature of features) {
    const log = context.log.child({ feature: feature.name })
    open.push(await feature.open({ ...context, log }))
  }
  return open
}

function setupLink({ publicUrl }: Config, port: number, code: string): string {
  // The code stands after #, which browsers keep to themselves: it reaches no proxy's log.
  return `${publicUrl?.origin ?? `http://localhost:${port}`}/setup#${code}`
}

async function healthDetails(features: readonly OpenFeature[]): Promise<HealthDetails> {
  const counted = await Promise.all(features.map(async ({ healthDetails: count }) => (await count?.()) ?? {}))
  return Object.fromEntries(counted.flatMap((each) => Object.entries(each)))
}

function logFormat({ log: { format } }: Config): 'json' | 'text' {
  if (format !== 'auto') return format
  return process.stdout.isTTY ? 'text' : 'json'
}
