/**
 * Apple for tests, demos and rehearsals: the license API, the metadata lookup and the notifications, on one port.
 *
 * Strict where Apple is strict, and a choice with a knob where Apple's pages are silent.
 */
import { once } from 'node:events'
import { appleListener } from './apple-listener.ts'
import { CallsPerMinute } from './calls-per-minute.ts'
import { Catalog } from './catalog.ts'
import { realClock, type SimClock } from './clock.ts'
import { FaultPlan } from './faults.ts'
import { DEFAULT_KNOBS, type KnobChoices, withKnobs } from './knobs.ts'
import { Notifications } from './notifications.ts'
import { seededRandom } from './random.ts'
import { RequestLog } from './request-log.ts'
import type { Simulation } from './simulation.ts'
import { openStateFile, type StateFile } from './state-file.ts'
import { Timeline } from './timeline.ts'
import { webhookPoster } from './webhook.ts'
import { World } from './world.ts'

export interface AppleSimOptions {
  /** 0, the default, takes a free one. */
  readonly port?: number
  readonly host?: string
  readonly clock?: SimClock
  readonly knobs?: KnobChoices
  /** Where the state is kept over restarts; left out, it ends with the process. */
  readonly stateFolder?: string
  /** Seed of all chance: ids, delays, losses. */
  readonly seed?: number
}

export interface AppleSim extends AsyncDisposable {
  /** `http://host:port` of the Apple-facing listener. */
  readonly origin: string
  readonly serviceConfigUrl: string
  readonly clock: SimClock
  readonly world: World
  /** Stops listening and forgets what was planned. */
  close(): Promise<void>
}

/** Starts a simulated Apple; it answers when the promise resolves. */
export async function startAppleSim(options: AppleSimOptions = {}): Promise<AppleSim> {
  const { port = 0, host = '127.0.0.1', clock = realClock(), seed = 1 } = options
  let knobs = withKnobs(DEFAULT_KNOBS, options.knobs ?? {})
  let origin = ''
  const poster = webhookPoster()
  const timeline = new Timeline(clock)
  const random = seededRandom(seed)
  const faults = new FaultPlan(() => clock.now(), random)
  const notifications = new Notifications({
    clock,
    timeline,
    random,
    faults,
    post: poster.post,
    knobs: () => knobs,
  })
  let stateFile: StateFile | undefined
  const simulation: Simulation = {
    clock,
    timeline,
    random,
    knobs: () => knobs,
    faults,
    notifications,
    notify: (location, type, notification) => notifications.send(location, type, notification),
    catalog: new Catalog(),
    log: new RequestLog(() => knobs.requestLogSize),
    locations: new Map(),
    tokens: new Map(),
    developerKeys: new Map(),
    publicCalls: new CallsPerMinute(),
    developerCalls: new CallsPerMinute(),
    origin: () => origin,
    changed: () => stateFile?.touch(),
    save: () => stateFile?.save(),
  }
  const world = new World(simulation, (choices) => {
    knobs = withKnobs(knobs, choices)
  })

  if (options.stateFolder !== undefined) {
    stateFile = openStateFile(options.stateFolder, simulation)
  }
  const listener = appleListener(simulation)
  listener.listen(port, host)
  await once(listener, 'listening')
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('The listener has no port')
  origin = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`

  let closed = false
  const close = async (): Promise<void> => {
    if (closed) return
    closed = true
    timeline.stop()
    stateFile?.close()
    await notifications.settled()
    poster.close()
    listener.closeAllConnections()
    if (listener.listening) await new Promise((resolve) => listener.close(resolve))
  }
  return {
    origin,
    serviceConfigUrl: `${origin}/mdm/v2/service/config`,
    clock,
    world,
    close,
    [Symbol.asyncDispose]: close,
  }
}
