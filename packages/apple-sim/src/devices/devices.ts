/** Simulated devices beside a simulated Apple: makes them, wakes them through a push service of its own, waits for them. */
import type { AppleSim } from '../apple-sim.ts'
import type { SimClock } from '../clock.ts'
import { seededRandom } from '../random.ts'
import { Timeline } from '../timeline.ts'
import { Activity } from './activity.ts'
import { SimulatedDevice } from './device.ts'
import { DeviceHttp } from './device-http.ts'
import { type DeviceIdentityWish, makeIdentity } from './device-identity.ts'
import { type CertificateProxy, type DevicePorts, DeviceState } from './device-state.ts'
import { deviceStore } from './device-store.ts'
import { freshKeys, type KeySource } from './keys.ts'
import { PushDirectory } from './push-directory.ts'
import { PushService } from './push-service.ts'

export interface DevicesOptions {
  /** Real devices open https only. */
  readonly allowPlainHttp?: boolean
  /** PEM; what devices trust beside the public authorities and what their profiles bring. */
  readonly authorities?: readonly string[]
  /** Fresh ones when left out; `sharedKeys` for thousands of devices. */
  readonly keys?: KeySource
  /** Devices whose profile does not ask for signed messages come through it. */
  readonly proxy?: CertificateProxy
  /** Of names and numbers. */
  readonly seed?: number
}

export interface FleetProgress {
  readonly device: SimulatedDevice
  /** What went wrong; absent when it enrolled. */
  readonly error?: unknown
}

export class Devices implements AsyncDisposable {
  readonly push: PushService
  readonly #clock: SimClock
  readonly #timeline: Timeline
  readonly #ports: DevicePorts
  readonly #activity = new Activity()
  readonly #devices: SimulatedDevice[] = []

  constructor({ clock, world }: Pick<AppleSim, 'clock' | 'world'>, options: DevicesOptions) {
    const { allowPlainHttp = false, authorities = [], keys = freshKeys(), seed = 1 } = options
    const directory = new PushDirectory()
    this.#clock = clock
    this.#timeline = new Timeline(clock)
    this.#ports = {
      clock,
      timeline: this.#timeline,
      random: seededRandom(seed),
      store: deviceStore(world),
      http: new DeviceHttp({ allowPlainHttp, authorities }),
      keys,
      push: directory,
      proxy: options.proxy,
    }
    this.push = new PushService({ now: () => clock.now(), random: seededRandom(seed + 1), directory })
  }

  /** Every device, in the order in which they were made. */
  get all(): readonly SimulatedDevice[] {
    return this.#devices
  }

  /** A new device, switched on, unlocked and online, with a person who accepts everything after 20 seconds. */
  add(wish: DeviceIdentityWish): SimulatedDevice {
    const state = new DeviceState(makeIdentity(this.#ports.random, wish), this.#ports)
    const device = new SimulatedDevice(state, this.#activity)
    this.#devices.push(device)
    return device
  }

  /**
   * Makes and enrolls devices, `parallel` (8) at a time, each with the address that `profileUrl` gives it. Yields each
   * one as it is done, failed ones too.
   */
  async *enrollFleet(
    wishes: Iterable<DeviceIdentityWish>,
    profileUrl: (device: SimulatedDevice) => string | Promise<string>,
    parallel = 8,
  ): AsyncGenerator<FleetProgress> {
    const under = new Set<Promise<FleetProgress>>()
    const enroll = async (device: SimulatedDevice): Promise<FleetProgress> => {
      try {
        await device.enroll(await profileUrl(device))
        return { device }
      } catch (error) {
        return { device, error }
      }
    }
    const next = async (): Promise<FleetProgress> => {
      const [work, done] = await Promise.race([...under].map(async (one) => [one, await one] as const))
      under.delete(work)
      return done
    }
    for (const wish of wishes) {
      if (under.size >= parallel) yield await next()
      under.add(enroll(this.add(wish)))
    }
    while (under.size > 0) yield await next()
  }

  /** Resolves when no device talks to anybody any more and nothing is due; rejects when one of them broke. */
  async settled(): Promise<void> {
    do {
      this.#timeline.runDue()
      await this.#activity.settled()
    } while ((this.#timeline.nextAt ?? Number.POSITIVE_INFINITY) <= this.#clock.now())
  }

  /** Moves a manual clock on by `ms`, stopping wherever a device has something to do and letting it finish. */
  async pass(ms: number): Promise<void> {
    const until = this.#clock.now() + ms
    await this.settled()
    for (
      let next = this.#timeline.nextAt;
      next !== undefined && next <= until;
      next = this.#timeline.nextAt
    ) {
      this.#clock.advance(Math.max(0, next - this.#clock.now()))
      await this.settled()
    }
    this.#clock.advance(Math.max(0, until - this.#clock.now()))
    await this.settled()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#timeline.stop()
    await this.push[Symbol.asyncDispose]()
    this.#ports.http[Symbol.dispose]()
  }
}

/** Starts simulated devices and their push service beside a simulated Apple, on its clock. */
export async function startDevices(
  apple: Pick<AppleSim, 'clock' | 'world'>,
  options: DevicesOptions = {},
): Promise<Devices> {
  const devices = new Devices(apple, options)
  await devices.push.listen()
  return devices
}
