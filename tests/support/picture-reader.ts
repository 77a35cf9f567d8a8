/** Keeps a picture of a location's books by the client's walks and deltas alone. */
import type { Assignment, ResponseUser } from '@apportion/apple-wire/messages'
import { assignmentsOf, type CatchUp, catchUp, usersOf, walkToEnd } from '@apportion/apps-books/catch-up'
import type { AppsBooksClient } from '@apportion/apps-books/client'
import type { Clock } from '@apportion/apps-books/clock'
import { AppleError, AppsBooksError } from '@apportion/apps-books/errors'
import { keyOf } from './intents.ts'

export interface ReaderPorts {
  readonly client: AppsBooksClient
  readonly clock: Clock
  /** What others do while pages are read. */
  readonly between: () => void
}

/** Beyond any number of failures and movements that a seed can order. */
export const patience = 20

export class PictureReader {
  readonly #ports: ReaderPorts
  #assignments = new Map<string, Assignment>()
  readonly #users = new Map<string, ResponseUser>()
  #assignmentsSince: string | undefined
  #usersSince: string | undefined

  constructor(ports: ReaderPorts) {
    this.#ports = ports
  }

  /** By `keyOf`. What was taken away may still be here, until a walk was exact. */
  get assignments(): Map<string, Assignment> {
    return this.#assignments
  }

  /** Users who are not retired, by `clientUserId`. */
  get users(): ReadonlyMap<string, ResponseUser> {
    return this.#users
  }

  /** The picture is what Apple had at one moment. */
  async readExactly(): Promise<void> {
    for (let tries = 0; tries < patience; tries++) {
      const { rounds, result } = await this.#read(() => walkToEnd(assignmentsOf(this.#ports.client)))
      const seen = new Map(rounds.flat().map((each) => [keyOf(each), each]))
      this.#assignmentsSince = result.versionId
      if (result.state === 'exact') {
        this.#assignments = seen
        return this.#readUsers()
      }
      for (const [key, each] of seen) this.#assignments.set(key, each)
    }
    throw new Error('The assignments never stood still')
  }

  /** Everything that was added or changed is in the picture afterwards. */
  async catchUp(): Promise<void> {
    const versionId = this.#assignmentsSince
    if (versionId === undefined) return this.readExactly()
    const { rounds, result } = await this.#read(() =>
      catchUp(assignmentsOf(this.#ports.client), { versionId }),
    )
    for (const each of rounds.flat()) this.#assignments.set(keyOf(each), each)
    this.#assignmentsSince = result.versionId
    return result.state === 'additions' ? this.#readUsers() : this.catchUp()
  }

  async #readUsers(): Promise<void> {
    const list = usersOf(this.#ports.client)
    for (let tries = 0; tries < patience; tries++) {
      const versionId = this.#usersSince
      const { rounds, result } = await this.#read(() =>
        versionId === undefined ? walkToEnd(list) : catchUp(list, { versionId }),
      )
      for (const round of rounds) this.#fold(round)
      this.#usersSince = result.versionId
      if (result.state === 'exact' || result.state === 'additions') return
    }
    throw new Error('The users never stood still')
  }

  /** A user is active when any record of a round says so; several retired ones may share the id. */
  #fold(records: readonly ResponseUser[]): void {
    const active = records.filter(({ status }) => status !== 'Retired' && status !== 'Deleted')
    for (const { clientUserId } of records) this.#users.delete(clientUserId)
    for (const user of active) this.#users.set(user.clientUserId, user)
  }

  /** The records of each round; begun again while Apple or the network fails. */
  async #read<T>(start: () => CatchUp<T>) {
    const { clock, between } = this.#ports
    for (let tries = 1; ; tries++) {
      const reading = start()
      const rounds: T[][] = []
      try {
        for await (const { round, records } of reading.pages) {
          rounds[round] = [...(rounds[round] ?? []), ...records]
          between()
        }
        return { rounds: rounds.filter((each) => each !== undefined), result: reading.result }
      } catch (error) {
        if (!mayPass(error) || tries >= patience) throw error
        await clock.sleep(20_000)
      }
    }
  }
}

/** Whether asking again may help. */
export const mayPass = (error: unknown): boolean =>
  error instanceof AppsBooksError || (error instanceof AppleError && error.retry === 'later')
