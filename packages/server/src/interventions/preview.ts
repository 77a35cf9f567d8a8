/** Works out what an intervention would do, before anything is done (A4's spirit for L6 and S5). */
import { createHash } from 'node:crypto'
import {
  type Intervention,
  type InterventionNumbers,
  interventionNumbers,
  type VerdictRow,
  verdicts,
} from '@apportion/core/licenses/intervention'
import { sql } from 'kysely'
import { unseenBeforeNow } from '../idle/settings.ts'
import type { Actor } from '../platform/auth/actor.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { Refusal } from '../platform/errors.ts'
import type { NewId } from '../platform/ids.ts'
import { type AskedScope, namedScope } from './named-scope.ts'
import { type AskedFor, decided, outcomeOf } from './scope.ts'
import { askedBy, type InterventionRow, insertPreview, type Preview, scopeOf } from './store.ts'

export interface InterventionPorts {
  readonly db: Db
  readonly clock: Clock
  readonly newId: NewId
}

/** What an administrator asks for. */
export interface Wish extends Pick<InterventionRow, 'include_outside' | 'required' | 'unassigned'> {
  readonly kind: Intervention['kind']
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
    if (asked.idle !== null && options.kind === 'adopt') {
      throw new Refusal('request.invalid', 'body.scope.idle goes with taking back and freeing only.')
    }
    return storePreview(ports, tx, {
      ...options,
      undoes: null,
      idle_reasons: asked.idle,
      unseen_before: asked.idle === null ? null : await unseenBeforeNow(tx, ports.clock.now()),
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
  queued: 0,
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
  const lines = groups.map(({ asset_id, outcome, reason, n, mark }) =>
    [asset_id, outcome, reason, n, mark].join(' '),
  )
  return {
    preview: {
      ...numbersOf(groups, asked),
      apps: new Set(groups.map((each) => each.asset_id)).size,
      locations: new Set(groups.map((each) => each.location_id)).size,
      requests: leastRequests(groups),
      toQueue: toQueue(groups),
    },
    fingerprint: createHash('sha256').update(lines.join('\n')).digest('hex'),
    assetIds: [...new Set(groups.map((group) => group.asset_id))],
  }
}

const keyOf = (each: { readonly outcome: string; readonly reason: string | null }) =>
  `${each.outcome} ${each.reason}`

/** The rule tells which outcomes are what; those of undoing tell it themselves. */
function numbersOf(
  groups: readonly Group[],
  asked: AskedFor,
): Omit<InterventionNumbers, 'skipped'> & Pick<Preview, 'skipped' | 'queued'> {
  if (asked.kind === 'undo') return undoNumbers(groups)
  const byOutcome = new Map<string, VerdictRow['verdict']>(
    verdicts(asked).map(({ verdict }) => [keyOf(outcomeOf(verdict)), verdict]),
  )
  const counted = groups.flatMap((group) => {
    const verdict = byOutcome.get(keyOf(group))
    return verdict === undefined ? [] : [{ verdict, count: group.n }]
  })
  return { ...interventionNumbers(counted), queued: 0 }
}

function undoNumbers(groups: readonly Group[]) {
  const of = (outcomes: readonly string[]) => groups.filter(({ outcome }) => outcomes.includes(outcome))
  const skipped = Map.groupBy(of(['skipped']), ({ reason }) => reason ?? '')
  return {
    licenses: sumOf(of(['giving', 'kept'])),
    withheld: 0,
    waitingWithheld: 0,
    comeBack: 0,
    skipped: [...skipped].map(([reason, ofReason]) => ({ reason, count: sumOf(ofReason) })),
    queued: sumOf(of(['queued'])),
  }
}

/** Apple's usual limits, 25 assets with 1,000 holders; the exact ones are read when it is carried out. */
function leastRequests(groups: readonly Group[]): number {
  const requested = groups.filter(({ outcome }) => outcome === 'asked' || outcome === 'giving')
  const byLocation = Map.groupBy(requested, (each) => each.location_id)
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
function toQueue(groups: readonly Group[]): number {
  const perAsset = Map.groupBy(groups, (each) => each.asset_id)
  return [...perAsset.values()].reduce((sum, ofAsset) => {
    const withheld = sumOf(ofAsset.filter(({ outcome }) => outcome === 'withheld'))
    const waiting = Math.max(0, (ofAsset[0]?.waiting ?? 0) - withheld)
    return sum + Math.min(waiting, sumOf(ofAsset.filter(({ outcome }) => outcome === 'asked')))
  }, 0)
}

const sumOf = (groups: readonly Group[]): number => groups.reduce((sum, each) => sum + each.n, 0)
