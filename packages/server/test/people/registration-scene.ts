/**
 * Registering people on a real PostgreSQL with the simulator of Apple, over a line on which a request about people can be
 * refused with any of Apple's numbers. Steps are run by hand; time is the simulator's and is advanced.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { type AppleSim, startAppleSim } from '@apportion/apple-sim/apple-sim'
import { manualClock } from '@apportion/apple-sim/clock'
import { sql } from 'kysely'
import { lookAtRegistrationsStep, registerStep } from '../../src/people/register.ts'
import type { UserOperation } from '../../src/people/user-operations.ts'
import { silentLog } from '../../src/platform/db/log.ts'
import { renewLeases } from '../../src/platform/leases.ts'
import type { LocationStep } from '../../src/platform/location-work.ts'
import { createSecretBox } from '../../src/platform/secrets.ts'
import { createAppleConnections, tokenContext } from '../../src/tokens/apple.ts'
import { addAsset, addLocation } from '../support/license-scene.ts'
import type { TestDatabase } from '../support/test-database.ts'

/** A request about people as it left. */
export interface SentRequest {
  readonly kind: 'create' | 'update'
  readonly ids: readonly string[]
}

/** Apple's refusal of a whole request. */
export interface WholeRefusal {
  readonly errorNumber: number
  readonly clientUserIds?: readonly string[]
}

/** What is known of a registration. */
export interface Registered {
  readonly operation_id: string | null
  readonly due_at: Date | null
  readonly problem_number: number | null
  readonly status: string | null
}

export class RegistrationScene {
  readonly apple: AppleSim
  readonly sent: SentRequest[] = []
  /** Decides whether the line refuses a request; undefined lets it through to the simulator. */
  refusalOf: (request: SentRequest) => WholeRefusal | undefined = () => undefined
  readonly #database: TestDatabase
  readonly #secrets = createSecretBox(randomBytes(32))
  readonly #owner = randomUUID()
  readonly uid = randomUUID()
  locationId = 0
  assetId = 0

  private constructor(apple: AppleSim, database: TestDatabase) {
    this.apple = apple
    this.#database = database
  }

  /** A location that the simulator knows and whose token is stored. */
  static async begin(database: TestDatabase): Promise<RegistrationScene> {
    const apple = await startAppleSim({ clock: manualClock() })
    const scene = new RegistrationScene(apple, database)
    const { db } = scene
    await sql`TRUNCATE locations, users, licenses CASCADE`.execute(db)
    const { uid } = scene
    const location = apple.world.addLocation({ uId: uid, name: 'Utrecht', organizationName: 'Meridian' })
    scene.locationId = await addLocation(db, uid)
    const sealed = scene.#secrets.seal(location.mintToken().file, tokenContext(uid))
    await sql`UPDATE locations SET token_sealed = ${sealed} WHERE id = ${scene.locationId}`.execute(db)
    scene.assetId = await addAsset(db, { locationId: scene.locationId, total: 500 })
    return scene
  }

  get db() {
    return this.#database.kysely
  }

  get location() {
    return this.apple.world.location(this.uid)
  }

  now(): Date {
    return new Date(this.apple.clock.now())
  }

  readonly #line: typeof fetch = async (input, init) => {
    const asked = new Request(input, init)
    const kind = /\/users\/(create|update)$/.exec(new URL(asked.url).pathname)?.[1]
    if (kind !== 'create' && kind !== 'update') return fetch(input, init)
    const { users }: { users: { clientUserId: string }[] } = JSON.parse(await asked.text())
    const request = { kind, ids: users.map(({ clientUserId }) => clientUserId) } as const
    this.sent.push(request)
    const refusal = this.refusalOf(request)
    if (refusal === undefined) return fetch(input, init)
    const { errorNumber, clientUserIds } = refusal
    const body = {
      errorNumber,
      errorMessage: 'Refused.',
      ...(clientUserIds && { errorInfo: { clientUserIds } }),
    }
    return Response.json(body, { status: 400 })
  }

  /** Adds people who want the asset's license; gives their ids at Apple, in the same order. */
  async addPeople(
    people: readonly { readonly name: string; readonly account?: string }[],
  ): Promise<string[]> {
    const ids: string[] = []
    for (const { name, account = null } of people) {
      const { rows } = await sql<{ id: string }>`WITH added AS (
          INSERT INTO users (user_name, managed_apple_account, created_at, updated_at)
          VALUES (${name}, ${account}, now(), now()) RETURNING id, client_user_id
        ), wanting AS (
          INSERT INTO targets (location_id, asset_id, user_id, license_type, intent, assignment_id, entered_at)
          SELECT ${this.locationId}::int, ${this.assetId}::int, id, 'user', 'required', 0, now() FROM added
        ) SELECT client_user_id::text AS id FROM added`.execute(this.db)
      ids.push(...rows.map((row) => row.id))
    }
    return ids
  }

  /** The directory learns a Managed Apple Account. */
  async learnAccount(id: string, account: string): Promise<void> {
    await sql`UPDATE users SET managed_apple_account = ${account} WHERE client_user_id::text = ${id}`.execute(
      this.db,
    )
  }

  /** Runs what is due of registering until nothing is, without time passing. */
  async register(): Promise<void> {
    const step = registerStep(this.#ports())
    for (let turn = 0; turn < 30; turn++) {
      const { rows } = await sql`${step.due(this.now())}`.execute(this.db)
      if (rows.length === 0) return
      await this.#run(step)
    }
    throw new Error('Registering does not come to rest')
  }

  /** Apple does what it accepted, and its outcome is asked for. */
  async look(): Promise<void> {
    this.apple.clock.advance(60_000)
    await this.apple.world.drain()
    await this.#run(lookAtRegistrationsStep(this.#ports()))
  }

  #ports() {
    const clock = { now: () => this.now(), sleep: async () => {} }
    const settings = {
      serviceConfigUrl: this.apple.serviceConfigUrl,
      allowedHosts: [new URL(this.apple.serviceConfigUrl).host],
      allowLoopbackHttp: true,
    }
    const world = { db: this.db, clock, secrets: this.#secrets, fetch: this.#line }
    const apple = createAppleConnections({ ...world, settings, notificationBase: null })
    return { ...world, pool: this.#database.pool, newId: randomUUID, apple, log: silentLog }
  }

  async #run(step: LocationStep): Promise<void> {
    const leases = await renewLeases(this.db, this.#owner)
    const lease = leases.find((each) => each.locationId === this.locationId)
    if (lease === undefined) throw new Error('No lease')
    await step.run({ lease, signal: new AbortController().signal })
  }

  /** What is written of a person's registration, and Apple's word for the person. */
  async of(id: string): Promise<Registered> {
    const { rows } = await sql<Registered>`SELECT r.operation_id, nullif(r.due_at, '-infinity') AS due_at,
        r.problem_number, k.status
      FROM registrations r JOIN users u ON u.id = r.user_id LEFT JOIN apple_users k
        ON k.location_id = r.location_id AND k.client_user_id = u.client_user_id::text
      WHERE r.location_id = ${this.locationId} AND u.client_user_id::text = ${id}`.execute(this.db)
    const [row] = rows
    if (row === undefined) throw new Error(`No registration of ${id}`)
    return row
  }

  /** The requests that are not finished, oldest first. */
  async open(): Promise<readonly UserOperation[]> {
    const { rows } = await sql<UserOperation>`SELECT * FROM user_operations WHERE finished_at IS NULL
      ORDER BY recorded_at, id`.execute(this.db)
    return rows
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.apple.close()
  }
}
