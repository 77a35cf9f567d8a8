/** The webhook of a NanoMDM for tests: events are posted once, signed, in order; lost and held back on demand. */
import { createHmac, randomUUID } from 'node:crypto'

export interface Delivery {
  readonly body: string
  readonly signature: string
}

export interface EventPorts {
  readonly webhookKey: string
  readonly now: () => number
}

export class EventPoster {
  /** Where events are posted; none are while it is undefined. */
  webhookUrl: string | undefined
  /** So many of the next events are never posted. */
  eventsToLose = 0
  /** Events wait in `held` instead of being posted. */
  isHolding = false
  readonly held: Delivery[] = []
  /** Statuses that the webhook got. */
  readonly heard: number[] = []
  readonly #ports: EventPorts
  #posting: Promise<void> = Promise.resolve()

  constructor(ports: EventPorts) {
    this.#ports = ports
  }

  /** Resolves when all events so far were posted. */
  async posted(): Promise<void> {
    for (let before: Promise<void> | undefined; before !== this.#posting; ) {
      before = this.#posting
      await before
    }
  }

  /** Posts one that was held, or any other. */
  post({ body, signature }: Delivery): Promise<void> {
    const url = this.webhookUrl
    this.#posting = this.#posting.then(async () => {
      if (url === undefined) return
      const headers = { 'content-type': 'application/json', 'x-hmac-signature': signature }
      const status = await fetch(url, { method: 'POST', headers, body }).then(
        (response) => response.status,
        () => 0,
      )
      this.heard.push(status)
    })
    return this.#posting
  }

  /** Tells of something; asynchronously, once, and whatever the answer is. */
  protected tell(topic: string, event: object): void {
    const at = new Date(this.#ports.now()).toISOString()
    const body = JSON.stringify({ topic, event_id: randomUUID(), created_at: at, ...event })
    const signature = createHmac('sha256', this.#ports.webhookKey).update(body).digest('base64')
    if (this.eventsToLose > 0) this.eventsToLose -= 1
    else if (this.isHolding) this.held.push({ body, signature })
    else void this.post({ body, signature })
  }
}
