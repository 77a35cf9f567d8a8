/** What Apple publishes and says of a location, as the API shows it (S4, T7). */
import { MAX_LANES } from '@apportion/apps-books/lanes'
import type { z } from 'zod'
import type { ReadServiceConfig } from './apple.ts'
import type { CountryPreview } from './country.ts'
import type { getServiceConfig, previewCountry } from './schema.ts'
import type { LocationRow } from './store.ts'

/** Older than this, Apple could not be asked again. */
const freshMs = 5 * 60_000

/** Limits, addresses and error numbers, each list in a stable order. */
export function presentServiceConfig(
  { config, readAt }: ReadServiceConfig,
  now: Date,
): z.output<(typeof getServiceConfig.response)[200]> {
  const { limits = {}, urls = {}, notificationTypes = [], errorCodes = [] } = config
  return {
    readAt: readAt.toISOString(),
    isStale: now.getTime() - readAt.getTime() > freshMs,
    limits: Object.entries(limits)
      .filter(([, value]) => typeof value === 'number')
      .map(([name, value]) => ({ name, value }))
      .toSorted((a, b) => a.name.localeCompare(b.name)),
    urls: Object.entries(urls)
      .filter(([, url]) => typeof url === 'string')
      .map(([name, url]) => ({ name, url }))
      .toSorted((a, b) => a.name.localeCompare(b.name)),
    notificationTypes: notificationTypes.filter((type) => typeof type === 'string'),
    errors: errorCodes
      .filter(({ errorNumber }) => Number.isInteger(errorNumber))
      .map(({ errorNumber, errorMessage }) => ({ number: errorNumber, message: String(errorMessage) }))
      .toSorted((a, b) => a.number - b.number),
    lanes: MAX_LANES,
  }
}

/** What a change of country would do, in numbers and in sentences. */
export function presentCountryChange(
  { country: from, apple_country: appleCountry }: LocationRow,
  to: string,
  preview: CountryPreview,
): z.output<(typeof previewCountry.response)[200]> {
  const { titles, known, missing, unread, renamed } = preview
  const warnings =
    from === to
      ? []
      : [
          `Names, icons and store links of ${titles} ${titles === 1 ? 'title' : 'titles'} change from ${from} to ${to} at the next sync, which follows at once.`,
          'Titles that are not sold there stay as they are. Licenses and assignments do not change.',
          ...(appleCountry !== null && appleCountry !== to
            ? [`Apple says that this location buys in ${appleCountry}, not in ${to}.`]
            : []),
        ]
  return { from, to, appleCountry, titles, known, missing, unread, renamed: [...renamed], warnings }
}
