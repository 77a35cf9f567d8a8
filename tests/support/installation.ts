/** One installation of the server beside a simulated Apple: it can be stopped, started elsewhere, and have a copy. */
import { tmpdir } from 'node:os'
import type { AppleSim } from '@apportion/apple-sim/apple-sim'
import { parseConfig } from '@apportion/server/config/config'
import type { LocationWork } from '@apportion/server/platform/location-work'
import { createLog } from '@apportion/server/platform/log'
import { type RunningServer, startServer } from '@apportion/server/server'
import type { TestDatabase } from '../../packages/server/test/support/test-database.ts'
import { storyFeatures } from './features.ts'
import { freePort } from './free-port.ts'
import { clockOf } from './story.ts'

export interface Installation extends AsyncDisposable {
  readonly server: RunningServer
  /** Lets everything happen that is due at Apple and here. */
  readonly drain: () => Promise<void>
  /** Moves time and drains. */
  readonly pass: (time: { readonly seconds?: number; readonly minutes?: number }) => Promise<void>
}

/**
 * Starts a server on a database. `publicUrl`: where Apple is told to send notifications; left out, the server's own
 * address; null, none.
 */
export async function startInstallation(
  apple: AppleSim,
  database: TestDatabase,
  options: { readonly publicUrl?: string | null } = {},
): Promise<Installation> {
  const port = await freePort()
  const publicUrl = options.publicUrl === undefined ? `http://127.0.0.1:${port}` : options.publicUrl
  let work: LocationWork | undefined
  const server = await startServer(
    parseConfig({
      PORT: String(port),
      DATABASE_URL: database.url,
      APPORTION_DATA: tmpdir(),
      APPORTION_APPLE_URL: apple.serviceConfigUrl,
      APPORTION_APPLE_ALLOW_LOOPBACK_HTTP: 'true',
      ...(publicUrl === null ? {} : { APPORTION_PUBLIC_URL: publicUrl }),
    }),
    { masterKey: { bytes: Buffer.alloc(32, 7), origin: { kind: 'given' } }, databaseUrl: database.url },
    {
      clock: clockOf(apple),
      log: createLog({ level: 'silent', format: 'json' }),
      features: storyFeatures((running) => {
        work = running
      }),
    },
  )
  const drain = async () => {
    await apple.world.drain()
    await work?.drain()
  }
  return {
    server,
    drain,
    async pass({ seconds = 0, minutes = 0 }) {
      apple.clock.advance((seconds + minutes * 60) * 1000)
      await drain()
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}
