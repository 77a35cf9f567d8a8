/**
 * Does what is due for every location whose lease this process holds.
 *
 * Level-triggered: what is due is read from the database (`dueLocations` of each step), so a lost wake-up costs
 * time and a crash costs nothing. Steps of one location run one after another, in the order given; a step marked
 * `alone: false` runs beside them, since it may take minutes (a sync).
 */
import { EventEmitter, once } from 'node:events'
import { type RawBuilder, sql } from 'kysely'
import pg from 'pg'
import type { Clock } from './clock.ts'
import type { Db } from './db/database.ts'
import { errorCode } from './db/failure.ts'
import { type Lease, LeaseLost, releaseLeases, renewLeases, renewMilliseconds } from './leases.ts'

/** What a step may count on while it works for one location. */
export interface LocationTurn {
  readonly lease: Lease
  /** Aborted when the lease is lost or the server stops. */
  readonly signal: AbortSignal
}

/** One kind of work for a location. */
export interface LocationStep {
  readonly name: string
  /** True: never at the same time as another such step of the location. */
  readonly alone: boolean
  /** A query for the ids of the locations at which something is due, as column `location_id`. */
  due(now: Date): RawBuilder<{ location_id: number }>
  /** Does what is due at one location. Called again while something stays due. */
  run(turn: LocationTurn): Promise<void>
}

export interface LocationWorkPorts {
  readonly db: Db
  /** For a connection of our own that listens for wake-ups. */
  readonly listen: pg.ClientConfig
  readonly clock: Clock
  /** This process, among those that share the database. */
  readonly owner: string
  readonly steps: readonly LocationStep[]
  readonly log: { warn(facts: object, message: string): void; error(facts: object, message: string): void }
}

/** The running work; disposing finishes the turns under way and gives the leases back. */
export interface LocationWork extends AsyncDisposable {
  /** Looks now for what is due, and resolves once nothing is due and nothing runs. For tests and for stopping. */
  drain(): Promise<void>
}

/** How long after the last look the next one comes when nothing wakes us. */
const lookMilliseconds = 2000
/** A step that failed is left alone for so long, so that a broken location does not spin. */
const pauseAfterFailure = 5000

/** Starts to work. The first look is at once. */
export async function startLocationWork(ports: LocationWorkPorts): Promise<LocationWork> {
  const work = new Work(ports)
  await work.renew()
  work.start()
  return { drain: () => work.drain(), [Symbol.asyncDispose]: () => work.stop() }
}

class Work {
  readonly #ports: LocationWorkPorts
  readonly #leases = new Map<number, { readonly lease: Lease; readonly control: AbortController }>()
  readonly #running = new Map<string, Promise<void>>()
  readonly #pausedUntil = new Map<string, number>()
  readonly #latestStep = new Map<number, number>()
  readonly #events = new EventEmitter()
  readonly #stopping = new AbortController()
  #renewTimer: NodeJS.Timeout | undefined
  #lookTimer: NodeJS.Timeout | undefined
  #listener: pg.Client | undefined
  #looking: Promise<number> | undefined
  #lookAgain = false
  #renewing: Promise<void> | undefined
  #renewedAt = 0

  constructor(ports: LocationWorkPorts) {
    this.#ports = ports
    this.#events.setMaxListeners(0)
  }

  start(): void {
    this.#renewTimer = setInterval(() => void this.renew(), renewMilliseconds)
    this.#lookTimer = setInterval(() => this.wake(), lookMilliseconds)
    void this.#listen()
    this.wake()
  }

  /** Renews leases; those that another process took are stopped. Leases we cannot renew are stopped in time. */
  renew(): Promise<void> {
    this.#renewing ??= this.#renewNow().finally(() => {
      this.#renewing = undefined
    })
    return this.#renewing
  }

  async #renewNow(): Promise<void> {
    try {
      const held = await renewLeases(this.#ports.db, this.#ports.owner)
      this.#renewedAt = performance.now()
      this.#keep(held)
    } catch (error) {
      if (this.#stopping.signal.aborted) return
      this.#ports.log.warn({ err: error }, 'leases could not be renewed')
      if (performance.now() - this.#renewedAt > 3 * renewMilliseconds) this.#keep([])
    }
  }

  #keep(held: readonly Lease[]): void {
    const epochs = new Map(held.map((lease) => [lease.locationId, lease]))
    for (const [id, { lease, control }] of this.#leases) {
      if (epochs.get(id)?.epoch === lease.epoch) continue
      control.abort(new LeaseLost(lease))
      this.#leases.delete(id)
    }
    const fresh = held.filter((lease) => !this.#leases.has(lease.locationId))
    for (const lease of fresh) this.#leases.set(lease.locationId, { lease, control: new AbortController() })
    if (fresh.length > 0) this.wake()
  }

  /** Looks soon, at most one look at a time. */
  wake(): void {
    if (this.#stopping.signal.aborted) return
    if (this.#looking !== undefined) {
      this.#lookAgain = true
      return
    }
    this.#looking = this.#look()
      .catch((error: unknown) => {
        if (!this.#stopping.signal.aborted) this.#ports.log.warn({ err: error }, 'looking for work failed')
        return 0
      })
      .finally(() => {
        this.#looking = undefined
        this.#events.emit('looked')
        if (this.#lookAgain) {
          this.#lookAgain = false
          this.wake()
        }
      })
  }

  /** One query for all steps and locations; starts what is due and gives how many turns that were. */
  async #look(): Promise<number> {
    const now = this.#ports.clock.now()
    const parts = this.#ports.steps.map(
      (step, index) =>
        sql`SELECT DISTINCT ${sql.lit(index)}::int AS step, due.location_id FROM (${step.due(now)}) AS due`,
    )
    const { rows } = await sql<{ step: number; location_id: number }>`
      ${sql.join(parts, sql` UNION ALL `)} ORDER BY 1, 2`.execute(this.#ports.db)
    let started = 0
    for (const row of rows.toSorted((a, b) => this.#turnsUntil(a) - this.#turnsUntil(b))) {
      const step = this.#ports.steps[row.step]
      if (step === undefined || !this.#begin(step, row.location_id)) continue
      if (step.alone) this.#latestStep.set(row.location_id, row.step)
      started += 1
    }
    return started
  }

  /** Steps take turns: one that is always due, such as hearing in a flood of notifications, starves no other. */
  #turnsUntil({ step, location_id }: { readonly step: number; readonly location_id: number }): number {
    const { length } = this.#ports.steps
    const latest = this.#latestStep.get(location_id) ?? length - 1
    return (step - latest - 1 + length) % length
  }

  #begin(step: LocationStep, locationId: number): boolean {
    const held = this.#leases.get(locationId)
    const lane = step.alone ? `${locationId}` : `${locationId}:${step.name}`
    const paused = this.#pausedUntil.get(`${locationId}:${step.name}`) ?? 0
    if (held === undefined || this.#running.has(lane) || paused > performance.now()) return false
    const signal = AbortSignal.any([held.control.signal, this.#stopping.signal])
    const turn = this.#turn(step, { lease: held.lease, signal }).finally(() => {
      this.#running.delete(lane)
      this.#events.emit('turn')
      this.wake()
    })
    this.#running.set(lane, turn)
    return true
  }

  async #turn(step: LocationStep, turn: LocationTurn): Promise<void> {
    try {
      await step.run(turn)
    } catch (error) {
      if (turn.signal.aborted || error instanceof LeaseLost) return
      this.#pausedUntil.set(`${turn.lease.locationId}:${step.name}`, performance.now() + pauseAfterFailure)
      const facts = { err: error, location: turn.lease.locationId, step: step.name }
      if (isExpected(error)) this.#ports.log.warn(facts, 'a step waits until Apple answers again')
      else this.#ports.log.error(facts, 'a step failed')
    }
  }

  async drain(): Promise<void> {
    for (;;) {
      await this.renew()
      while (this.#running.size > 0) await Promise.all(this.#running.values())
      if (this.#looking !== undefined) await once(this.#events, 'looked')
      const due = await this.#look()
      if (due === 0 && this.#running.size === 0) return
    }
  }

  async stop(): Promise<void> {
    clearInterval(this.#renewTimer)
    clearInterval(this.#lookTimer)
    this.#stopping.abort(new Error('the server stops'))
    await Promise.all(this.#running.values())
    await this.#listener?.end().catch(() => {})
    await releaseLeases(this.#ports.db, this.#ports.owner).catch(() => {})
  }

  /** Wake-ups by NOTIFY. When the connection breaks, the regular look goes on and we connect again. */
  async #listen(): Promise<void> {
    if (this.#stopping.signal.aborted) return
    const client = new pg.Client(this.#ports.listen)
    const again = () => {
      if (this.#listener !== client) return
      this.#listener = undefined
      if (!this.#stopping.signal.aborted) setTimeout(() => void this.#listen(), lookMilliseconds).unref()
    }
    this.#listener = client
    client.on('error', again)
    client.on('end', again)
    client.on('notification', () => this.wake())
    try {
      await client.connect()
      await client.query('LISTEN outbox')
      await client.query('LISTEN location_work')
    } catch {
      again()
    }
  }
}

/** Apple is away or refuses; its failures and our refusals carry such codes. */
function isExpected(error: unknown): boolean {
  return /^(apple|token)\./.test(errorCode(error) ?? '')
}
