/** Works out what an intervention would do, before anything is done (A4's spirit for L6 and S5). */
import { createHash } from 'node:crypto'
import { interventionNumbers, type VerdictRow, verdicts } from '@apportion/core/licenses/intervention'
import { sql } from 'kysely'
import type { Actor } from '../platform/auth/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import type { NewId } from '../platform/ids.ts'
import { type AskedScope, namedScope } from './named-scope.ts'
import { decided, outcomeOf } from './scope.ts'
import { askedBy, type InterventionRow, insertPreview, type Preview, scopeOf } from './store.ts'

export interface InterventionPorts {
  readonly db: Db
  readonly clock: Clock
  readonly newId: NewId
}

/** What an administrator asks for. */
export interface Wish extends Pick<InterventionRow, 'kind' | 'include_outside' | 'required' | 'unassigned'> {
  readonly scope: AskedScope
}

/** How long a preview can be applied. */
const previewMinutes = 30

/**
 * Works an intervention out and stores the preview. Changes nothing else.
 *
 * @throws Refusal `request.invalid` for a scope that is none, `asset.unknown`, `token.unknown`, `user.unknown`
 */
export function previewIntervention(
  ports: InterventionPorts,
  { scope: asked, ...options }: Wish,
  actor: Actor,
): Promise<string> {
  return inTransaction(ports.db, async (tx) => {
    const { scope, names } = await namedScope(tx, asked)
    return storePreview(ports, tx, {
      ...options,
      location_id: scope.locationId,
      asset_id: scope.assetId,
      holder_kind: scope.holder?.kind ?? null,
      holder: scope.holder?.id ?? null,
      user_id: scope.userId,
      scope: names,
      created_by: actor.name,
    })
  })
}

/** What is asked, and by whom. */
export type Asked = Omit<
  InterventionRow,
  | 'id'
  | 'state'
  | 'preview'
  | 'fingerprint'
  | 'created_at'
  | 'expires_at'
  | 'applied_at'
  | 'applied_by'
  | 'finished_at'
>

/** Stores what `asked` would do now, and gives the id. */
export async function storePreview(ports: InterventionPorts, tx: Tx, asked: Asked): Promise<string> {
  const id = ports.newId()
  const createdAt = ports.clock.now()
  const expiresAt = new Date(createdAt.getTime() + previewMinutes * 60_000)
  const row = {
    ...asked,
    id,
    created_at: createdAt,
    expires_at: expiresAt,
    state: 'preview',
    applied_at: null,
    applied_by: null,
    finished_at: null,
  } as const
  const { preview, fingerprint } = await workOut(tx, { ...row, preview: nothing, fingerprint: '' })
  await insertPreview(tx, { ...row, preview, fingerprint })
  return id
}

const nothing: Preview = {
  licenses: 0,
  withheld: 0,
  waitingWithheld: 0,
  comeBack: 0,
  skipped: [],
  apps: 0,
  locations: 0,
  requests: 0,
  toQueue: 0,
}

/** What an intervention comes to in the world as it is. */
export interface WorkedOut {
  readonly preview: Preview
  /** Changes when any license of the scope would be treated otherwise. */
  readonly fingerprint: string
  /** The assets of which some license is in the scope. */
  readonly assetIds: readonly number[]
}

interface Group {
  readonly location_id: number
  readonly asset_id: number
  readonly outcome: string
  readonly reason: string | null
  readonly n: number
  readonly waiting: number
  readonly mark: string
}

/** Counts what an intervention would do. Reads only. */
export async function workOut(tx: Tx, row: InterventionRow): Promise<WorkedOut> {
  const asked = askedBy(row)
  const { rows: groups } = await sql<Group>`
    SELECT g.*, a.waiting FROM (
      SELECT d.location_id, d.asset_id, d.outcome, d.reason, count(*)::int AS n,
        bit_xor(hashtextextended(d.holder_kind::text || ' ' || d.holder, 0))::text AS mark
      FROM (${decided(scopeOf(row), asked)}) AS d GROUP BY d.location_id, d.asset_id, d.outcome, d.reason) AS g
    JOIN assets a ON a.id = g.asset_id ORDER BY g.asset_id, g.outcome, g.reason`.execute(tx)
  const byOutcome = new Map(verdicts(asked).map(({ verdict }) => [keyOf(outcomeOf(verdict)), verdict]))
  const counted = groups.flatMap((group) => {
    const verdict = byOutcome.get(keyOf(group))
    return verdict === undefined ? [] : [{ ...group, verdict, count: group.n }]
  })
  const lines = groups.map(({ asset_id, outcome, reason, n, mark }) =>
    [asset_id, outcome, reason, n, mark].join(' '),
  )
  return {
    preview: {
      ...interventionNumbers(counted),
      apps: new Set(counted.map((each) => each.asset_id)).size,
      locations: new Set(counted.map((each) => each.location_id)).size,
      requests: leastRequests(counted),
      toQueue: toQueue(counted),
    },
    fingerprint: createHash('sha256').update(lines.join('\n')).digest('hex'),
    assetIds: [...new Set(groups.map((group) => group.asset_id))],
  }
}

const keyOf = (each: { readonly outcome: string; readonly reason: string | null }) =>
  `${each.outcome} ${each.reason}`

type Counted = Group & { readonly verdict: VerdictRow['verdict']; readonly count: number }

const isAsked = ({ outcome }: Counted): boolean => outcome === 'asked'

/** Apple's usual limits, 25 assets with 1,000 holders; the exact ones are read when it is carried out. */
function leastRequests(counted: readonly Counted[]): number {
  const byLocation = Map.groupBy(counted.filter(isAsked), (each) => each.location_id)
  const least = [...byLocation.values()].map((ofLocation) => {
    const perAsset = Map.groupBy(ofLocation, (each) => each.asset_id)
    const largest = Math.max(...[...perAsset.values()].map(sumOf))
    return Math.max(
      Math.ceil(sumOf(ofLocation) / 25_000),
      Math.ceil(largest / 1000),
      Math.ceil(perAsset.size / 25),
    )
  })
  return least.reduce((sum, each) => sum + each, 0)
}

/** What comes free goes to those who wait outside the scope, or are not withheld. */
function toQueue(counted: readonly Counted[]): number {
  const perAsset = Map.groupBy(counted, (each) => each.asset_id)
  return [...perAsset.values()].reduce((sum, ofAsset) => {
    const withheld = sumOf(ofAsset.filter(({ outcome }) => outcome === 'withheld'))
    const waiting = Math.max(0, (ofAsset[0]?.waiting ?? 0) - withheld)
    return sum + Math.min(waiting, sumOf(ofAsset.filter(isAsked)))
  }, 0)
}

const sumOf = (counted: readonly Counted[]): number => counted.reduce((sum, each) => sum + each.count, 0)
