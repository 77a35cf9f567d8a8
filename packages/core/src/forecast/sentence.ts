/** A forecast in one or two English sentences (L10). */
import type { Forecast } from './forecast.ts'

/** What counts now, beside the forecast. */
export interface Stock {
  readonly free: number
  readonly waiting: number
}

/** What a sentence is made of. */
export type TellableForecast = Pick<Forecast, 'state' | 'daysLeft' | 'confidence' | 'historyDays' | 'changes'>

/** What an administrator needs to know. */
export function forecastSentence(forecast: TellableForecast, stock: Stock): string {
  const doubt =
    forecast.confidence === 'little_history'
      ? ` Little history: ${counted(forecast.changes, 'change')} in ${counted(forecast.historyDays, 'day')}, so no range is given.`
      : ''
  return `${outcome(forecast, stock)}${doubt}`
}

function outcome(forecast: TellableForecast, { free, waiting }: Stock): string {
  const { state, daysLeft } = forecast
  switch (state) {
    case 'short_now':
      return `Short now: ${waiting} ${waiting === 1 ? 'waits' : 'wait'} and ${free} ${free === 1 ? 'is' : 'are'} free.`
    case 'never':
      // A few still days are no pace to count on.
      if (forecast.confidence === 'little_history') return 'Not known yet.'
      return `Never runs out at this pace.${soonest(forecast)}`
    case 'lasts':
      return `Lasts more than a year at this pace.${soonest(forecast)}`
    case 'runs_out':
      return `Runs out in about ${counted(daysLeft.expected ?? 0, 'day')}${range(forecast)}.`
  }
}

function range({ daysLeft: { earliest, latest }, confidence }: TellableForecast): string {
  if (confidence === 'little_history' || earliest === null) return ''
  if (latest === null) return `, or any time after ${counted(earliest, 'day')}`
  return earliest === latest ? '' : `, most likely between ${earliest} and ${counted(latest, 'day')}`
}

/** Even where it is not expected, it may happen. */
function soonest({ daysLeft: { earliest } }: TellableForecast): string {
  return earliest === null ? '' : ` In one of ten cases it runs out within ${counted(earliest, 'day')}.`
}

const counted = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`
