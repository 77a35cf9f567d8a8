/** How a device and its server reach each other: pushes in, connections out, retries, and the end of it all. */
import { randomBytes } from 'node:crypto'
import type { PlistDict } from '@apportion/apple-wire/plist'
import type { Activity } from './activity.ts'
import type { DeviceState } from './device-state.ts'
import { tokenUpdate } from './enroll.ts'
import type { Enrollment } from './enrollment.ts'
import { sendMessage } from './mdm-channel.ts'
import { CommandSession } from './session.ts'

const FIRST_RETRY_MS = 60_000
const LONGEST_RETRY_MS = 3_600_000

export class DeviceLink {
  readonly #state: DeviceState
  readonly #activity: Activity
  readonly session: CommandSession
  #isConnected = false
  #wantsMore = false
  #retryMs = FIRST_RETRY_MS

  constructor(state: DeviceState, activity: Activity) {
    this.#state = state
    this.#activity = activity
    this.session = new CommandSession(state, (work) => activity.track(work))
  }

  /** A new enrollment: pushes are heard from now on. */
  begin(enrollment: Enrollment): void {
    this.session.clear()
    this.#state.enrollment = enrollment
    this.#listen(enrollment)
  }

  /** Asks for commands now, or once more when that is under way. */
  wake(): void {
    const { enrollment, conditions } = this.#state
    if (enrollment === undefined || !conditions.online) return
    this.#wantsMore = true
    if (this.#isConnected) return
    this.#isConnected = true
    this.#activity.track(this.#connect())
  }

  /** Comes back by itself when the last thing it said was NotNow. */
  comeBack(): void {
    if (this.session.waitsForItself) this.wake()
  }

  /** What the push service kept while the device was offline arrives. */
  collectPushes(): void {
    const { enrollment, ports } = this.#state
    if (enrollment !== undefined) ports.push.announce(enrollment.pushToken.toString('hex'))
  }

  rotateToken(): void {
    const { enrollment, ports } = this.#state
    if (enrollment === undefined) return
    ports.push.retire(enrollment.pushToken.toString('hex'), ports.clock.now())
    const renewed = { ...enrollment, pushToken: randomBytes(32) }
    this.#state.enrollment = renewed
    this.#listen(renewed)
    this.#checkIn(renewed, tokenUpdate(this.#state, renewed))
  }

  /** Ends management from this side; `tells` whether the server is to hear of it. */
  leave(tells: boolean): void {
    const { enrollment, conditions } = this.#state
    if (enrollment === undefined) return
    const { checkOutWhenRemoved, topic } = enrollment.profile.management
    this.#end()
    if (tells && checkOutWhenRemoved && conditions.online) {
      this.#checkIn(enrollment, { MessageType: 'CheckOut', Topic: topic })
    }
  }

  /** One attempt; what comes of it changes nothing. */
  #checkIn(enrollment: Enrollment, message: PlistDict): void {
    this.#activity.track(sendMessage(this.#state, enrollment, { kind: 'check-in', message }))
  }

  async #connect(): Promise<void> {
    try {
      while (this.#wantsMore) {
        this.#wantsMore = false
        const end = await this.session.run()
        if (end === 'removed') this.#end()
        if (end === 'failed') this.#retryLater()
        else this.#retryMs = FIRST_RETRY_MS
      }
    } finally {
      this.#isConnected = false
    }
  }

  #retryLater(): void {
    const { clock, timeline } = this.#state.ports
    timeline.at(clock.now() + this.#retryMs, () => this.wake())
    this.#retryMs = Math.min(this.#retryMs * 2, LONGEST_RETRY_MS)
  }

  #listen({ pushToken, profile }: Enrollment): void {
    this.#state.ports.push.register(pushToken.toString('hex'), {
      topic: profile.management.topic,
      online: () => this.#state.conditions.online,
      pushed: (magic) => {
        if (magic === this.#state.enrollment?.pushMagic) this.wake()
      },
    })
  }

  /** Everything that management brought goes with it. */
  #end(): void {
    const { enrollment, ports, apps, books, profiles } = this.#state
    if (enrollment === undefined) return
    ports.push.retire(enrollment.pushToken.toString('hex'), ports.clock.now())
    this.#state.enrollment = undefined
    this.session.clear()
    apps.endManagement()
    books.endManagement()
    profiles.installed.clear()
  }
}
