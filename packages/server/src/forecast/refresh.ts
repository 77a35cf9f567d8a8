/**
 * Makes the forecasts of a location anew (L10): each quarter of an hour those whose counts changed, hourly those that
 * depend on a rollout, and all of them once a day. Lists read what was made; nothing is worked out for a list.
 */
import { forecast } from '@apportion/core/forecast/forecast'
import { sql } from 'kysely'
import type { Clock } from '../platform/clock.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { holdLease } from '../platform/leases.ts'
import type { LocationStep, LocationTurn } from '../platform/location-work.ts'
import { factsOf, plannedWithinYear } from './facts.ts'
import { plannedDemand } from './planned-demand.ts'
import { dayOf, pageOfStaleAssets, type UsedAsset } from './read-facts.ts'
import { type MadeForecast, storeForecasts } from './store.ts'

export interface ForecastPorts {
  readonly db: Db
  readonly clock: Clock
}

const refreshMinutes = 15
/** Assets in one transaction; working out so many takes the time of a few requests. */
const assetsAtOnce = 50
/** Locations that are begun at one look, so that thousands do not start at the same moment. */
const locationsAtOnce = 20
/** Days of use older than a year and some are dropped; the ledger keeps the lines. */
const keptDays = 400

/** The step that makes forecasts; a location that was never synced has nothing to tell yet. */
export function forecastStep(ports: ForecastPorts): LocationStep {
  return {
    name: 'forecast',
    alone: false,
    due: (
      now,
    ) => sql`(SELECT id AS location_id FROM locations WHERE forecast_at <= ${now} AND exact_as_of IS NOT NULL
      AND leaving_since IS NULL ORDER BY forecast_at LIMIT ${sql.lit(locationsAtOnce)})`,
    run: (turn) => refreshForecasts(ports, turn),
  }
}

async function refreshForecasts({ db, clock }: ForecastPorts, turn: LocationTurn): Promise<void> {
  const { locationId } = turn.lease
  const now = clock.now()
  await inTransaction(db, async (tx) => {
    await holdLease(tx, turn.lease)
    await sql`DELETE FROM forecasts f USING assets a WHERE f.location_id = ${locationId} AND a.id = f.asset_id
      AND (a.unlimited OR a.gone_at IS NOT NULL)`.execute(tx)
  })
  for (let after = 0; ; ) {
    turn.signal.throwIfAborted()
    const last = await refreshSome({ db, turn, now }, after)
    if (last === null) break
    after = last
  }
  // Set when all is done: whoever takes the location over in between goes on with what is left.
  await sql`UPDATE locations SET forecast_at = ${new Date(now.getTime() + refreshMinutes * 60_000)}
    WHERE id = ${locationId}`.execute(db)
}

interface Refresh {
  readonly db: Db
  readonly turn: LocationTurn
  readonly now: Date
}

/** The next assets by id; gives the last one, or null at the end. Five statements, however many assets there are. */
function refreshSome({ db, turn, now }: Refresh, after: number): Promise<number | null> {
  return inTransaction(db, async (tx) => {
    await holdLease(tx, turn.lease)
    const page = { locationId: turn.lease.locationId, after, limit: assetsAtOnce }
    const assets = await pageOfStaleAssets(tx, page, now)
    if (assets.length === 0) return null
    const waves = await plannedDemand(
      tx,
      assets.map(({ id }) => id),
      now,
    )
    const made = assets.map((asset): MadeForecast => {
      const facts = factsOf(asset, waves.get(asset.id) ?? [], now)
      const { free, waiting } = facts
      return {
        assetId: asset.id,
        forecast: forecast(facts),
        free,
        waiting,
        planned: plannedWithinYear(facts),
      }
    })
    await storeForecasts(tx, made, now)
    await dropOldDays(tx, page.locationId, { assets, now })
    return assets.at(-1)?.id ?? null
  })
}

/** By asset, since the days are kept in the order of assets. */
async function dropOldDays(
  tx: Tx,
  locationId: number,
  { assets, now }: { readonly assets: readonly UsedAsset[]; readonly now: Date },
): Promise<void> {
  await sql`DELETE FROM license_days WHERE location_id = ${locationId}
    AND asset_id = ANY(${assets.map(({ id }) => id)}::int[]) AND day < ${dayOf(now)}::date - ${keptDays}::int`.execute(
    tx,
  )
}
