/** Setup, sign-in and API keys over HTTP (P1, P4). */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { record } from '../audit/record.ts'
import type { AdministratorActor, SignedIn } from '../platform/auth/actor.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import { type HttpApp, route } from '../platform/http/routes.ts'
import { listKeys } from './api-key-store.ts'
import { type ApiKeyPorts, createApiKey, revokeApiKey } from './api-keys.ts'
import { type AuthenticatePorts, administratorActor, sessionOf } from './authenticate.ts'
import { secretHash } from './bearer-secrets.ts'
import { presentApiKey, presentSession } from './present.ts'
import * as contracts from './schema.ts'
import type { BegunSession, Session } from './sessions.ts'
import { type SetupPorts, setUp } from './setup.ts'
import { type Origin, type SignInPorts, signIn } from './sign-in.ts'
import { deleteSession, hasAdministrators, updateLanguage } from './store.ts'

export type AdministratorPorts = SignInPorts & SetupPorts & ApiKeyPorts & AuthenticatePorts

export function administratorRoutes(app: HttpApp, ports: AdministratorPorts): void {
  setupRoutes(app, ports)
  sessionRoutes(app, ports)
  apiKeyRoutes(app, ports)
}

function setupRoutes(app: HttpApp, ports: AdministratorPorts): void {
  route(app, contracts.readSetup, async () => ({ needed: !(await hasAdministrators(ports.db)) }))

  route(app, contracts.setUp, async ({ body, request, reply }) => {
    const begun = await setUp(ports, body, originOf(request))
    return handOver(begun, ports, reply)
  })
}

function sessionRoutes(app: HttpApp, ports: AdministratorPorts): void {
  const { db, clock, cookie } = ports

  route(app, contracts.signIn, async ({ body, request, reply }) => {
    const begun = await signIn(ports, body, originOf(request))
    return handOver(begun, ports, reply)
  })

  route(app, contracts.readSession, async ({ request }) => presentSession(await ownSession(ports, request)))

  route(app, contracts.signOut, async ({ request, reply }) => {
    const { administrator } = await ownSession(ports, request)
    await inTransaction(db, async (tx) => {
      await deleteSession(tx, secretHash(request.cookies[cookie.name] ?? ''))
      const subject = { kind: 'administrator', id: administrator.id, name: administrator.name }
      const actor = administratorActor(administrator)
      await record(tx, { actor, action: 'session.ended', subject, at: clock.now() })
    })
    reply.clearCookie(cookie.name, cookie.attributes)
  })

  route(app, contracts.changeAdministrator, async ({ body, request }) => {
    const { administrator } = await ownSession(ports, request)
    const { language } = body
    if (language === undefined || language === administrator.language) return administrator
    await inTransaction(db, async (tx) => {
      await updateLanguage(tx, administrator.id, language)
      await record(tx, {
        actor: administratorActor(administrator),
        action: 'administrator.changed',
        subject: { kind: 'administrator', id: administrator.id, name: administrator.name },
        details: { language },
        at: clock.now(),
      })
    })
    return { ...administrator, language }
  })
}

function apiKeyRoutes(app: HttpApp, ports: AdministratorPorts): void {
  route(app, contracts.listApiKeys, async () => ({ items: (await listKeys(ports.db)).map(presentApiKey) }))

  route(app, contracts.createApiKey, async ({ actor, body: { name, expiresAt } }) => {
    const expiry = expiresAt === null ? null : new Date(expiresAt)
    const { key, row } = await createApiKey(ports, person(actor), { name, expiresAt: expiry })
    return { key, apiKey: presentApiKey(row) }
  })

  route(app, contracts.revokeApiKey, async ({ actor, params }) => {
    await revokeApiKey(ports, actor, params.id)
  })
}

/** Puts the secret into the cookie and the rest into the answer. */
function handOver(begun: BegunSession, { cookie }: AdministratorPorts, reply: FastifyReply) {
  reply.setCookie(cookie.name, begun.secret, { ...cookie.attributes, expires: begun.endsAt })
  return presentSession(begun)
}

async function ownSession(ports: AdministratorPorts, request: FastifyRequest): Promise<Session> {
  const session = await sessionOf(ports, request)
  if (session !== undefined) return session
  throw new Refusal(
    'session.required',
    'This is about a session in a browser; an API key has none. Sign in first.',
  )
}

function person(actor: SignedIn): AdministratorActor {
  if (actor.kind === 'administrator') return actor
  throw new Refusal(
    'session.required',
    'An API key cannot make API keys. Sign in to the console to make one.',
  )
}

function originOf(request: FastifyRequest): Origin {
  return { address: request.ip, userAgent: request.headers['user-agent'] }
}
