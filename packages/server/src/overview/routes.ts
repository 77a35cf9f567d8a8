/** The HTTP edge of the overview (M2): everything in a fixed number of queries. */
import type { Health, HealthCode, HealthReason } from '@apportion/core/tokens/health'
import { sql } from 'kysely'
import type { z } from 'zod'
import { countRunningOut } from '../forecast/read-forecasts.ts'
import { iconAddress } from '../licenses/present.ts'
import { type AssetRow, allAssets, pageOfAssets } from '../licenses/read-assets.ts'
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db/database.ts'
import { type HttpApp, route } from '../platform/http/routes.ts'
import { healthOf } from '../tokens/health-store.ts'
import { deletionsBlocked } from '../tokens/leaving/blocked.ts'
import { type LocationRow, pageOfLocations } from '../tokens/store.ts'
import { noticedTitles } from './noticed-titles.ts'
import { pushAttention } from './push-attention.ts'
import { getOverview, type overview } from './schema.ts'

type Overview = z.output<typeof overview>
type Attention = Overview['attention'][number]

/** What runs out within so many days is to be bought soon. */
const soonDays = 30

/** Declares the route of the overview. */
export function overviewRoutes(
  app: HttpApp,
  { db, clock, hasAddress }: { readonly db: Db; readonly clock: Clock; readonly hasAddress: boolean },
): void {
  route(app, getOverview, async () => {
    const now = clock.now()
    const dayAgo = new Date(now.getTime() - 86_400_000)
    const locations = await pageOfLocations(db, { limit: 5000, after: null, search: '' })
    const deletionBlocked = await deletionsBlocked(db, locations, now)
    const health = await healthOf({ db, hasAddress }, locations, { now, deletionBlocked })
    const counts = await countAll(db, dayAgo)
    const short = await pageOfAssets(db, { ...allAssets, show: 'waiting', sort: 'waiting', limit: 10 })
    const busiest = await pageOfAssets(db, { ...allAssets, sort: 'used', limit: 6 })
    const noticed = await noticedTitles(db, now)
    const push = await pushAttention(db, now)
    const tokenAttention = locations.flatMap((location) => attentionOf(location, health.get(location.id)))
    return {
      tokens: {
        total: locations.length,
        needAttention: new Set(tokenAttention.map((each) => each.tokenId)).size,
      },
      titles: counts.titles,
      licenses: {
        total: counts.total,
        used: counts.used,
        usedUnlimited: counts.used_unlimited,
        available: counts.available,
        waiting: counts.waiting,
        heldOutside: counts.held_outside,
        granting: counts.granting,
        releasing: counts.releasing,
      },
      devices: counts.devices,
      users: counts.users,
      groups: counts.groups,
      assignments: counts.assignments,
      operations: { open: counts.open, failedLastDay: counts.failed },
      runningOut: { within: soonDays, assets: await countRunningOut(db, soonDays) },
      exactAsOf: oldest(locations),
      attention: [...tokenAttention, ...short.map(shortage), ...failures(counts.failed), ...noticed, ...push]
        .sort(byUrgency)
        .slice(0, 20),
      busiest: busiest.filter((row) => row.held + row.reserved > 0).map(presentBusy),
    }
  })
}

interface Counts {
  readonly titles: number
  readonly total: number
  readonly used: number
  readonly used_unlimited: number
  readonly available: number
  readonly waiting: number
  readonly held_outside: number
  readonly granting: number
  readonly releasing: number
  readonly devices: number
  readonly users: number
  readonly groups: number
  readonly assignments: number
  readonly open: number
  readonly failed: number
}

async function countAll(db: Db, since: Date): Promise<Counts> {
  const { rows } = await sql<Counts>`
    SELECT count(DISTINCT a.adam_id)::int AS titles,
      coalesce(sum(a.total) FILTER (WHERE NOT a.unlimited), 0)::int AS total,
      coalesce(sum(a.held + a.reserved) FILTER (WHERE NOT a.unlimited), 0)::int AS used,
      coalesce(sum(a.held + a.reserved) FILTER (WHERE a.unlimited), 0)::int AS used_unlimited,
      coalesce(sum(greatest(0, a.total - a.retired - a.held - a.reserved)) FILTER (WHERE NOT a.unlimited), 0)::int AS available,
      coalesce(sum(a.waiting), 0)::int AS waiting,
      coalesce(sum(a.held_outside), 0)::int AS held_outside,
      coalesce(sum(a.reserved), 0)::int AS granting,
      (SELECT coalesce(sum(tasks), 0)::int FROM operations WHERE kind = 'disassociate' AND finished_at IS NULL)
        + (SELECT count(*)::int FROM licenses WHERE operation_id IS NULL AND state = 'releasing') AS releasing,
      (SELECT count(*)::int FROM devices) AS devices,
      (SELECT count(*)::int FROM users) AS users,
      (SELECT count(*)::int FROM groups) AS groups,
      (SELECT count(*)::int FROM assignments) AS assignments,
      (SELECT count(*)::int FROM operations WHERE finished_at IS NULL) AS open,
      (SELECT count(*)::int FROM operations WHERE state IN ('failed', 'partly') AND finished_at > ${since}) AS failed
    FROM assets a WHERE a.gone_at IS NULL`.execute(db)
  const [counts] = rows
  if (counts === undefined) throw new Error('An aggregate gave no row')
  return counts
}

/** The oldest moment at which all locations were exact; null while one has never been. */
function oldest(locations: readonly LocationRow[]): string | null {
  const moments = locations.map((location) => location.exact_as_of)
  if (moments.length === 0 || moments.includes(null)) return null
  const known = moments.filter((moment) => moment !== null)
  return new Date(Math.min(...known.map((moment) => moment.getTime()))).toISOString()
}

const nothing = { tokenId: null, assetId: null, count: null, name: null, at: null }

/** What costs time and no license. */
const notices: readonly HealthCode[] = ['notifications_off', 'slowed_down']

/** The reasons of a location's health (T8); of a token that is no good only that, since the rest follows from it. */
function attentionOf(location: LocationRow, health: Health | undefined): readonly Attention[] {
  const reasons = health?.reasons ?? []
  const dead = reasons.filter(({ code, severity }) => code.startsWith('token_') && severity === 'unhealthy')
  // Failed requests of all locations together are one line of their own.
  return (dead.length > 0 ? dead : reasons)
    .filter(({ code }) => code !== 'operations_failing')
    .map((reason) => attentionTo(location, reason))
}

function attentionTo(location: LocationRow, { code, severity, text, count, at }: HealthReason): Attention {
  return {
    ...nothing,
    severity: notices.includes(code) ? 'notice' : severity === 'unhealthy' ? 'critical' : 'warning',
    code: attentionCode(code),
    text: `${location.name}: ${text}`,
    tokenId: location.id,
    name: location.name,
    count,
    at: at?.toISOString() ?? null,
  }
}

/** A code of a location's health as the overview shows it. */
function attentionCode(code: HealthCode): Attention['code'] {
  return code === 'sync_failing' ? 'sync_failed' : code === 'operations_failing' ? 'operations_failed' : code
}

function shortage(row: AssetRow): Attention {
  const name = row.name ?? row.adam_id
  const text = `${name}: ${row.waiting} ${row.waiting === 1 ? 'device waits' : 'devices wait'} for a license.`
  return {
    ...nothing,
    severity: 'warning',
    code: 'shortage',
    text,
    assetId: row.id,
    count: row.waiting,
    name,
  }
}

function failures(count: number): readonly Attention[] {
  if (count === 0) return []
  const text = `${count} ${count === 1 ? 'request' : 'requests'} to Apple failed in the last 24 hours.`
  return [{ ...nothing, severity: 'notice', code: 'operations_failed', text, count }]
}

const urgency = ['critical', 'warning', 'notice']
const byUrgency = (a: Attention, b: Attention): number =>
  urgency.indexOf(a.severity) - urgency.indexOf(b.severity)

function presentBusy(row: AssetRow): Overview['busiest'][number] {
  return {
    assetId: row.id,
    name: row.name ?? row.adam_id,
    iconUrl: iconAddress(row),
    total: row.unlimited ? null : row.total,
    used: row.held + row.reserved,
    waiting: row.waiting,
  }
}
