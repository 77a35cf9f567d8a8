/**
 * A small world for the assignment engine on a real PostgreSQL: people, devices of every kind, groups in groups, and pools
 * of two titles in two locations. Changes go through the same functions as the routes call; Apple does at once whatever
 * is asked of it.
 */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { applyPlan, makePlan } from '../../src/assignments/apply.ts'
import { askFor } from '../../src/assignments/ask.ts'
import type { AssetChange, PlanChange } from '../../src/assignments/plan-change.ts'
import { reconcileStep } from '../../src/assignments/reconcile.ts'
import type { WantedAssignment } from '../../src/assignments/store.ts'
import { changeMembers } from '../../src/directory/groups/change-members.ts'
import { type DeviceChange, putDevice } from '../../src/directory/put-device.ts'
import { removeDevice } from '../../src/directory/remove-device.ts'
import type { Db } from '../../src/platform/db/database.ts'
import { inTransaction } from '../../src/platform/db/transaction.ts'
import { Refusal } from '../../src/platform/errors.ts'
import { lookAgainAtAssets } from '../../src/platform/outbox.ts'
import { ada, InterventionScene } from './intervention-scene.ts'
import { addLocation } from './license-scene.ts'

/** An assignment with its group by name; what is left out is as usual. */
export type Wish = Partial<Omit<WantedAssignment, 'groupId'>> & { readonly group: string }

/** What of a world is to be compared with another: by names, without moments. */
export interface WorldRows {
  readonly licenses: readonly string[]
  readonly targets: readonly string[]
}

/** Rows go in this order; truncating as many tables takes longer than a whole small world does. */
const emptied = [
  'licenses',
  'targets',
  'device_looks',
  'outbox',
  'plans',
  'operations',
  'former_assignments',
  'assignments',
  'assets',
  'locations',
  'devices',
  'users',
  'groups WHERE built_in IS NULL',
]

export class EngineWorld extends InterventionScene {
  readonly db: Db
  readonly locations: number[] = []
  readonly assets = new Map<string, number>()
  readonly groups = new Map<string, number>([
    ['All devices', 0],
    ['All users', 0],
  ])

  constructor(db: Db) {
    super(db)
    this.db = db
  }

  /** Empties the database and makes two locations with the assets `north`, `south` (the same title) and `book`. */
  static async begin(db: Db, totals: { north: number; south: number; book: number }): Promise<EngineWorld> {
    await sql.raw(emptied.map((table) => `DELETE FROM ${table}`).join('; ')).execute(db)
    const world = new EngineWorld(db)
    for (const [name, country] of [
      ['north', 'NL'],
      ['south', 'BE'],
    ] as const) {
      const id = await addLocation(db)
      await sql`UPDATE locations SET country = ${country} WHERE id = ${id}`.execute(db)
      world.locations.push(id)
      await world.#own(name, { locationId: id, adamId: '900001', total: totals[name], isBook: false })
    }
    const locationId = world.locations[0] ?? 0
    await world.#own('book', { locationId, adamId: '900002', total: totals.book, isBook: true })
    const { rows } = await sql<{ id: number; name: string }>`SELECT id, name FROM groups`.execute(db)
    for (const { id, name } of rows) world.groups.set(name, id)
    return world
  }

  async #own(
    name: string,
    {
      locationId,
      adamId,
      total,
      isBook,
    }: { locationId: number; adamId: string; total: number; isBook: boolean },
  ): Promise<void> {
    const { rows } = await sql<{ id: number }>`
      INSERT INTO assets (location_id, adam_id, pricing_param, product_type, total, assigned, available, retired,
        device_assignable, revocable, counted_at, first_seen_at)
      VALUES (${locationId}, ${adamId}, 'STDQ', ${isBook ? 'Book' : 'App'}, ${total}, 0, ${total}, 0, ${!isBook}, ${!isBook},
        now(), now()) RETURNING id`.execute(this.db)
    this.assets.set(name, rows[0]?.id ?? 0)
  }

  asset(name: string): number {
    return this.assets.get(name) ?? 0
  }

  group(name: string): number {
    return this.groups.get(name) ?? 0
  }

  async addUsers(names: readonly string[]): Promise<void> {
    await sql`INSERT INTO users (user_name, created_at, updated_at) SELECT n, now(), now()
      FROM unnest(${[...names]}::text[]) AS n`.execute(this.db)
  }

  /** Whether somebody has not left. */
  async setActive(userName: string, active: boolean): Promise<void> {
    await sql`UPDATE users SET active = ${active} WHERE user_name = ${userName}`.execute(this.db)
    await this.lookAgain()
  }

  async addGroup(name: string, kind: 'device' | 'user'): Promise<void> {
    const { rows } = await sql<{ id: number }>`INSERT INTO groups (kind, name, created_at, updated_at)
      VALUES (${kind}, ${name}, now(), now()) RETURNING id`.execute(this.db)
    this.groups.set(name, rows[0]?.id ?? 0)
  }

  /** Devices before anything is assigned. */
  async addDevices(devices: readonly DeviceChange[]): Promise<void> {
    await sql`INSERT INTO devices (serial_number, platform, ownership, supervised, kiosk, enrollment_type, country, user_id,
        created_at, updated_at)
      SELECT w."serialNumber", w.platform, coalesce(w.ownership, 'corporate'), coalesce(w.supervised, true),
        coalesce(w.kiosk, false), coalesce(w."enrollmentType", 'device'), w.country, u.id, now(), now()
      FROM jsonb_to_recordset(${JSON.stringify(devices)}::jsonb) AS w("serialNumber" text, platform text, ownership text,
        supervised boolean, kiosk boolean, "enrollmentType" text, country text, "userName" text)
      LEFT JOIN users u ON u.user_name = w."userName" ORDER BY w."serialNumber"`.execute(this.db)
  }

  /** Members before anything is assigned, by group. */
  async addMembers(members: Readonly<Record<string, readonly string[]>>): Promise<void> {
    const pairs = Object.entries(members).flatMap(([group, all]) =>
      all.map((member) => ({ group: this.group(group), member })),
    )
    const given = sql`jsonb_to_recordset(${JSON.stringify(pairs)}::jsonb) AS w("group" int, member text)`
    await sql`INSERT INTO group_devices (group_id, device_id, added_at) SELECT w."group", d.id, now()
      FROM ${given} JOIN devices d ON d.serial_number = w.member`.execute(this.db)
    await sql`INSERT INTO group_users (group_id, user_id, added_at) SELECT w."group", u.id, now()
      FROM ${given} JOIN users u ON u.user_name = w.member`.execute(this.db)
  }

  async putDevice(change: DeviceChange): Promise<void> {
    await putDevice(this.ports, change, ada)
  }

  async removeDevice(serialNumber: string): Promise<void> {
    const { rows } = await sql<{
      id: number
    }>`SELECT id FROM devices WHERE serial_number = ${serialNumber}`.execute(this.db)
    for (const { id } of rows) await removeDevice(this.ports, id, ada)
  }

  members(
    group: string,
    change: { add?: string[]; remove?: string[]; addGroups?: string[]; removeGroups?: string[] },
  ) {
    return changeMembers(this.ports, this.#memberChange(group, change), ada)
  }

  #memberChange(
    group: string,
    { add = [], remove = [], addGroups = [], removeGroups = [] }: Parameters<EngineWorld['members']>[1],
  ) {
    const ids = (names: readonly string[]) => names.map((name) => this.group(name))
    return {
      groupId: this.group(group),
      add,
      remove,
      addGroups: ids(addGroups),
      removeGroups: ids(removeGroups),
    }
  }

  wanted(wishes: readonly Wish[]): WantedAssignment[] {
    return wishes.map(({ group, ...wish }) => ({
      groupId: this.group(group),
      mode: 'include',
      intent: wish.mode === 'exclude' ? null : 'required',
      licenseType: 'device',
      priority: 0,
      reserve: null,
      quota: null,
      pools: 'own',
      settings: {},
      reclaim: {},
      rollout: null,
      ...wish,
    }))
  }

  change(
    wishes: Readonly<Record<string, readonly Wish[]>>,
  ): PlanChange & { readonly changes: readonly AssetChange[] } {
    const changes = Object.entries(wishes).map(([name, all]) => ({
      assetId: this.asset(name),
      wanted: this.wanted(all),
    }))
    return { kind: 'assignments', changes }
  }

  plan(wishes: Readonly<Record<string, readonly Wish[]>>) {
    return makePlan(this.ports, this.change(wishes), ada)
  }

  applyPlan(id: string) {
    return applyPlan(this.ports, id, ada)
  }

  /** Plans and saves, and gives the plan. */
  async assign(wishes: Readonly<Record<string, readonly Wish[]>>) {
    const plan = await this.plan(wishes)
    await this.applyPlan(plan.id)
    return plan
  }

  /** Asks, or takes that back; false when it is refused. */
  async ask(
    asset: string,
    who: { readonly serialNumber: string } | { readonly userName: string },
    isTakenBack = false,
  ): Promise<boolean> {
    const nobody = { serialNumber: null, userName: null }
    try {
      await askFor(this.ports, { ...nobody, ...who, assetId: this.asset(asset), isTakenBack }, ada)
      return true
    } catch (error) {
      if (error instanceof Refusal && error.code === 'ask.not_available') return false
      throw error
    }
  }

  /** Licenses are bought, or go back to Apple: the asset has so many from now on. */
  async own(asset: string, total: number): Promise<void> {
    await sql`UPDATE assets SET total = ${total} WHERE id = ${this.asset(asset)}`.execute(this.db)
    await this.lookAgain(asset)
  }

  /** Another system gives a license, which takes no account of us. */
  async holdOutside(asset: string, holder: string): Promise<void> {
    await sql`WITH given AS (
        INSERT INTO licenses (location_id, asset_id, holder_kind, holder, state, ours, since)
        SELECT location_id, id, 'device', ${holder}, 'held', false, ${this.clock.now()}::timestamptz FROM assets
        WHERE id = ${this.asset(asset)} ON CONFLICT DO NOTHING RETURNING 1)
      UPDATE assets SET held = held + 1, held_outside = held_outside + 1 WHERE id = ${this.asset(asset)}
        AND EXISTS (SELECT FROM given)`.execute(this.db)
    await this.lookAgain(asset)
  }

  /** What a device or person was to have is taken back by hand. */
  async withhold(asset: string, serialNumber: string): Promise<void> {
    await sql`WITH withheld AS (
        UPDATE targets t SET withheld_by = ${randomUUID()}, withheld_at = now(), waits = false FROM devices d
        WHERE d.id = t.device_id AND d.serial_number = ${serialNumber} AND t.asset_id = ${this.asset(asset)} AND t.wants
        RETURNING t.device_id)
      UPDATE licenses SET state = 'releasing', operation_id = NULL WHERE asset_id = ${this.asset(asset)}
        AND holder_kind = 'device' AND holder = ${serialNumber} AND state = 'held' AND ours AND EXISTS (SELECT FROM withheld)`.execute(
      this.db,
    )
    await this.lookAgain(asset)
  }

  /** Asks to look at one asset, or at all of them. */
  async lookAgain(asset?: string): Promise<void> {
    const ids = asset === undefined ? [...this.assets.values()] : [this.asset(asset)]
    await inTransaction(this.db, (tx) => lookAgainAtAssets(tx, ids))
  }

  /** Compares until nothing asks to be looked at. */
  async compare(): Promise<void> {
    for (let round = 0; round < 20; round += 1) {
      const { rows } = await reconcileStep(this.ports).due(this.clock.now()).execute(this.db)
      if (rows.length === 0) return
      for (const { location_id: id } of rows) await this.reconcile(id)
    }
    throw new Error('Comparing does not come to rest')
  }

  /** Compares, and Apple does everything, until nothing is on its way. */
  async rest(): Promise<void> {
    for (let round = 0; round < 40; round += 1) {
      await this.compare()
      const { rows } = await sql<{ location_id: number }>`SELECT DISTINCT location_id FROM licenses
        WHERE state <> 'held'`.execute(this.db)
      if (rows.length === 0) return
      for (const { location_id: id } of rows) for (const sent of await this.send(id)) await this.done(sent)
    }
    throw new Error('It does not come to rest')
  }

  /** Who holds the asset: serial numbers and user names, in order. */
  async holders(asset: string): Promise<readonly string[]> {
    const { rows } = await sql<{
      name: string
    }>`SELECT coalesce(u.user_name, l.holder) AS name FROM licenses l
      LEFT JOIN users u ON l.holder_kind = 'user' AND u.client_user_id::text = l.holder
      WHERE l.asset_id = ${this.asset(asset)} AND l.state <> 'releasing' ORDER BY 1`.execute(this.db)
    return rows.map(({ name }) => name)
  }

  /** Who waits, in the order of the queue. */
  async queue(asset: string): Promise<readonly string[]> {
    const { rows } = await sql<{
      name: string
    }>`SELECT coalesce(d.serial_number, u.user_name) AS name FROM targets t
      LEFT JOIN devices d ON d.id = t.device_id LEFT JOIN users u ON u.id = t.user_id
      WHERE t.asset_id = ${this.asset(asset)} AND t.waits
      ORDER BY t.priority DESC, t.entered_at, t.device_id, t.user_id`.execute(this.db)
    return rows.map(({ name }) => name)
  }

  /** All licenses and targets by name. */
  async rows(): Promise<WorldRows> {
    const licenses = await sql<{ line: string }>`
      SELECT concat_ws(' ', a.adam_id, l.location_id - ${this.locations[0]}, l.holder_kind, coalesce(u.user_name, l.holder),
        l.state, CASE WHEN l.ours THEN 'ours' ELSE 'outside' END, l.keep_why) AS line
      FROM licenses l JOIN assets a ON a.id = l.asset_id
      LEFT JOIN users u ON l.holder_kind = 'user' AND u.client_user_id::text = l.holder ORDER BY 1`.execute(
      this.db,
    )
    const targets = await sql<{ line: string }>`
      SELECT concat_ws(' ', a.adam_id, t.location_id - ${this.locations[0]}, coalesce(d.serial_number, u.user_name), t.intent,
        t.offered, t.license_type, g.name, t.priority, CASE WHEN t.wants THEN 'wants' END,
        CASE WHEN t.waits THEN 'waits' END) AS line
      FROM targets t JOIN assets a ON a.id = t.asset_id LEFT JOIN devices d ON d.id = t.device_id
      LEFT JOIN users u ON u.id = t.user_id LEFT JOIN assignments s ON s.id = t.assignment_id
      LEFT JOIN groups g ON g.id = s.group_id ORDER BY 1`.execute(this.db)
    return { licenses: licenses.rows.map(({ line }) => line), targets: targets.rows.map(({ line }) => line) }
  }
}
