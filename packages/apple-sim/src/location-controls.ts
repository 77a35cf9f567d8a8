/** The controls of one location: tokens, licenses, users, and who manages it. */

import type { AppleSim } from './apple-sim.ts'
import {
  type Body,
  ControlRefusal,
  flag,
  number,
  oneOf,
  optional,
  optionalNumber,
  optionalText,
  text,
  texts,
} from './control-body.ts'
import type { LocationControl } from './location-control.ts'

export interface ControlRequest {
  readonly parameters: readonly (string | undefined)[]
  readonly query: URLSearchParams
  readonly body: Body
}

export interface Control {
  /** Matched against `METHOD /path`. */
  readonly pattern: RegExp
  /** One line for people. */
  readonly usage: string
  readonly run: (apple: AppleSim, request: ControlRequest) => unknown
}

type AtLocation = (location: LocationControl, body: Body, more: AppleSim & ControlRequest) => unknown

export const LOCATION_CONTROLS: readonly Control[] = [
  atLocation('GET', '', 'a location', (location) => locationState(location)),
  atLocation(
    'GET',
    '/assignments',
    '?adamId&limit: who holds what, 1000 at most',
    (location, _, { query }) => ({
      assignments: location
        .assignments(query.get('adamId') ?? undefined)
        .take(limitOf(query))
        .toArray(),
    }),
  ),
  atLocation('GET', '/events', '?limit: the latest events', (location, _, { query }) => ({
    events: location.latestEvents(limitOf(query)),
  })),
  atLocation(
    'POST',
    '/tokens',
    '{role?, expiresInMs?, kind?, withoutAccount?}: the file of a new token',
    (location, body, { clock }) => {
      const expiresIn = optionalNumber(body, 'expiresInMs')
      const token = location.mintToken({
        ...(body.role !== undefined && { role: oneOf(body, 'role', ['manage', 'read']) }),
        ...(body.withoutAccount === true && { withoutAccount: true }),
        ...(body.kind !== undefined && { kind: oneOf(body, 'kind', ['legacy', 'facilitator']) }),
        ...(expiresIn !== undefined && { expiresAt: clock.now() + expiresIn }),
      })
      return { file: token.file }
    },
  ),
  atLocation('GET', '/tokens', 'the files of all tokens', (location) => ({
    tokens: location.tokens.map(({ file, role, isValid }) => ({ file, role, isValid })),
  })),
  atLocation('POST', '/tokens/revoke', '{file?}: one token, or all', (location, body) => {
    for (const token of tokensNamed(location, body)) token.revoke()
  }),
  atLocation('POST', '/tokens/expire', '{file?}: one token, or all', (location, body) => {
    for (const token of tokensNamed(location, body)) token.expire()
  }),
  atLocation(
    'POST',
    '/own',
    '{adamId, total?, unlimited?, productType?}: without notification',
    (location, body) => {
      location.own({
        adamId: text(body, 'adamId'),
        ...optional('pricingParam', optionalText(body, 'pricingParam')),
        ...optional('total', optionalNumber(body, 'total')),
        ...optional('productType', optionalText(body, 'productType')),
        ...(typeof body.unlimited === 'boolean' && { unlimited: body.unlimited }),
      })
    },
  ),
  atLocation('POST', '/buy', '{adamId, count}', (location, body) =>
    location.buy(text(body, 'adamId'), number(body, 'count')),
  ),
  atLocation('POST', '/refund', '{adamId, count}', (location, body) =>
    location.refund(text(body, 'adamId'), number(body, 'count')),
  ),
  atLocation(
    'POST',
    '/transfer',
    '{adamId, count, to}: to the location with that uId',
    (location, body, { world }) =>
      location.transfer(world.location(text(body, 'to')), text(body, 'adamId'), number(body, 'count')),
  ),
  atLocation('POST', '/assign-outside', '{adamId, serialNumbers?, clientUserIds?}', (location, body) =>
    location.assignOutside(text(body, 'adamId'), holders(body)),
  ),
  atLocation('POST', '/release-outside', '{adamId, serialNumbers?, clientUserIds?}', (location, body) =>
    location.releaseOutside(text(body, 'adamId'), holders(body)),
  ),
  atLocation('POST', '/fill', '{adamId, count}: that many devices get a license', (location, body) =>
    location.fill(text(body, 'adamId'), number(body, 'count')),
  ),
  atLocation('POST', '/take-over', '{id, name, metadata}: another product claims it', (location, body) =>
    location.takeOver({ id: text(body, 'id'), name: text(body, 'name'), metadata: text(body, 'metadata') }),
  ),
  atLocation('POST', '/let-go', 'nobody manages it any more', (location) => location.letGo()),
  atLocation('POST', '/users', '{clientUserId, email?, managedAppleId?}', (location, body) =>
    location.addUser({
      clientUserId: text(body, 'clientUserId'),
      ...optional('email', optionalText(body, 'email')),
      ...optional('managedAppleId', optionalText(body, 'managedAppleId')),
    }),
  ),
  atLocation('POST', '/retire-user', '{clientUserId}', (location, body) =>
    location.retireUser(text(body, 'clientUserId')),
  ),
  atLocation(
    'POST',
    '/managed-apple-accounts',
    '{managedAppleId}: the organization has it',
    (location, body) => location.addManagedAppleAccount(text(body, 'managedAppleId')),
  ),
  atLocation('POST', '/unlimited', '{adamId, on}: without a limit, or with one', (location, body) =>
    location.setUnlimited(text(body, 'adamId'), flag(body, 'on')),
  ),
  atLocation('POST', '/versions/bump', 'new versionIds without a change', (location) =>
    location.bumpVersions(),
  ),
  atLocation('POST', '/versions/forget', 'no versionId handed out before is known', (location) =>
    location.forgetVersions(),
  ),
  atLocation('POST', '/accept-invitation', '{clientUserId, appleAccount?}', (location, body) =>
    location.acceptInvitation(text(body, 'clientUserId'), optionalText(body, 'appleAccount')),
  ),
]

/** A control without parameters in its path. */
export function control(key: string, purpose: string, run: Control['run']): Control {
  return { pattern: new RegExp(`^${key}$`), usage: `${key.replace('(\\d+)', '{id}')}  ${purpose}`, run }
}

/** A control under `/locations/{uId}`. */
export function atLocation(method: string, path: string, purpose: string, run: AtLocation): Control {
  return {
    pattern: new RegExp(`^${method} /locations/([^/]+)${path}$`),
    usage: `${method} /locations/{uId}${path}  ${purpose}`,
    run: (apple, request) => {
      const [uId = ''] = request.parameters
      return run(apple.world.location(decodeURIComponent(uId)), request.body, { ...apple, ...request })
    },
  }
}

const MOST_LISTED = 1000

function limitOf(query: URLSearchParams): number {
  const limit = query.get('limit') ?? String(MOST_LISTED)
  if (!/^\d{1,4}$/.test(limit) || Number(limit) > MOST_LISTED)
    throw new ControlRefusal(`"limit" must be a number up to ${MOST_LISTED}, not ${limit}`)
  return Number(limit)
}

/** What the control port shows of a location. */
export function locationState(location: LocationControl): unknown {
  const { uId, name, mdmInfo, heldCount, notificationUrl, peakRequestsPerSecond, assets } = location
  return { uId, name, mdmInfo, notificationUrl, heldCount, peakRequestsPerSecond, assets }
}

function tokensNamed(location: LocationControl, body: Body): LocationControl['tokens'] {
  const file = optionalText(body, 'file')
  const found = location.tokens.filter((token) => file === undefined || token.file === file)
  if (found.length === 0) throw new ControlRefusal(`The location ${location.uId} has no such token`)
  return found
}

function holders(body: Body): {
  readonly serialNumbers: readonly string[]
  readonly clientUserIds: readonly string[]
} {
  return { serialNumbers: texts(body, 'serialNumbers'), clientUserIds: texts(body, 'clientUserIds') }
}
