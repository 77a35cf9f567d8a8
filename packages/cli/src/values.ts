/** Values as a person types them. Each parser says what is wrong with a value and what to write instead. */
import { usageFailure } from './failure.ts'

/** A moment, in this computer's time zone where none is given, as ISO 8601 in UTC. Throws `usage.moment`. */
export function parseMoment(text: string): string {
  const time = Date.parse(/^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text)
  if (!Number.isNaN(time)) return new Date(time).toISOString()
  throw usageFailure('usage.moment', `“${text}” is no moment; write 2027-03-01 or 2027-03-01T14:02`)
}

/** A whole number in these limits, both included. Throws `usage.number`. */
export function wholeNumber(text: string, least: number, most: number): number {
  const number = Number(text)
  if (/^\d+$/.test(text) && number >= least && number <= most) return number
  const limits = most === Number.MAX_SAFE_INTEGER ? `from ${least}` : `from ${least} to ${most}`
  throw usageFailure('usage.number', `“${text}” is not a whole number ${limits}`)
}

/** `none` takes away what is set. */
export type None = 'none'

/** A whole number, or `none`. Throws `usage.number`. */
export function numberOrNone(text: string, least: number, most = Number.MAX_SAFE_INTEGER): number | None {
  return text === 'none' ? text : wholeNumber(text, least, most)
}

/** `none` as the API says it. */
export const noneAsNull = <Value>(value: Value | None): Value | null => (value === 'none' ? null : value)

/** `KEY=VALUE` in two; the value may contain further equals signs. Throws `usage.pair` with an example. */
export function keyAndValue(text: string, example: string): readonly [key: string, value: string] {
  const at = text.indexOf('=')
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)]
  throw usageFailure('usage.pair', `“${text}” has no value; write it as ${example}`)
}
