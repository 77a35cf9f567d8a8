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
import { writeDirectory } from './directory-csv.ts'
import { FAULT_CONTROLS } from './fault-controls.ts'
import { inventOrganization } from './invented-organization.ts'
import { checkKnobs } from './knob-values.ts'
import type { KnobChoices } from './knobs.ts'
import {
  type Control,
  type ControlRequest,
  control,
  LOCATION_CONTROLS,
  locationState,
} from './location-controls.ts'
import { PRESETS } from './organization-size.ts'
import { enterOrganization } from './organization-world.ts'
import { STORE_CONTROLS } from './store-controls.ts'
import { SUBSCRIPTION_CONTROLS } from './subscription-controls.ts'

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
  control(
    'POST /can-install',
    '{adamId, serialNumber?, idHash?}: what the store tells a device',
    ({ world }, { body }) => ({
      answer: world.canInstall(
        {
          ...optional('serialNumber', optionalText(body, 'serialNumber')),
          ...optional('idHash', optionalText(body, 'idHash')),
        },
        text(body, 'adamId'),
      ),
    }),
  ),
  control('POST /demo', '{seed?}: enter the demo organization', ({ world }, { body }) => ({
    locations: populate(world, demoOrganization(optionalNumber(body, 'seed'))).map(locationState),
  })),
  control(
    'POST /organization',
    '{preset?, devices?, users?, titles?, licenses?, locations?, seed?}: invent one and enter it',
    organize,
  ),
  control(
    'POST /directory',
    '{folder}: write its users, devices and groups as CSV',
    async (apple, { body }) => {
      const { directory } = apple.world
      if (!directory) throw new ControlRefusal('No organization was entered since the simulator started')
      return { paths: await writeDirectory(directory, text(body, 'folder')) }
    },
  ),
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
  ...SUBSCRIPTION_CONTROLS,
  ...STORE_CONTROLS,
  control('GET /knobs', 'all knobs as they are', ({ world }) => world.knobs),
  control('POST /knobs', 'any knobs; null is endless', ({ world }, { body }) =>
    world.setKnobs(knobChoices(body)),
  ),
  ...FAULT_CONTROLS,
  control('POST /clock/advance', '{ms}', ({ clock }, { body }) => {
    clock.advance(number(body, 'ms'))
    return { now: new Date(clock.now()).toISOString() }
  }),
  control('POST /settle', 'let everything happen that is planned', async ({ world }) =>
    world.settle({ jump: true }),
  ),
]

function organize({ world }: AppleSim, { body }: ControlRequest): unknown {
  const numbers = ['devices', 'users', 'titles', 'licenses', 'locations', 'seed'].map(
    (name) => [name, optionalNumber(body, name)] as const,
  )
  const known = ['preset', ...numbers.map(([name]) => name)]
  const unknown = Object.keys(body).filter((name) => !known.includes(name))
  if (unknown.length > 0)
    throw new ControlRefusal(`There is no ${unknown.join(', ')}; known are ${known.join(', ')}`)
  const preset = body.preset === undefined ? 'school' : oneOf(body, 'preset', presets)
  try {
    const wish = Object.fromEntries(numbers.filter(([, value]) => value !== undefined))
    const organization = inventOrganization({ preset, ...wish })
    const { size } = organization
    return { size, locations: enterOrganization(world, organization).map(({ uId, name }) => ({ uId, name })) }
  } catch (error) {
    throw error instanceof RangeError ? new ControlRefusal(error.message) : error
  }
}

const presets = Object.keys(PRESETS).filter((name): name is keyof typeof PRESETS => name in PRESETS)

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

function knobChoices(body: Body): KnobChoices {
  checkKnobs(body)
  return withoutNulls(body)
}

/** Knobs that name something of the machine; null takes the name back. */
const NAMES = new Set(['notificationCa', 'notificationSource'])

/** JSON has no Infinity; null stands for it, but for knobs that are no numbers. */
function withoutNulls(value: Body): Body {
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => {
      if (entry === null) return [name, NAMES.has(name) ? undefined : Number.POSITIVE_INFINITY]
      return [name, typeof entry === 'object' && !Array.isArray(entry) ? withoutNulls({ ...entry }) : entry]
    }),
  )
}
