/** A forecast in the words of the console (L10). */
import { useTranslation } from 'react-i18next'
import type { AssetForecast, ForecastLine } from '../../../shared/api/shapes.ts'
import { useFormats } from '../../../shared/i18n/formats.ts'
import type { Tone } from '../../../shared/ui/badge.tsx'

/** What words are made of. */
export type Tellable = Pick<
  ForecastLine | NonNullable<AssetForecast['forecast']>,
  'state' | 'daysLeft' | 'confidence' | 'historyDays' | 'changes' | 'free' | 'waiting'
>

/** What runs out within so many days is to be bought soon. */
const soonDays = 30

/** How urgent it is. */
export function toneOf({ state, daysLeft, confidence }: Tellable): Tone {
  if (state === 'short_now') return 'bad'
  if (confidence === 'little_history' && state !== 'runs_out') return 'neutral'
  if (daysLeft.expected !== null && daysLeft.expected <= soonDays) return 'warn'
  return daysLeft.earliest !== null && daysLeft.earliest <= soonDays ? 'info' : 'good'
}

/** Sentences: what happens, between when, and how little is known. */
export function useForecastText() {
  const { t } = useTranslation()
  const { number } = useFormats()
  const days = (count: number) => t('forecast.days', { count, shown: number(count) })

  /** "Runs out in about 51 days" */
  const outcome = (forecast: Tellable): string => {
    const { state, daysLeft, waiting, free } = forecast
    if (state === 'short_now')
      return t('forecast.short_now', { count: waiting, shown: number(waiting), free: number(free) })
    if (state === 'runs_out') return t('forecast.runs_out', { days: days(daysLeft.expected ?? 0) })
    return t(isUnknown(forecast) ? 'forecast.unknown' : `forecast.${state}`)
  }

  /** "About 51 days", for a column that says what it is about. */
  const short = (forecast: Tellable): string => {
    const { state, daysLeft, waiting } = forecast
    if (state === 'short_now')
      return t('forecast.short.short_now', { count: waiting, shown: number(waiting) })
    if (state === 'runs_out') return t('forecast.short.runs_out', { days: days(daysLeft.expected ?? 0) })
    return t(isUnknown(forecast) ? 'forecast.unknown' : `forecast.short.${state}`)
  }

  /** "Most likely in 42 to 67 days"; empty where there is no range worth a word. */
  const range = ({
    state,
    daysLeft: { earliest, latest },
    confidence,
    changes,
    historyDays,
  }: Tellable): string => {
    if (confidence === 'little_history')
      return t('forecast.little', { changes: number(changes), days: days(historyDays) })
    if (state === 'short_now' || earliest === null || earliest === latest) return ''
    if (state !== 'runs_out') return t('forecast.soonest', { days: days(earliest) })
    if (latest === null) return t('forecast.range_open', { days: days(earliest) })
    return t('forecast.range', { from: number(earliest), to: days(latest) })
  }

  return { outcome, short, range, days }
}

/** A few still days are no pace to count on. */
const isUnknown = ({ state, confidence }: Tellable): boolean =>
  state === 'never' && confidence === 'little_history'

/** A day as the API gives it, for formats that take a moment: noon, so that it is that day nearly everywhere. */
export const noonOf = (day: string): string => `${day}T12:00:00.000Z`
