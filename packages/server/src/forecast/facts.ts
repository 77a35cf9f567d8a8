/** From what the database knows of an asset to the facts of its forecast (L10). */
import { type ForecastFacts, longestHorizon, type PlannedDemand } from '@apportion/core/forecast/forecast'
import type { AssetWave } from './planned-demand.ts'
import { completeDays, dayOf, type UsedAsset } from './read-facts.ts'

const dayMs = 86_400_000

/** The facts of a forecast made at `now`. */
export function factsOf(asset: UsedAsset, waves: readonly AssetWave[], now: Date): ForecastFacts {
  return {
    history: completeDays(asset),
    free: asset.free,
    waiting: asset.waiting,
    planned: waves.map(({ at, licenses }): PlannedDemand => ({ day: daysUntil(at, now), licenses })),
  }
}

/** Licenses that are planned within the longest horizon. */
export function plannedWithinYear({ planned }: ForecastFacts): number {
  return planned.reduce((sum, { day, licenses }) => (day > longestHorizon ? sum : sum + licenses), 0)
}

function daysUntil(at: Date, now: Date): number {
  return Math.round((Date.parse(dayOf(at)) - Date.parse(dayOf(now))) / dayMs)
}

/** The day that is so many days from a moment's, as `2026-11-01`. */
export function dayAfter(now: Date, days: number): string {
  return dayOf(new Date(Date.parse(dayOf(now)) + days * dayMs))
}
