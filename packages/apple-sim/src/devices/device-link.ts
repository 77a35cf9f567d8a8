/** How a device and its server reach each other: pushes in, connections out, retries, and the end of it all. */
import { randomBytes } from 'node:crypto'
import type { PlistDict } from '@apportion/apple-wire/plist'
import type { Activity } from './activity.ts'
import { DeclarativeSync } from './declarative-sync.ts'
import type { DeviceState } from './device-state.ts'
import { type PushAddress, tokenUpdate } from './enroll.ts'
import type { Enrollment } from './enrollment.ts'
import { sendMessage } from './mdm-channel.ts'
import { CommandSession } from './session.ts'

const FIRST_RETRY_MS = 60_000
const LONGEST_RETRY_MS = 3_600_000

export class DeviceLink {
  readonly #state: DeviceState
  readonly #activity: Activity
  readonly session: CommandSession
  readonly declarative: DeclarativeSync
  #expected: PushAddress | undefined
  #wasPushed = false
  #isConnected = false
  #wantsMore = false
  #retryMs = FIRST_RETRY_MS

  constructor(state: DeviceState, activity: Activity) {
    this.#state = state
    this.#activity = activity
    this.session = new CommandSession(state, (work) => activity.track(work))
    this.declarative = new DeclarativeSync(state, (work) => activity.track(work))
    state.synchronize = () => this.declarative.synchronize()
    state.apps.changed = () => this.declarative.changed()
  }

  /** Pushes are heard from now on; one that comes before the enrollment is complete is followed once it is. */
  expect(address: PushAddress): void {
    this.#expected = address
    this.#wasPushed = false
    this.#listen(address)
  }

  /** The enrollment that was expected is complete. */
  begin(enrollment: Enrollment): void {
    this.session.clear()
    this.#state.enrollment = enrollment
    this.#expected = undefined
    if (this.#wasPushed) this.wake()
  }

  /** The enrollment that was expected came to nothing. */
  giveUp(): void {
    const { push, clock } = this.#state.ports
    if (this.#expected !== undefined) push.retire(this.#expected.pushToken.toString('hex'), clock.now())
    this.#expected = undefined
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
    this.declarative.comeBack()
  }

  rotateToken(): void {
    const { enrollment, ports } = this.#state
    if (enrollment === undefined) return
    ports.push.retire(enrollment.pushToken.toString('hex'), ports.clock.now())
    const renewed = { ...enrollment, pushToken: randomBytes(32) }
    this.#state.enrollment = renewed
    this.#listen({ pushToken: renewed.pushToken, topic: renewed.profile.management.topic })
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

  #listen({ pushToken, topic }: Pick<PushAddress, 'pushToken' | 'topic'>): void {
    this.#state.ports.push.register(pushToken.toString('hex'), {
      topic,
      online: () => this.#state.conditions.online,
      pushed: (magic) => this.#pushed(magic),
    })
  }

  #pushed(magic: string): void {
    if (magic === this.#state.enrollment?.pushMagic) this.wake()
    else if (magic === this.#expected?.pushMagic) this.#wasPushed = true
  }

  /** Everything that management brought goes with it. */
  #end(): void {
    const { enrollment, ports, apps, books, profiles } = this.#state
    if (enrollment === undefined) return
    ports.push.retire(enrollment.pushToken.toString('hex'), ports.clock.now())
    this.#state.enrollment = undefined
    this.session.clear()
    this.declarative.clear()
    apps.endManagement()
    books.endManagement()
    profiles.installed.clear()
  }
}
