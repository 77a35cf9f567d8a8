/**
 * Apple's dates: ISO 8601 with an offset that has no colon, such as `2030-11-08T22:33:22+0000`.
 *
 * ECMAScript only promises to read offsets with a colon, so the text is taken apart here.
 */

const APPLE_DATE = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:?\d{2})$/

/** The instant that the text names, or `undefined` when it names none; milliseconds are kept, finer parts cut. */
export function parseAppleDate(text: string): Date | undefined {
  const parts = APPLE_DATE.exec(text.trim())
  if (parts === null) return undefined
  const [, year, month, day, hour, minute, second, fraction = '', offset = 'Z'] = parts
  const offsetMinutes = minutesOf(offset)
  if (offsetMinutes === undefined) return undefined
  const local = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(fraction.padEnd(3, '0').slice(0, 3)),
  )
  // Date.UTC turns 30 February into 2 March; a date that does not come back as written is no date.
  const written = `${year}-${month}-${day}T${hour}:${minute}:${second}`
  if (Number.isNaN(local) || !new Date(local).toISOString().startsWith(written)) return undefined
  return new Date(local - offsetMinutes * 60_000)
}

/** The date in the form Apple writes, in UTC and to the second: `2030-11-08T22:33:22+0000`. */
export function formatAppleDate(date: Date): string {
  return `${date.toISOString().slice(0, 19)}+0000`
}

function minutesOf(offset: string): number | undefined {
  if (offset === 'Z') return 0
  const digits = offset.slice(1).replace(':', '')
  const hours = Number(digits.slice(0, 2))
  const minutes = Number(digits.slice(2))
  if (hours > 14 || minutes > 59) return undefined
  return (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes)
}
