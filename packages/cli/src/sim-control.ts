/** Talking to the control port of the simulator of Apple (O3). */
import { exitCode } from './exit-codes.ts'
import { CommandFailure } from './failure.ts'
import { chooseByName } from './lookup/choose.ts'
import type { World } from './world.ts'

/** Where `sim start` opens its ports unless told otherwise. */
export const simulatorPorts = { apple: '8650', control: '8651' } as const

/** A call of the control port; the table of what it knows is the simulator's. */
export interface ControlCall {
  readonly method: string
  /** Starts with a slash. */
  readonly path: string
  readonly body?: unknown
}

/** The JSON it answers with. Throws `sim.refused` with the reason, or `sim.unreachable`. */
export async function callControl(
  { fetch, settings }: World,
  { method, path, body }: ControlCall,
): Promise<unknown> {
  const origin = settings.simulator ?? `http://127.0.0.1:${simulatorPorts.control}`
  const request = new Request(origin.replace(/\/+$/, '') + path, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const answer = await fetch(request).catch((cause: unknown) => {
    throw new CommandFailure(
      'sim.unreachable',
      `No simulator answers at ${origin}. Start one with: apportion sim start, or set APPORTION_SIM to its control address.`,
      { exits: exitCode.unreachable, cause },
    )
  })
  const found: unknown = await answer.json().catch(() => null)
  if (answer.ok) return found
  throw new CommandFailure('sim.refused', refusalOf(found) ?? `HTTP ${answer.status}`, {
    exits: exitCode.refused,
  })
}

/** The reason that the simulator gives; for an unknown path with the list of those it knows. */
function refusalOf(found: unknown): string | null {
  const { error, controls } = Object(found) as { readonly error?: unknown; readonly controls?: unknown }
  if (typeof error !== 'string') return null
  return Array.isArray(controls)
    ? [error, ...controls.map((usage) => `  ${String(usage)}`)].join('\n')
    : error
}

/** A location as the simulator describes it, as far as commands need it. */
export interface SimulatedLocation {
  readonly uId: string
  readonly name: string
  readonly heldCount: number
  readonly assets: readonly SimulatedAsset[]
}

interface SimulatedAsset {
  readonly adamId: string
  /** Null when unlimited. */
  readonly total: number | null
  readonly assigned: number
  /** Null when unlimited. */
  readonly available: number | null
}

/** All locations of the simulated Apple. */
export async function simulatedLocations(world: World): Promise<readonly SimulatedLocation[]> {
  const state: unknown = await callControl(world, { method: 'GET', path: '/state' })
  const locations: unknown = Reflect.get(Object(state), 'locations')
  // The simulator ships with this command line, in the same version: its answer has this shape.
  return Array.isArray(locations) ? (locations as SimulatedLocation[]) : []
}

/** The path of a location's controls, by its uId or name. */
export async function locationPath(world: World, wanted: string): Promise<string> {
  const locations = await simulatedLocations(world)
  const byId = locations.find(({ uId }) => uId === wanted)
  const { uId } =
    byId ??
    chooseByName({
      what: 'location',
      wanted,
      candidates: locations,
      nameOf: ({ name }) => name,
      describe: ({ uId: id, name }) => `${id}  ${name}`,
      advice: 'See the locations with: apportion sim state',
    })
  return `/locations/${encodeURIComponent(uId)}`
}
