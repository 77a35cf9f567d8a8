/** Puts together who may sign in and how, for the composition (P1, P4). */
import type { FastifyRequest } from 'fastify'
import type { BackgroundWorker, OpenFeature, ServerContext } from '../feature.ts'
import type { SignedIn } from '../platform/auth/actor.ts'
import { sessionCookie } from '../platform/auth/cookie.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db/database.ts'
import type { Log } from '../platform/log.ts'
import { createAttemptLimit } from './attempts.ts'
import { authenticate } from './authenticate.ts'
import { type AdministratorPorts, administratorRoutes } from './routes.ts'
import { removeEndedSessions } from './sessions.ts'
import { prepareSetup } from './setup.ts'

const minute = 60_000

/** Ten wrong passwords for one account within 15 minutes, whoever sends them. */
const accountRule = { most: 10, windowMs: 15 * minute }
/** Thirty failures from one address within 15 minutes, for passwords and setup codes together. */
const addressRule = { most: 30, windowMs: 15 * minute }
/** How often ended sessions are removed; they are worth nothing in between. */
const cleanEvery = 60 * minute

export interface Administrators extends OpenFeature {
  /** Who sends a request. Throws Refusal `session.required` or `session.csrf`. */
  readonly authenticate: (request: FastifyRequest) => Promise<SignedIn>
  /** A new setup code while there is no administrator, else null. */
  readonly prepareSetup: () => Promise<string | null>
}

export function openAdministrators({ database, clock, newId, log, config }: ServerContext): Administrators {
  const ports: AdministratorPorts = {
    db: database.kysely,
    clock,
    newId,
    cookie: sessionCookie(config.publicUrl),
    accountAttempts: createAttemptLimit(clock, accountRule),
    addressAttempts: createAttemptLimit(clock, addressRule),
  }
  return {
    authenticate: (request) => authenticate(ports, request),
    prepareSetup: () => prepareSetup(ports),
    routes: (app) => administratorRoutes(app, ports),
    workers: [sessionCleaner({ db: database.kysely, clock, log })],
  }
}

function sessionCleaner(ports: { db: Db; clock: Clock; log: Log }): BackgroundWorker {
  return {
    name: 'session-cleaner',
    start: () => {
      const stopping = new AbortController()
      const cleaning = cleanUntil(stopping.signal, ports)
      return {
        async [Symbol.asyncDispose]() {
          stopping.abort()
          await cleaning
        },
      }
    },
  }
}

async function cleanUntil(
  signal: AbortSignal,
  { db, clock, log }: { db: Db; clock: Clock; log: Log },
): Promise<void> {
  while (!signal.aborted) {
    try {
      const removed = await removeEndedSessions(db, clock.now())
      if (removed > 0) log.debug({ removed }, 'ended sessions removed')
    } catch (error) {
      // Nothing depends on it: sessions that have ended are refused all the same.
      log.warn({ err: error }, 'ended sessions could not be removed; tried again in an hour')
    }
    await clock.sleep(cleanEvery, signal).catch(() => {})
  }
}
