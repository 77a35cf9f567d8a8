/**
 * What a program has to do that uses the client alone: carry out what it intends whatever happens on the way, by
 * reading back before it sends anything again.
 */
import { describeErrorNumber } from '@apportion/apple-wire/error-numbers'
import type { ApiError, StatusResponse } from '@apportion/apple-wire/messages'
import type { ParsedNotification } from '@apportion/apple-wire/notifications'
import { AppleError, AppsBooksError } from '@apportion/apps-books/errors'
import { type Command, type Intent, send, takeBack } from './intents.ts'
import { mayPass, PictureReader, patience, type ReaderPorts } from './picture-reader.ts'

export interface CarefulPorts extends ReaderPorts {
  /** What Apple notified so far; some of it late, some never. */
  readonly heard: () => readonly ParsedNotification[]
  readonly diary: string[]
}

export class CarefulClient {
  readonly picture: PictureReader
  readonly #ports: CarefulPorts
  readonly #events = new Set<string>()
  #listened = 0

  constructor(ports: CarefulPorts) {
    this.#ports = ports
    this.picture = new PictureReader(ports)
  }

  /** Until all of it is so, or what is missing was refused for good. */
  async carryOut(intent: Intent): Promise<void> {
    this.#ports.diary.push(intent.name)
    if (this.#hearsOfRemovals()) await this.picture.readExactly()
    const refused = new Refused()
    for (let tries = 0; tries < patience; tries++) {
      const rest = intent.rest(this.picture, (name) => refused.has(name))
      if (rest === undefined) return
      await this.#attempt(rest, refused)
    }
    throw new Error(`It never comes to an end: ${intent.name}`)
  }

  /** Whether others took something away, as far as notifications tell: no delta would. */
  #hearsOfRemovals(): boolean {
    const heard = this.#ports.heard()
    const news = heard.slice(this.#listened)
    this.#listened = heard.length
    return news.some(
      (each) =>
        each.kind === 'asset-management' && each.type !== 'ASSOCIATE' && !this.#events.has(each.eventId),
    )
  }

  /** One try: what of it came to an end is in the picture, what was refused for good in `refused`. */
  async #attempt(command: Command, refused: Refused): Promise<void> {
    const outcome = await this.#settle(command)
    this.#ports.diary.push(`  ${command.name} ${JSON.stringify(command.body)}: ${told(outcome)}`)
    if (outcome === 'later') return this.#ports.clock.sleep(20_000)
    if (outcome === 'unknown') {
      // What was sent may still be under way.
      await this.#ports.clock.sleep(60_000)
      return this.picture.readExactly()
    }
    if (outcome.eventStatus === 'COMPLETE' && takeBack(this.picture, command)) return this.picture.catchUp()
    for (const failure of outcome.failures ?? []) refused.note(failure)
    return this.picture.readExactly()
  }

  async #settle(command: Command): Promise<StatusResponse | 'unknown' | 'later'> {
    try {
      const { eventId } = await send(this.#ports.client, command)
      this.#events.add(eventId)
      return await this.#outcomeOf(eventId)
    } catch (error) {
      if (error instanceof AppsBooksError) return error.code === 'apple.outcome_unknown' ? 'unknown' : 'later'
      if (!(error instanceof AppleError)) throw error
      if (error.retry === 'later') return 'later'
      const { errorNumber, errorInfo } = error
      return { eventStatus: 'FAILED', failures: [{ errorNumber, ...(errorInfo && { errorInfo }) }] }
    }
  }

  /** The event's end; `unknown` when Apple forgot it or does not end it within ten minutes. */
  async #outcomeOf(eventId: string): Promise<StatusResponse | 'unknown'> {
    const { client, clock } = this.#ports
    for (let polls = 0; polls <= 20; polls++) {
      await clock.sleep(30_000)
      try {
        const status = await client.status(eventId)
        if (status.eventStatus !== 'PENDING') return status
      } catch (error) {
        if (error instanceof AppleError && error.code === 'apple.event_not_found') return 'unknown'
        if (!mayPass(error)) throw error
      }
    }
    return 'unknown'
  }
}

/** Users and devices that Apple refused for good; a failure that names nobody refuses everybody. */
class Refused {
  readonly #names = new Set<string>()

  has(name: string): boolean {
    return this.#names.has(name) || this.#names.has('everybody')
  }

  note({ errorNumber, errorInfo }: ApiError): void {
    if (describeErrorNumber(errorNumber).retry === 'later') return
    const named = [...(errorInfo?.clientUserIds ?? []), ...(errorInfo?.serialNumbers ?? [])]
    for (const name of named.length > 0 ? named : ['everybody']) this.#names.add(name)
  }
}

function told(outcome: StatusResponse | 'unknown' | 'later'): string {
  if (typeof outcome === 'string') return outcome
  const codes = (outcome.failures ?? []).map(({ errorNumber }) => describeErrorNumber(errorNumber).code)
  return [outcome.eventStatus, ...codes].join(' ')
}
