/** Forecasts as the API shows them (L10). */
import { type Forecast, forecast, outlook } from '@apportion/core/forecast/forecast'
import { forecastSentence } from '@apportion/core/forecast/sentence'
import type { z } from 'zod'
import { iconAddress } from '../licenses/present.ts'
import { dayAfter, factsOf } from './facts.ts'
import type { AssetWave } from './planned-demand.ts'
import { historyDays, type UsedAsset } from './read-facts.ts'
import type { ForecastRow, NamedAsset } from './read-forecasts.ts'
import type * as contract from './schema.ts'
import type { ShoppingRow } from './shopping-list.ts'

type AssetForecast = z.output<(typeof contract.getForecast.response)[200]>
type ForecastLine = z.output<(typeof contract.listForecasts.response)[200]>['items'][number]
type ShoppingLine = z.output<(typeof contract.listShoppingList.response)[200]>['items'][number]

/** Days ahead that the chart of one asset shows. */
const outlookDays = 90

/** One asset with its days and what becomes of it. */
export function presentAssetForecast(
  asset: UsedAsset,
  waves: readonly AssetWave[],
  now: Date,
): AssetForecast {
  const isForecast = !asset.unlimited && !asset.gone
  return {
    assetId: asset.id,
    asOf: now.toISOString(),
    owned: asset.unlimited ? null : asset.owned,
    used: asset.held + asset.reserved,
    history: presentHistory(asset, now),
    forecast: isForecast ? presentForecast(asset, waves, now) : null,
  }
}

function presentForecast(
  asset: UsedAsset,
  waves: readonly AssetWave[],
  now: Date,
): AssetForecast['forecast'] {
  const facts = factsOf(asset, waves, now)
  const made = forecast(facts)
  const used = asset.held + asset.reserved
  // The days that count end yesterday.
  const dayOfHistory = (index: number): string => dayAfter(now, index - asset.days)
  return {
    ...outcomeOf(made, { ...facts, now }),
    burst:
      made.burst === null
        ? null
        : {
            from: dayOfHistory(made.burst.first),
            to: dayOfHistory(made.burst.last),
            licenses: made.burst.licenses,
          },
    planned: waves.map(({ at, ...wave }) => ({ at: at.toISOString(), ...wave })),
    needs: made.needs.map((need) => ({ ...need })),
    outlook: outlook(facts, outlookDays).map(({ day, expected, low, high }) => ({
      day: dayAfter(now, day),
      expected: used + expected,
      low: low === null ? null : used + low,
      high: high === null ? null : used + high,
    })),
  }
}

/** Every day of the chart with how many were used at its end, worked out backwards from those that are held now. */
function presentHistory(asset: UsedAsset, now: Date): AssetForecast['history'] {
  const byAge = new Map(asset.used.map(([ago, ...counts]) => [ago, counts]))
  const shown: AssetForecast['history'] = []
  let used = asset.held
  for (let ago = 0; ago <= Math.min(historyDays, asset.days + 1); ago += 1) {
    const [granted = 0, released = 0] = byAge.get(ago) ?? []
    shown.push({ day: dayAfter(now, -ago), granted, released, used: Math.max(0, used) })
    used -= granted - released
  }
  return shown.reverse()
}

interface OutcomeFacts {
  readonly free: number
  readonly waiting: number
  /** The moment of the forecast. */
  readonly now: Date
}

function outcomeOf(
  made: Omit<Forecast, 'burst' | 'needs'>,
  { free, waiting, now }: OutcomeFacts,
): Omit<NonNullable<AssetForecast['forecast']>, 'burst' | 'planned' | 'needs' | 'outlook'> {
  const { state, confidence, changes, usePerDay, daysLeft } = made
  return {
    state,
    text: forecastSentence(made, { free, waiting }),
    confidence,
    historyDays: made.historyDays,
    changes,
    usePerDay: usePerDay === null ? null : Math.round(usePerDay * 100) / 100,
    daysLeft: { ...daysLeft },
    runsOutOn: daysLeft.expected === null ? null : dayAfter(now, daysLeft.expected),
    free,
    waiting,
  }
}

function namesOf(row: NamedAsset) {
  return {
    assetId: row.asset_id,
    name: row.name,
    adamId: row.adam_id,
    iconUrl: iconAddress(row),
    token: { id: row.location_id, name: row.location_name },
  }
}

/** One asset of the list. */
export function presentForecastLine(row: ForecastRow): ForecastLine {
  const made = {
    state: row.state,
    confidence: row.confidence,
    changes: row.changes,
    historyDays: row.history_days,
    usePerDay: row.use_per_day,
    daysLeft: { expected: row.days_left, earliest: row.earliest, latest: row.latest },
  }
  return {
    ...namesOf(row),
    asOf: row.as_of.toISOString(),
    ...outcomeOf(made, { free: row.free, waiting: row.waiting, now: row.as_of }),
    planned: row.planned,
  }
}

/** One line of the shopping list. */
export function presentLine(row: ShoppingRow, cautious: boolean): ShoppingLine {
  const price = row.price === null ? null : Number(row.price)
  const bought = cautious ? (row.cautious ?? row.expected) : row.expected
  return {
    ...namesOf(row),
    pricingParam: row.pricing_param,
    country: row.country,
    waiting: row.waiting,
    free: row.free,
    needed: row.expected,
    neededCautious: row.cautious,
    confidence: row.confidence,
    price,
    priceText: row.price_text,
    cost: price === null ? null : Math.round(price * bought * 100) / 100,
    asOf: row.as_of.toISOString(),
  }
}
