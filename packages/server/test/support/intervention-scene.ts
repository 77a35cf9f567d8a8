/** Interventions on a real PostgreSQL without Apple: a location whose steps are run by hand, at moments that one says. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { reconcileStep } from '../../src/assignments/reconcile.ts'
import { idleLookStep } from '../../src/idle/look.ts'
import { applyIntervention } from '../../src/interventions/apply.ts'
import { interveneStep } from '../../src/interventions/carry-out.ts'
import { type Again, giveAgain } from '../../src/interventions/give-again.ts'
import { presentIntervention, presentItem } from '../../src/interventions/present.ts'
import { previewIntervention, type Wish } from '../../src/interventions/preview.ts'
import { pageOfItems } from '../../src/interventions/read-items.ts'
import { findIntervention } from '../../src/interventions/store.ts'
import { previewUndo } from '../../src/interventions/undo.ts'
import { type Block, inBlock } from '../../src/licenses/books.ts'
import { insertOperation, markSent, type OperationRow } from '../../src/licenses/operations.ts'
import { settleDone, settlePartly } from '../../src/licenses/settle.ts'
import type { Db } from '../../src/platform/db/database.ts'
import { inTransaction } from '../../src/platform/db/transaction.ts'
import { renewLeases } from '../../src/platform/leases.ts'
import type { LocationStep } from '../../src/platform/location-work.ts'

export const ada = { kind: 'administrator', id: randomUUID(), name: 'Ada', email: 'ada@example.org' } as const

const nowhere = {
  everything: false,
  tokenId: null,
  assetId: null,
  serialNumber: null,
  clientUserId: null,
  userId: null,
  idle: null,
}

/** A location and its steps. `minutes` is the time since the beginning; it is set, not waited for. */
export class InterventionScene {
  readonly #db: Db
  readonly #owner = randomUUID()
  minutes = 0

  constructor(db: Db) {
    this.#db = db
  }

  readonly clock = {
    now: () => new Date(Date.UTC(2026, 2, 2, 8) + this.minutes * 60_000),
    sleep: async () => {},
  }

  get ports() {
    return { db: this.#db, clock: this.clock, newId: randomUUID }
  }

  /** Previews what is asked; only what differs from taking ours back and leaving what is required is given. */
  async preview({
    scope,
    ...options
  }: Partial<Omit<Wish, 'scope'>> & { readonly scope: Partial<Wish['scope']> }) {
    const wish = {
      kind: 'take_back',
      include_outside: false,
      required: 'leave',
      unassigned: 'leave',
    } as const
    return this.shown(
      await previewIntervention(this.ports, { ...wish, ...options, scope: { ...nowhere, ...scope } }, ada),
    )
  }

  apply(id: string) {
    return applyIntervention(this.ports, id, ada)
  }

  /** Previews undoing a record. */
  async undo(id: string) {
    return this.shown(await previewUndo(this.ports, id, ada))
  }

  /** Looks for idle licenses, when that is due. */
  look(locationId: number, atOnce = 20_000): Promise<void> {
    return this.run(idleLookStep({ ...this.ports, atOnce }), locationId)
  }

  giveAgain(again: Partial<Again>) {
    const none = { interventionId: null, tokenId: null, assetId: null, serialNumber: null }
    return giveAgain(this.ports, { ...none, ...again }, ada)
  }

  async shown(id: string) {
    const row = await findIntervention(this.#db, id)
    if (row === undefined) throw new Error(`No intervention ${id}`)
    return presentIntervention(row)
  }

  /** What it came to, as `taken` or `skipped held_outside` with the count. */
  async counts(id: string): Promise<Record<string, number>> {
    const { counts } = await this.shown(id)
    return Object.fromEntries(
      counts.map(({ outcome, reason, count }) => [[outcome, reason].filter(Boolean).join(' '), count]),
    )
  }

  /** Holder, outcome and reason of each license that it is about. */
  async items(id: string): Promise<readonly string[]> {
    const row = await findIntervention(this.#db, id)
    if (row === undefined) throw new Error(`No intervention ${id}`)
    const rows = await pageOfItems(this.#db, row, { search: '', outcome: null, after: null, limit: 500 })
    return rows.map(presentItem).map((item) => [item.id, item.outcome, item.reason].filter(Boolean).join(' '))
  }

  async run(step: LocationStep, locationId: number): Promise<void> {
    const lease = (await renewLeases(this.#db, this.#owner)).find((each) => each.locationId === locationId)
    if (lease === undefined) throw new Error('No lease')
    await step.run({ lease, signal: new AbortController().signal })
  }

  reconcile(locationId: number): Promise<void> {
    return this.run(reconcileStep(this.ports), locationId)
  }

  intervene(locationId: number, atOnce = 20_000): Promise<void> {
    return this.run(interveneStep({ ...this.ports, atOnce }), locationId)
  }

  /** Everything that is reserved is sent to Apple as one operation for each kind. */
  async send(locationId: number): Promise<readonly OperationRow[]> {
    const operations: OperationRow[] = []
    const { rows } = await sql<{
      state: string
      kind: 'device' | 'user'
      assets: number[]
      holders: string[]
    }>`
      SELECT state, holder_kind AS kind, array_agg(DISTINCT asset_id) AS assets, array_agg(DISTINCT holder) AS holders
      FROM licenses WHERE location_id = ${locationId} AND state <> 'held' AND operation_id IS NULL
      GROUP BY state, holder_kind ORDER BY state, holder_kind`.execute(this.#db)
    for (const { state, kind, assets, holders } of rows) {
      const block = { locationId, assetIds: assets, holderKind: kind, holders }
      operations.push(await this.#sent(state === 'granting' ? 'associate' : 'disassociate', block))
    }
    return operations
  }

  async #sent(kind: OperationRow['kind'], block: Block): Promise<OperationRow> {
    const id = randomUUID()
    const at = this.clock.now()
    await inTransaction(this.#db, async (tx) => {
      await insertOperation(tx, { ...block, id, kind, at })
      await sql`UPDATE operations SET state = 'sending' WHERE id = ${id}`.execute(tx)
      await markSent(tx, id, { eventId: id, at, firstLookAt: at })
      await sql`UPDATE licenses l SET operation_id = ${id} WHERE ${inBlock(block)} AND l.operation_id IS NULL
        AND l.state = ${kind === 'associate' ? 'granting' : 'releasing'}::license_state`.execute(tx)
    })
    const { rows } = await sql<OperationRow>`SELECT * FROM operations WHERE id = ${id}`.execute(this.#db)
    const [operation] = rows
    if (operation === undefined) throw new Error('No operation')
    return operation
  }

  /** Sends everything, and Apple does all of it. */
  async settle(locationId: number): Promise<void> {
    for (const operation of await this.send(locationId)) await this.done(operation)
    await this.reconcile(locationId)
  }

  done(operation: OperationRow): Promise<void> {
    return inTransaction(this.#db, (tx) => settleDone(tx, operation, this.clock.now()))
  }

  /** Apple refuses these holders, and does the rest. */
  refuse(operation: OperationRow, holders: readonly string[], errorNumber: number): Promise<void> {
    const failed = [{ errorNumber, message: 'not now', assetIds: operation.asset_ids, holders }]
    return inTransaction(this.#db, (tx) => settlePartly(tx, operation, { failed, at: this.clock.now() }))
  }
}
