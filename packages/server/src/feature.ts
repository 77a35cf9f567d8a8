/** What a feature is to the server: routes and background work over one shared world. */
import type { DeveloperKey } from '@apportion/apps-books/developer-token'
import type { Config } from './config/config.ts'
import type { NanoMdmKeys } from './config/nanomdm-keys.ts'
import type { Clock } from './platform/clock.ts'
import type { Connection, Database } from './platform/db/database.ts'
import type { HealthDetails } from './platform/http/health.ts'
import type { HttpApp } from './platform/http/routes.ts'
import type { NewId } from './platform/ids.ts'
import type { Log } from './platform/log.ts'
import type { SecretBox } from './platform/secrets.ts'

/**
 * The world as the composition hands it to features. A feature takes from it what its operations need and
 * passes that on; nothing below a feature's own `open` knows this type.
 */
export interface ServerContext {
  readonly config: Config
  readonly database: Database
  /** For connections outside the pool, such as one that listens for notifications. */
  readonly connection: Connection
  readonly clock: Clock
  readonly log: Log
  readonly newId: NewId
  readonly secretBox: SecretBox
  /** The operator's key for Apple's metadata API for organizations. */
  readonly developerKey: DeveloperKey | null
  /** Shared with NanoMDM; null without one. */
  readonly nanomdm: NanoMdmKeys | null
  readonly fetch: typeof globalThis.fetch
  /** This process among those that share the database; new at each start. */
  readonly processId: string
  /** Aborted when the server stops. */
  readonly signal: AbortSignal
}

/** Something that runs until the server stops. Disposing it waits for what it has begun. */
export interface BackgroundWorker {
  readonly name: string
  start(): AsyncDisposable | Promise<AsyncDisposable>
}

/** What a feature brings once it has been given its world. */
export interface OpenFeature {
  readonly routes?: (app: HttpApp) => void
  readonly workers?: readonly BackgroundWorker[]
  /** Counts that GET /health shows to anybody beside its verdict: nothing that names a thing or helps an attacker. */
  readonly healthDetails?: () => Promise<HealthDetails>
}

export interface Feature {
  readonly name: string
  /** Builds the feature. Called once, after the migrations and before the first request; starts nothing. */
  open(context: ServerContext): OpenFeature | Promise<OpenFeature>
}
