/**
 * The page behind `invitationEmail`: where an invited person signs in with an Apple Account and accepts.
 *
 * Signing in is giving the account's name: a simulator asks nobody for a password.
 */
import type { IncomingMessage } from 'node:http'
import { invitationPage } from './invitation-page.ts'
import { type Answer, BodyTooLarge, readBody } from './license-api.ts'
import type { Location, UserRow } from './location.ts'
import type { KnownErrorNumber } from './refusal.ts'
import { acceptInvitation } from './registration.ts'
import type { Simulation } from './simulation.ts'

interface Invitation {
  readonly location: Location
  readonly row: UserRow
}

/** The page for GET, and what came of the form for POST. */
export async function answerInvitation(
  simulation: Simulation,
  request: IncomingMessage,
  { searchParams }: URL,
): Promise<Answer> {
  if (request.method === 'GET') {
    const invitation = invitationOf(simulation, searchParams.get('inviteCode'))
    return invitation ? form(invitation, 200) : page(404, { kind: 'invalid' })
  }
  if (request.method !== 'POST') return { status: 405, body: 'Method Not Allowed', contentType: 'text/plain' }
  try {
    return accept(simulation, new URLSearchParams(await readBody(request, 10_000)))
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error
    return { status: 413, body: 'Request Entity Too Large', contentType: 'text/plain' }
  }
}

/**
 * The person signs in with the account: the row is associated, and whoever subscribed hears `USER_ASSOCIATED`.
 * Answers the number that refuses it: 9609 without an open invitation, 9641 for an account in use.
 */
export function acceptAndAnnounce(
  { notify, changed }: Pick<Simulation, 'notify' | 'changed'>,
  location: Location,
  { clientUserId, appleAccount }: { readonly clientUserId: string; readonly appleAccount: string },
): KnownErrorNumber | undefined {
  const result = acceptInvitation(location, clientUserId, appleAccount)
  if (typeof result === 'number') return result
  notify(location, 'USER_ASSOCIATED', { associatedUsers: [result.announced] })
  changed()
  return undefined
}

function accept(simulation: Simulation, fields: URLSearchParams): Answer {
  const invitation = invitationOf(simulation, fields.get('inviteCode'))
  if (!invitation) return page(404, { kind: 'invalid' })
  const { location, row } = invitation
  const appleAccount = (fields.get('appleAccount') ?? '').trim()
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(appleAccount)) {
    return form(invitation, 422, {
      appleAccount,
      problem: 'Enter an email address, such as name@example.com.',
    })
  }
  const refused = acceptAndAnnounce(simulation, location, { clientUserId: row.clientUserId, appleAccount })
  if (refused === 9641) {
    const problem = 'This Apple Account is in use for another person here. Sign in with another one.'
    return form(invitation, 409, { appleAccount, problem })
  }
  if (refused) return page(404, { kind: 'invalid' })
  return page(200, { kind: 'accepted', organizationName: location.organizationName, appleAccount })
}

function invitationOf({ locations }: Simulation, inviteCode: string | null): Invitation | undefined {
  if (!inviteCode) return undefined
  for (const location of locations.values()) {
    const row = location.users.find((user) => user.inviteCode === inviteCode && user.status === 'Registered')
    if (row) return { location, row }
  }
  return undefined
}

function form(
  { location, row }: Invitation,
  status: number,
  entered?: { readonly appleAccount: string; readonly problem: string },
): Answer {
  return page(status, {
    kind: 'form',
    organizationName: location.organizationName,
    locationName: location.name,
    email: row.email,
    inviteCode: row.inviteCode ?? '',
    ...entered,
  })
}

function page(status: number, content: Parameters<typeof invitationPage>[0]): Answer {
  return {
    status,
    body: invitationPage(content),
    contentType: 'text/html;charset=utf-8',
    headers: {
      'cache-control': 'no-store',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'",
      'referrer-policy': 'no-referrer',
    },
  }
}
