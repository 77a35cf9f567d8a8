/**
 * The table of controls: a path, what its body needs, and what it does with the world.
 */
import type { AppleSim } from './apple-sim.ts'
import { demoOrganization } from './demo-organization.ts'
import { populate } from './demo-world.ts'
import type { FaultOrder } from './faults.ts'
import { DEFAULT_KNOBS, type KnobChoices } from './knobs.ts'
import type { LocationControl } from './location-control.ts'

/** The caller of the control port asked for something malformed. */
export class ControlRefusal extends Error {
  override readonly name = 'ControlRefusal'
}

type Body = Readonly<Record<string, unknown>>

interface Request {
  readonly parameters: readonly (string | undefined)[]
  readonly body: Body
}

export interface Control {
  /** Matched against `METHOD /path`. */
  readonly pattern: RegExp
  /** One line for people. */
  readonly usage: string
  readonly run: (apple: AppleSim, request: Request) => unknown
}

type AtLocation = (location: LocationControl, body: Body, apple: AppleSim) => unknown

/** In the order of a rehearsal: look, set up, change, break, wait. */
export const CONTROLS: readonly Control[] = [
  control('GET /state', 'locations, titles, knobs, clock', (apple) => state(apple)),
  control('GET /requests', 'the latest calls and their number', ({ world }) => ({
    total: world.countRequests(),
    peakParallel: world.peakParallelRequests,
    requests: world.requests,
  })),
  control('DELETE /requests', 'forget the calls so far', ({ world }) => world.forgetRequests()),
  control('GET /notifications', 'what became of the latest notifications', ({ world }) => ({
    notifications: world.notifications,
  })),
  control('POST /demo', '{seed?}: enter the demo organization', ({ world }, { body }) => ({
    locations: populate(world, demoOrganization(optionalNumber(body, 'seed'))).map(locationState),
  })),
  control('POST /titles', '{adamId, name, kind, publisher, ...}: enter a title', ({ world }, { body }) => {
    const kind = oneOf(body, 'kind', ['iosSoftware', 'desktopApp', 'epubBook'])
    const title = {
      adamId: text(body, 'adamId'),
      name: text(body, 'name'),
      publisher: text(body, 'publisher'),
      kind,
    }
    world.addTitle({ ...body, ...title })
  }),
  control('POST /locations', '{name, organizationName, uId?, country?, platform?}', ({ world }, { body }) =>
    locationState(
      world.addLocation({
        name: text(body, 'name'),
        organizationName: text(body, 'organizationName'),
        ...optional('uId', optionalText(body, 'uId')),
        ...optional('country', optionalText(body, 'country')),
        ...(body.platform !== undefined && {
          platform: oneOf(body, 'platform', ['volumestore', 'enterprisestore']),
        }),
      }),
    ),
  ),
  atLocation('GET', '', 'a location', (location) => locationState(location)),
  atLocation('GET', '/assignments', 'who holds what', (location) => ({
    assignments: [...location.assignments()],
  })),
  atLocation(
    'POST',
    '/tokens',
    '{role?, expiresInMs?}: the file of a new token',
    (location, body, { clock }) => {
      const expiresIn = optionalNumber(body, 'expiresInMs')
      const token = location.mintToken({
        ...(body.role !== undefined && { role: oneOf(body, 'role', ['manage', 'read']) }),
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
  atLocation('POST', '/accept-invitation', '{clientUserId, appleAccount?}', (location, body) =>
    location.acceptInvitation(text(body, 'clientUserId'), optionalText(body, 'appleAccount')),
  ),
  control('POST /knobs', 'any knobs; null is endless', ({ world }, { body }) =>
    world.setKnobs(knobChoices(body)),
  ),
  control('POST /faults', '{fault, match?, times?, retryAfter?, retryAfterStyle?, delayMs?}', orderFault),
  control('POST /faults/maintenance', '{on}', ({ world }, { body }) =>
    world.faults.maintenance(body.on === true),
  ),
  control('POST /faults/stuck-events', '{count}', ({ world }, { body }) =>
    world.faults.stuckEvents(number(body, 'count')),
  ),
  control('POST /faults/forget-events', '{count}', ({ world }, { body }) =>
    world.faults.forgetEvents(number(body, 'count')),
  ),
  control('DELETE /faults', 'take back every fault', ({ world }) => world.faults.clear()),
  control('POST /clock/advance', '{ms}', ({ clock }, { body }) => {
    clock.advance(number(body, 'ms'))
    return { now: new Date(clock.now()).toISOString() }
  }),
  control('POST /settle', 'let everything happen that is planned', async ({ world }) =>
    world.settle({ jump: true }),
  ),
]

function control(key: string, purpose: string, run: Control['run']): Control {
  return { pattern: new RegExp(`^${key}$`), usage: `${key}  ${purpose}`, run }
}

function atLocation(method: string, path: string, purpose: string, run: AtLocation): Control {
  return {
    pattern: new RegExp(`^${method} /locations/([^/]+)${path}$`),
    usage: `${method} /locations/{uId}${path}  ${purpose}`,
    run: (apple, { parameters: [uId = ''], body }) => run(apple.world.location(uId), body, apple),
  }
}

function state(apple: AppleSim): unknown {
  const { world, clock } = apple
  return {
    origin: apple.origin,
    serviceConfigUrl: apple.serviceConfigUrl,
    now: new Date(clock.now()).toISOString(),
    knobs: world.knobs,
    locations: world.locations.map(locationState),
    titles: world.titles.map(({ adamId, name, kind }) => ({ adamId, name, kind })),
  }
}

function locationState(location: LocationControl): unknown {
  const { uId, name, mdmInfo, heldCount, notificationUrl, peakRequestsPerSecond, assets } = location
  return { uId, name, mdmInfo, notificationUrl, heldCount, peakRequestsPerSecond, assets }
}

function tokensNamed(location: LocationControl, body: Body): LocationControl['tokens'] {
  const file = optionalText(body, 'file')
  const found = location.tokens.filter((token) => file === undefined || token.file === file)
  if (found.length === 0) throw new ControlRefusal(`The location ${location.uId} has no such token`)
  return found
}

const FAULTS = [
  '429',
  '500',
  '503',
  'reset-before',
  'reset-after-commit',
  'html',
  'truncated',
  'slow',
] as const

function orderFault({ world }: AppleSim, { body }: Request): void {
  const order: FaultOrder = {
    fault: oneOf(body, 'fault', FAULTS),
    ...optional('match', optionalText(body, 'match')),
    ...optional('times', optionalNumber(body, 'times')),
    ...optional('retryAfter', optionalNumber(body, 'retryAfter')),
    ...optional('delayMs', optionalNumber(body, 'delayMs')),
    ...(body.retryAfterStyle !== undefined && {
      retryAfterStyle: oneOf(body, 'retryAfterStyle', ['seconds', 'http-date']),
    }),
  }
  world.faults.failNext(order)
}

function holders(body: Body): {
  readonly serialNumbers: readonly string[]
  readonly clientUserIds: readonly string[]
} {
  return { serialNumbers: texts(body, 'serialNumbers'), clientUserIds: texts(body, 'clientUserIds') }
}

/** Refuses names that no knob has, so that a typing error does not pass for a setting. */
function knobChoices(body: Body): KnobChoices {
  const unknown = Object.keys(body).filter((name) => !(name in DEFAULT_KNOBS))
  if (unknown.length > 0) {
    throw new ControlRefusal(
      `There is no knob ${unknown.join(', ')}; known are ${Object.keys(DEFAULT_KNOBS).join(', ')}`,
    )
  }
  return withoutNulls(body)
}

/** JSON has no Infinity; null stands for it. */
function withoutNulls(value: Body): Body {
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => {
      if (entry === null) return [name, Number.POSITIVE_INFINITY]
      return [name, typeof entry === 'object' && !Array.isArray(entry) ? withoutNulls({ ...entry }) : entry]
    }),
  )
}

function text(body: Body, name: string): string {
  const value = body[name]
  if (typeof value !== 'string' || value === '')
    throw new ControlRefusal(`"${name}" must be a text that is not empty`)
  return value
}

function optionalText(body: Body, name: string): string | undefined {
  return body[name] === undefined ? undefined : text(body, name)
}

function texts(body: Body, name: string): readonly string[] {
  const value = body[name] ?? []
  if (!Array.isArray(value) || !value.every((entry) => typeof entry === 'string')) {
    throw new ControlRefusal(`"${name}" must be a list of texts`)
  }
  return value
}

function number(body: Body, name: string): number {
  const value = body[name]
  if (typeof value !== 'number') throw new ControlRefusal(`"${name}" must be a number`)
  return value
}

function optionalNumber(body: Body, name: string): number | undefined {
  return body[name] === undefined ? undefined : number(body, name)
}

function oneOf<Word extends string>(body: Body, name: string, words: readonly Word[]): Word {
  const found = words.find((word) => word === body[name])
  if (!found) throw new ControlRefusal(`"${name}" must be one of ${words.join(', ')}`)
  return found
}

/** `{name: value}`, or nothing when there is no value. */
function optional<Name extends string, Value>(
  name: Name,
  value: Value | undefined,
): { readonly [key in Name]?: Value } {
  return value === undefined ? {} : ({ [name]: value } as { readonly [key in Name]: Value })
}
