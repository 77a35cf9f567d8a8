/**
 * The table of controls: a path, what its body needs, and what it does with the world.
 */
import type { AppleSim } from './apple-sim.ts'
import {
  type Body,
  ControlRefusal,
  number,
  oneOf,
  optional,
  optionalNumber,
  optionalText,
  text,
} from './control-body.ts'
import { demoOrganization } from './demo-organization.ts'
import { populate } from './demo-world.ts'
import { type FaultOrder, REQUEST_FAULTS, type RequestFault } from './faults.ts'
import { DEFAULT_KNOBS, type KnobChoices } from './knobs.ts'
import { type Control, type ControlRequest, LOCATION_CONTROLS, locationState } from './location-controls.ts'

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
  ...LOCATION_CONTROLS,
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
  control('DELETE /faults', 'take back every fault', ({ world }) => world.clearFaults()),
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

function orderFault({ world }: AppleSim, { body }: ControlRequest): void {
  const order: FaultOrder<RequestFault> = {
    fault: oneOf(body, 'fault', REQUEST_FAULTS),
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
