/** Moments and spans of time for people. */

/** `2027-03-01 14:02` in this time zone; – for null. */
export function localMoment(iso: string | null, timeZone: string): string {
  if (iso === null) return '–'
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  })
  return parts.format(new Date(iso))
}

/** `2027-03-01 14:02:10`: with seconds, for "exact as of" (S6); `never` for null. */
export function exactMoment(iso: string | null, timeZone: string): string {
  if (iso === null) return 'never'
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  return parts.format(new Date(iso))
}

/** `3 minutes ago`, `in 20 days`, `never` for null. */
export function fromNow(iso: string | null, now: Date): string {
  if (iso === null) return 'never'
  const seconds = Math.round((new Date(iso).getTime() - now.getTime()) / 1000)
  const [unit, size] = spans.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1]
  if (unit === 'second' && Math.abs(seconds) < 5) return 'now'
  return relative.format(Math.trunc(seconds / size), unit)
}

const spans: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'always' })
