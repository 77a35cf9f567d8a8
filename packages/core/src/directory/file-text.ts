/**
 * The text of a file that a person uploads, or what it looks like when it is not UTF-8.
 *
 * Guessing an encoding would turn names into nonsense without anybody noticing, so anything but UTF-8 is refused
 * with the way to save it right.
 */

/** What a file looks like that is not text in UTF-8. */
export type Lookalike = 'UTF-16' | 'Windows-1252' | 'an Excel workbook' | 'binary'

/** The text of a file, or why it is none. */
export type FileText =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'not_utf8'
      readonly looksLike: Lookalike
      /** The first line that is not UTF-8, from 1; null when the file as a whole is not. */
      readonly line: number | null
      /** Names what it looks like and says how to save it as UTF-8. */
      readonly message: string
    }

/** Reads bytes as UTF-8, with or without a byte order mark. */
export function readFileText(bytes: Uint8Array): FileText {
  const whole = wholeFileLookalike(bytes)
  if (whole !== null) return notUtf8(whole, null)
  try {
    return { kind: 'text', text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return notUtf8('Windows-1252', firstBadLine(bytes))
  }
}

const signatures: readonly (readonly [Lookalike, readonly number[]])[] = [
  ['UTF-16', [0xff, 0xfe]],
  ['UTF-16', [0xfe, 0xff]],
  ['an Excel workbook', [0x50, 0x4b, 0x03, 0x04]],
  ['an Excel workbook', [0xd0, 0xcf, 0x11, 0xe0]],
]

function wholeFileLookalike(bytes: Uint8Array): Lookalike | null {
  for (const [looksLike, start] of signatures) {
    if (start.every((byte, index) => bytes[index] === byte)) return looksLike
  }
  return nulPattern(bytes.subarray(0, 4096))
}

/** UTF-16 without a mark has a NUL beside each Latin letter; other files with many NULs are no text at all. */
function nulPattern(start: Uint8Array): Lookalike | null {
  const nuls = [0, 0]
  for (const [index, byte] of start.entries()) if (byte === 0) nuls[index % 2] = (nuls[index % 2] ?? 0) + 1
  const [even = 0, odd = 0] = nuls
  if (even + odd <= start.length / 8) return null
  return Math.min(even, odd) * 4 < Math.max(even, odd) ? 'UTF-16' : 'binary'
}

/** A line feed is never part of another character in UTF-8, so lines can be tried one by one. */
function firstBadLine(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let line = 1
  for (let start = 0; start < bytes.length; line++) {
    const found = bytes.indexOf(0x0a, start)
    const end = found === -1 ? bytes.length : found
    try {
      decoder.decode(bytes.subarray(start, end))
    } catch {
      return line
    }
    start = end + 1
  }
  return line
}

const remedies: Readonly<Record<Lookalike, string>> = {
  'UTF-16':
    'save it as UTF-8: in Excel choose "CSV UTF-8 (Comma delimited)" instead of "Unicode text", in another editor choose the encoding UTF-8',
  'Windows-1252':
    'save it as UTF-8: in Excel choose "CSV UTF-8 (Comma delimited)" instead of "CSV (Comma delimited)", in another editor choose the encoding UTF-8',
  'an Excel workbook': 'open it in Excel and save it as "CSV UTF-8 (Comma delimited)"',
  binary: 'export it as CSV in UTF-8',
}

function notUtf8(looksLike: Lookalike, line: number | null): FileText {
  const where = line === null ? '' : `; line ${line} has a character that is not UTF-8`
  const name = looksLike === 'binary' ? 'something else than text' : looksLike
  const message = `The file looks like ${name}${where}. Nothing was imported; ${remedies[looksLike]}.`
  return { kind: 'not_utf8', looksLike, line, message }
}
