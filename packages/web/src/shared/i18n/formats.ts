/** Numbers, dates and names of countries in the language of the console. */
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

export interface Formats {
  readonly number: (value: number) => string
  readonly percent: (share: number) => string
  readonly date: (moment: string) => string
  readonly dateTime: (moment: string) => string
  /** With seconds: for "exact as of". Names the day when it is not today. */
  readonly exactTime: (moment: string) => string
  /** "3 minutes ago", "in 12 days". */
  readonly relative: (moment: string) => string
  readonly country: (code: string) => string
  readonly list: (values: readonly string[]) => string
}

/** The formats of one language; `now` is the clock that "ago" is measured against. */
export function createFormats(language: string, now: () => number = Date.now): Formats {
  const numbers = new Intl.NumberFormat(language)
  const percents = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 })
  const dates = new Intl.DateTimeFormat(language, { dateStyle: 'medium' })
  const dateTimes = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
  const times = new Intl.DateTimeFormat(language, { timeStyle: 'medium', hourCycle: 'h23' })
  const relatives = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })
  const countries = new Intl.DisplayNames(language, { type: 'region' })
  const lists = new Intl.ListFormat(language, { type: 'conjunction' })
  return {
    number: (value) => numbers.format(value),
    percent: (share) => percents.format(share),
    date: (moment) => dates.format(new Date(moment)),
    dateTime: (moment) => dateTimes.format(new Date(moment)),
    exactTime: (moment) => {
      const at = new Date(moment)
      const sameDay = at.toDateString() === new Date(now()).toDateString()
      return sameDay ? times.format(at) : `${dates.format(at)} ${times.format(at)}`
    },
    relative: (moment) => {
      const { value, unit } = relativeStep(new Date(moment).getTime() - now())
      return relatives.format(value, unit)
    },
    country: (code) => countries.of(code) ?? code,
    list: (values) => lists.format(values),
  }
}

const minute = 60_000
const steps = [
  { unit: 'day', size: 24 * 60 * minute },
  { unit: 'hour', size: 60 * minute },
  { unit: 'minute', size: minute },
] as const

/** The largest unit that fits at least once; under a minute it is seconds. */
function relativeStep(milliseconds: number): {
  readonly value: number
  readonly unit: 'day' | 'hour' | 'minute' | 'second'
} {
  const step = steps.find(({ size }) => Math.abs(milliseconds) >= size)
  if (step !== undefined) return { value: Math.round(milliseconds / step.size), unit: step.unit }
  return { value: Math.round(milliseconds / 1000), unit: 'second' }
}

/** The formats of the language that is chosen now. */
export function useFormats(): Formats {
  const { i18n } = useTranslation()
  const language = i18n.language
  return useMemo(() => createFormats(language), [language])
}
