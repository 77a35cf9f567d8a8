/**
 * Notifications on their way to clients: best effort, up to three attempts, in no promised order.
 */
import type { Notification, NotificationType } from '@apportion/apple-wire/messages'
import type { SimClock } from './clock.ts'
import type { FaultPlan } from './faults.ts'
import type { Knobs } from './knobs.ts'
import type { Location } from './location.ts'
import type { Random } from './random.ts'
import type { Timeline } from './timeline.ts'
import { type Delivery, isDelivered, type Post } from './webhook.ts'

/** What became of a notification; the secret that went with it is not kept. */
export interface NotificationRecord {
  readonly notificationId: string
  readonly notificationType: NotificationType
  readonly uId: string
  readonly at: number
  attempts: number
  /** `lost`: dropped by chance before the first attempt. `dropped`: all attempts failed. */
  outcome: 'pending' | 'delivered' | 'lost' | 'dropped'
  /** HTTP status of the last attempt, 0 for none. */
  lastStatus: number | undefined
}

export interface NotificationPorts {
  readonly clock: SimClock
  readonly timeline: Timeline
  readonly random: Random
  readonly faults: FaultPlan
  readonly post: Post
  readonly knobs: () => Knobs
}

const MOST_AT_ONCE = 16
const KEPT_RECORDS = 5000

export class Notifications {
  readonly #ports: NotificationPorts
  readonly #waiting: (() => Promise<void>)[] = []
  readonly #inFlight = new Set<Promise<void>>()
  readonly records: NotificationRecord[] = []

  constructor(ports: NotificationPorts) {
    this.#ports = ports
  }

  /** True while a delivery is under way or waits for a free connection. */
  get isBusy(): boolean {
    return this.#inFlight.size > 0 || this.#waiting.length > 0
  }

  /** Sends to the location's webhook if it subscribed to the type; later and by chance as the knobs say. */
  send(location: Location, notificationType: NotificationType, notification: unknown): void {
    if (!location.webhook || !location.notificationTypes.includes(notificationType)) return
    const { clock, timeline, random, knobs } = this.#ports
    const chance = knobs().notifications
    const message: Notification = {
      notificationId: random.uuid(),
      notificationType,
      uId: location.uId,
      notification,
    }
    const record = this.#record(message, clock.now())
    const struck = this.#struck(notificationType)
    if (struck.lost || random.chance(chance.loss)) {
      record.outcome = 'lost'
      return
    }
    const body = JSON.stringify(message)
    const copies = random.chance(chance.duplicate) || struck.doubled ? 2 : 1
    for (let copy = 0; copy < copies; copy++) {
      const delay = chance.delayMinMs + random.next() * (chance.delayMaxMs - chance.delayMinMs)
      const held = random.chance(chance.reorder) ? random.next() * chance.reorderMs : 0
      const attempt = { location, body, record, number: 1 }
      timeline.at(clock.now() + delay + held + struck.heldMs, () => this.#enqueue(attempt))
    }
  }

  /** What ordered faults do to a notification, besides the chance that the knobs give. */
  #struck(type: NotificationType): {
    readonly lost: boolean
    readonly doubled: boolean
    readonly heldMs: number
  } {
    const { faults, random, knobs } = this.#ports
    const lost = faults.take(['lose'], [type]) !== undefined
    const doubled = faults.take(['double'], [type]) !== undefined
    const late = faults.take(['delay'], [type])
    const overtaken = faults.take(['reorder'], [type])
    const within = overtaken?.delayMs ?? knobs().notifications.reorderMs
    const draw = overtaken ? (overtaken.random ?? random).next() : 0
    return { lost, doubled, heldMs: (late ? (late.delayMs ?? 60_000) : 0) + draw * within }
  }

  /** The probe of a new address, at once and only once: the caller refuses the address when it fails. */
  async probe(uId: string, { url, authToken }: { url: string; authToken: string }): Promise<boolean> {
    const { clock, random, post, knobs } = this.#ports
    const message: Notification = {
      notificationId: random.uuid(),
      notificationType: 'TEST_NOTIFICATION',
      uId,
      notification: {},
    }
    const record = this.#record(message, clock.now())
    record.attempts = 1
    record.lastStatus = await post({ url, authToken, body: JSON.stringify(message), ...transport(knobs()) })
    record.outcome = isDelivered(record.lastStatus) ? 'delivered' : 'dropped'
    return record.outcome === 'delivered'
  }

  /** Resolves when the deliveries of this moment have their answer; retries are plans of the timeline. */
  async settled(): Promise<void> {
    while (this.isBusy) await Promise.all(this.#inFlight)
  }

  #record(message: Notification, at: number): NotificationRecord {
    const { notificationId, notificationType, uId } = message
    const record: NotificationRecord = {
      notificationId,
      notificationType,
      uId,
      at,
      attempts: 0,
      outcome: 'pending',
      lastStatus: undefined,
    }
    this.records.push(record)
    if (this.records.length > KEPT_RECORDS * 1.2) this.records.splice(0, this.records.length - KEPT_RECORDS)
    return record
  }

  #enqueue(attempt: Attempt): void {
    this.#waiting.push(() => this.#attempt(attempt))
    this.#startNext()
  }

  #startNext(): void {
    while (this.#inFlight.size < MOST_AT_ONCE) {
      const start = this.#waiting.shift()
      if (!start) return
      const delivery = start().finally(() => {
        this.#inFlight.delete(delivery)
        this.#startNext()
      })
      this.#inFlight.add(delivery)
    }
  }

  async #attempt({ location, body, record, number }: Attempt): Promise<void> {
    const { clock, timeline, post, knobs } = this.#ports
    // The address of now: after a takeover the former client hears nothing more.
    const { webhook } = location
    if (!webhook) {
      record.outcome = 'dropped'
      return
    }
    const { notificationRetryMs } = knobs()
    record.attempts++
    record.lastStatus = await post({ ...webhook, body, ...transport(knobs()) })
    if (isDelivered(record.lastStatus)) {
      record.outcome = 'delivered'
      return
    }
    const wait = notificationRetryMs[number - 1]
    if (wait === undefined) record.outcome = record.outcome === 'delivered' ? 'delivered' : 'dropped'
    else timeline.at(clock.now() + wait, () => this.#enqueue({ location, body, record, number: number + 1 }))
  }
}

function transport(knobs: Knobs): Omit<Delivery, 'url' | 'authToken' | 'body'> {
  const { notificationTimeoutMs, notificationCa, notificationSource, notificationTls } = knobs
  return {
    timeoutMs: notificationTimeoutMs,
    ca: notificationCa,
    source: notificationSource,
    oldestTls: notificationTls,
  }
}

interface Attempt {
  readonly location: Location
  readonly body: string
  readonly record: NotificationRecord
  readonly number: number
}
