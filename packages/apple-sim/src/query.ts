/** Query parameters as Apple reads them: all are text, booleans are `true` and `false`, unknown ones are ignored. */
import { Refusal } from './refusal.ts'

/** Absent is undefined; anything but the two words is refused with 9602. */
export function booleanParameter(query: URLSearchParams, name: string): boolean | undefined {
  const value = query.get(name)
  if (value === null) return undefined
  if (value === 'true') return true
  if (value === 'false') return false
  throw new Refusal(9602)
}

/** A 32-bit integer, refused with 9602 when it is something else. */
export function integerParameter(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name)
  if (value === null) return undefined
  const number = Number(value)
  if (!/^-?\d{1,10}$/.test(value) || number !== (number | 0)) throw new Refusal(9602)
  return number
}

/** Zero-based, 0 when absent; refused with 9650 when it is no index at all. */
export function pageIndexParameter(query: URLSearchParams): number {
  const value = query.get('pageIndex')
  if (value === null) return 0
  if (!/^\d{1,9}$/.test(value)) throw new Refusal(9650)
  return Number(value)
}
