/**
 * Decides who sends a request: an API key in `Authorization`, or the session in the cookie.
 *
 * A cookie is sent by the browser whoever wrote the page, so a change that comes with one also has to
 * carry the session's CSRF token, which only our own pages can read.
 */
import type { FastifyRequest } from 'fastify'
import type { AdministratorActor, SignedIn } from '../platform/auth/actor.ts'
import type { SessionCookie } from '../platform/auth/cookie.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db/database.ts'
import { Refusal } from '../platform/errors.ts'
import { actorOfKey } from './api-keys.ts'
import { apiKeyPrefix, sameSecret } from './bearer-secrets.ts'
import { continueSession, type Session } from './sessions.ts'
import type { AdministratorRow } from './store.ts'

export interface AuthenticatePorts {
  readonly db: Db
  readonly clock: Pick<Clock, 'now'>
  readonly cookie: SessionCookie
}

/** The header that carries the CSRF token. */
export const csrfHeader = 'x-csrf-token'

/** Throws Refusal `session.required` or `session.csrf`. */
export async function authenticate(ports: AuthenticatePorts, request: FastifyRequest): Promise<SignedIn> {
  const { authorization } = request.headers
  if (authorization !== undefined) return await authenticateKey(ports, authorization)
  const session = await sessionOf(ports, request)
  if (session === undefined) throw new Refusal('session.required', 'Sign in first, or send an API key.')
  if (!isRead(request.method) && !carriesToken(request, session.csrfToken)) {
    throw new Refusal(
      'session.csrf',
      `The header ${csrfHeader} is missing or not the session's. Reload the page.`,
    )
  }
  return administratorActor(session.administrator)
}

/** The session of the request's cookie; undefined when there is none or it has ended. */
export async function sessionOf(
  { db, clock, cookie }: AuthenticatePorts,
  request: FastifyRequest,
): Promise<Session | undefined> {
  const secret = request.cookies[cookie.name]
  return secret === undefined ? undefined : await continueSession({ db, clock }, secret)
}

/** How an administrator appears in the audit log. */
export function administratorActor({ id, email, name }: AdministratorRow): AdministratorActor {
  return { kind: 'administrator', id, email, name }
}

async function authenticateKey(ports: AuthenticatePorts, authorization: string): Promise<SignedIn> {
  const [, key] = /^Bearer +(\S+)$/i.exec(authorization) ?? []
  if (key === undefined || !key.startsWith(apiKeyPrefix)) {
    throw new Refusal(
      'session.required',
      `Authorization must be "Bearer" and an API key that starts with ${apiKeyPrefix}.`,
    )
  }
  const actor = await actorOfKey(ports, key)
  if (actor === undefined) {
    throw new Refusal(
      'session.required',
      'The API key is unknown, was revoked or has expired. Make a new one.',
    )
  }
  return actor
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}

function carriesToken(request: FastifyRequest, csrfToken: string): boolean {
  const sent = request.headers[csrfHeader]
  return typeof sent === 'string' && sameSecret(sent, csrfToken)
}
