/** What the deletion of a content token would do, and how far one is (T6). Reads only. */
import { deadToken, mayCancel } from '@apportion/core/tokens/leaving'
import { sql } from 'kysely'
import type { z } from 'zod'
import type { Db } from '../../platform/db/database.ts'
import { unknownToken } from '../apple.ts'
import { tokenFacts } from '../location-state.ts'
import { findLocation, type LocationRow } from '../store.ts'
import { nextStep } from './leave.ts'
import type { deletion } from './schema.ts'
import { leavingCounts } from './store.ts'

type Deletion = z.output<typeof deletion>

/** Names in a sample, and assets in the list, at most. */
const sampleSize = 20

/** What would happen, or happens, or has happened. @throws Refusal `token.unknown` */
export async function previewLeaving(db: Db, id: number, now: Date): Promise<Deletion> {
  const location = await findLocation(db, id)
  if (location === undefined)
    return { state: 'deleted', preview: null, progress: null, end: await endOf(db, id) }
  return {
    state: location.leaving_since === null ? 'none' : 'running',
    preview: await preview(db, location, now),
    progress: location.leaving_since === null ? null : await progress(db, location, now),
    end: null,
  }
}

async function endOf(db: Db, id: number): Promise<NonNullable<Deletion['end']>> {
  const { rows } = await sql<{
    name: string
    deleted_at: Date
    deleted_by: string
    claim: { outcome?: NonNullable<Deletion['end']>['claim']; detail?: string | null }
  }>`SELECT name, deleted_at, deleted_by, claim FROM former_locations WHERE id = ${id}`.execute(db)
  const [row] = rows
  if (row === undefined) throw unknownToken(id)
  return {
    name: row.name,
    at: row.deleted_at.toISOString(),
    by: row.deleted_by,
    claim: row.claim.outcome ?? 'failed',
    claimDetail: row.claim.detail ?? null,
  }
}

async function preview(db: Db, location: LocationRow, now: Date): Promise<NonNullable<Deletion['preview']>> {
  const { id } = location
  const [totals, assets, holders] = await Promise.all([
    countAll(db, id),
    assetsOf(db, location),
    holdersOf(db, id),
  ])
  return {
    name: location.name,
    cannotRelease: deadToken(tokenFacts(location), now),
    licenses: {
      ours: totals.ours,
      irrevocable: totals.irrevocable,
      outside: totals.outside,
      granting: totals.granting,
    },
    assets: { count: totals.assets, sample: assets },
    assignments: totals.assignments,
    groups: totals.groups,
    waiting: totals.waiting,
    holders: { ...holders, sample: await sampleOf(db, id) },
    appsStopAfterDays: 30,
  }
}

async function countAll(db: Db, id: number) {
  const { rows } = await sql<{
    assets: number
    ours: number
    irrevocable: number
    outside: number
    granting: number
    waiting: number
    assignments: number
    groups: number
  }>`SELECT count(*)::int AS assets,
      coalesce(sum(held - held_outside) FILTER (WHERE revocable), 0)::int AS ours,
      coalesce(sum(held - held_outside) FILTER (WHERE NOT revocable), 0)::int AS irrevocable,
      coalesce(sum(held_outside), 0)::int AS outside, coalesce(sum(reserved), 0)::int AS granting,
      coalesce(sum(waiting), 0)::int AS waiting,
      (SELECT count(*)::int FROM assignments s JOIN assets b ON b.id = s.asset_id WHERE b.location_id = ${id}) AS assignments,
      (SELECT count(DISTINCT s.group_id)::int FROM assignments s JOIN assets b ON b.id = s.asset_id
        WHERE b.location_id = ${id}) AS groups
    FROM assets a WHERE a.location_id = ${id} AND (a.gone_at IS NULL OR a.held > 0)`.execute(db)
  const [totals] = rows
  if (totals === undefined) throw new Error('An aggregate gave no row')
  return totals
}

/** The assets with most licenses of ours. */
async function assetsOf(
  db: Db,
  { id, country }: LocationRow,
): Promise<NonNullable<Deletion['preview']>['assets']['sample']> {
  const { rows } = await sql<{
    assetId: number
    name: string
    ours: number
    outside: number
    revocable: boolean
    assignments: number
  }>`SELECT a.id AS "assetId", coalesce(t.name, a.adam_id) AS name, a.held - a.held_outside AS ours,
      a.held_outside AS outside, a.revocable,
      (SELECT count(*)::int FROM assignments s WHERE s.asset_id = a.id) AS assignments
    FROM assets a LEFT JOIN titles t ON t.country = ${country} AND t.adam_id = a.adam_id
    WHERE a.location_id = ${id} AND (a.held > 0 OR EXISTS (SELECT 1 FROM assignments s WHERE s.asset_id = a.id))
    ORDER BY a.held - a.held_outside DESC, lower(coalesce(t.name, a.adam_id)), a.id LIMIT ${sampleSize}`.execute(
    db,
  )
  return [...rows]
}

const losing = sql`licenses l JOIN assets a ON a.id = l.asset_id AND a.revocable`

/** Who holds a license of ours that can come back. */
async function holdersOf(db: Db, id: number): Promise<{ readonly devices: number; readonly users: number }> {
  const { rows } = await sql<{ devices: number; users: number }>`
    SELECT (count(*) FILTER (WHERE holder_kind = 'device'))::int AS devices,
      (count(*) FILTER (WHERE holder_kind = 'user'))::int AS users
    FROM (SELECT DISTINCT l.holder_kind, l.holder FROM ${losing}
      WHERE l.location_id = ${id} AND l.ours AND l.state <> 'granting') AS holders`.execute(db)
  return rows[0] ?? { devices: 0, users: 0 }
}

async function sampleOf(db: Db, id: number): Promise<NonNullable<Deletion['preview']>['holders']['sample']> {
  const { rows } = await sql<{ kind: 'device' | 'user'; id: string; name: string | null; licenses: number }>`
    SELECT s.holder_kind AS kind, s.holder AS id, coalesce(nullif(d.name, ''), nullif(u.name, '')) AS name, s.n AS licenses
    FROM (SELECT l.holder_kind, l.holder, count(*)::int AS n FROM ${losing}
      WHERE l.location_id = ${id} AND l.ours AND l.state <> 'granting'
      GROUP BY l.holder_kind, l.holder ORDER BY l.holder_kind, l.holder LIMIT ${sampleSize}) AS s
    LEFT JOIN devices d ON s.holder_kind = 'device' AND d.serial_number = s.holder
    LEFT JOIN users u ON s.holder_kind = 'user' AND u.client_user_id::text = s.holder
    ORDER BY s.holder_kind, s.holder`.execute(db)
  return [...rows]
}

async function progress(
  db: Db,
  location: LocationRow,
  now: Date,
): Promise<NonNullable<Deletion['progress']>> {
  const counts = await leavingCounts(db, location.id, now)
  const step = await nextStep(db, location, now)
  const phase = location.leaving_phase ?? 'releasing'
  const licenses = location.leaving_licenses ?? 'leave'
  const total = location.leaving_count ?? 0
  const left = counts.releasable + counts.releasing + counts.refused + counts.refused_soon
  return {
    since: (location.leaving_since ?? now).toISOString(),
    by: location.leaving_by ?? '',
    licenses,
    phase,
    mayCancel: mayCancel(phase),
    total,
    released: licenses === 'leave' || phase !== 'releasing' ? 0 : Math.max(0, total - left),
    releasing: counts.releasing,
    refused: counts.refused + counts.refused_soon,
    askedAgainAt: counts.asked_again_at?.toISOString() ?? null,
    openOperations: counts.open_operations,
    blocked: step.do === 'blocked' ? { why: step.why, text: step.text } : null,
  }
}
