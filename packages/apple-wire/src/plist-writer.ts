/** Writes property lists in XML. */
import { isDict, type PlistDict, type PlistValue, wholeNumber } from './plist-value.ts'

const HEAD =
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">\n'

/**
 * The property list as XML; reading it gives the same value, dates to the second. Throws `TypeError` for what XML cannot
 * say: control characters (`isPlistText` tells), numbers that are not finite or past 64 bits, years past 9999.
 */
export function writePlist(value: PlistValue): string {
  const parts = [HEAD, '<plist version="1.0">\n']
  write(parts, value)
  parts.push('</plist>\n')
  return parts.join('')
}

/** Whether a text can stand in a property list. */
export function isPlistText(text: string): boolean {
  // What XML 1.0 has no way to write: the lower control characters but for tab and line ends, and two non-characters.
  const allowed = /[\t\n\r\x7f-\x9f]/g
  return text.isWellFormed() && !/[\p{Cc}\ufffe\uffff]/u.test(text.replaceAll(allowed, ''))
}

function write(parts: string[], value: PlistValue): void {
  if (Array.isArray(value)) writeArray(parts, value)
  else if (typeof value === 'object' && isDict(value)) writeDict(parts, value)
  else parts.push(leaf(value), '\n')
}

function writeArray(parts: string[], list: readonly PlistValue[]): void {
  parts.push('<array>\n')
  for (const element of list) write(parts, element)
  parts.push('</array>\n')
}

function writeDict(parts: string[], dict: PlistDict): void {
  parts.push('<dict>\n')
  for (const [key, value] of Object.entries(dict)) {
    parts.push(`<key>${escaped(key)}</key>`)
    write(parts, value)
  }
  parts.push('</dict>\n')
}

function leaf(value: PlistValue): string {
  if (typeof value === 'string') return `<string>${escaped(value)}</string>`
  if (typeof value === 'boolean') return value ? '<true/>' : '<false/>'
  if (typeof value === 'number') return numberElement(value)
  if (typeof value === 'bigint') return integerElement(value)
  if (value instanceof Date) return dateElement(value)
  if (value instanceof Uint8Array) return `<data>${base64(value)}</data>`
  throw new TypeError(`A property list cannot hold a value of type ${typeof value}`)
}

function numberElement(value: number): string {
  if (!Number.isFinite(value)) throw new TypeError(`A property list cannot hold the number ${value}`)
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return `<integer>${value}</integer>`
  return `<real>${Object.is(value, -0) ? '-0.0' : value}</real>`
}

function integerElement(value: bigint): string {
  if (wholeNumber(value) === undefined) throw new TypeError(`${value} has more than 64 bits`)
  return `<integer>${value}</integer>`
}

function dateElement(value: Date): string {
  const text = Number.isNaN(value.getTime()) ? '' : value.toISOString()
  if (!/^\d{4}-/.test(text)) throw new TypeError(`A property list cannot hold the date ${String(value)}`)
  return `<date>${text.slice(0, 19)}Z</date>`
}

function escaped(text: string): string {
  if (!isPlistText(text)) throw new TypeError('A property list cannot hold a text with control characters')
  return text.replace(/[&<>\r]/g, (letter) => ESCAPES[letter] ?? letter)
}

/** A bare carriage return would be read as a line feed. */
const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' }

function base64(bytes: Uint8Array): string {
  let letters = ''
  // A spread of all bytes at once would not fit on the stack.
  for (let at = 0; at < bytes.length; at += 8192) {
    letters += String.fromCharCode(...bytes.subarray(at, at + 8192))
  }
  return btoa(letters)
}
