/** How long the licenses of an asset would last after a plan (A4, L10). */
import { forecast } from '@apportion/core/forecast/forecast'
import type { z } from 'zod'
import { factsOf } from '../forecast/facts.ts'
import { plannedDemand } from '../forecast/planned-demand.ts'
import { findUsedAsset } from '../forecast/read-facts.ts'
import type { Db, Tx } from '../platform/db/database.ts'
import type { PlanAsset } from './plan.ts'
import type { planOutcome } from './plan-schema.ts'

/** What a plan leaves: licenses free, and targets that wait. */
export interface LeftByPlan {
  readonly free: number
  readonly waiting: number
  readonly now: Date
}

/** The forecast of one asset after a plan; null for an unlimited one. */
export type ForecastAfter = NonNullable<z.output<typeof planOutcome>['forecast']>

/** Makes the forecast of the asset as usual, but with what the plan leaves, and the waves as they are planned. */
export async function forecastAfter(
  db: Db | Tx,
  asset: Pick<PlanAsset, 'id' | 'unlimited'>,
  { free, waiting, now }: LeftByPlan,
): Promise<ForecastAfter | null> {
  const used = asset.unlimited ? undefined : await findUsedAsset(db, asset.id, now)
  if (used === undefined) return null
  const waves = (await plannedDemand(db, [asset.id], now)).get(asset.id) ?? []
  const made = forecast(factsOf({ ...used, free, waiting }, waves, now))
  const { expected: daysLeft, earliest, latest } = made.daysLeft
  return { state: made.state, daysLeft, earliest, latest, confidence: made.confidence }
}
