/**
 * Text that came from elsewhere, made safe for a terminal: names of apps and devices are chosen by
 * others, and a control character in one could rewrite the screen.
 */

/** The text with control characters and direction overrides as blanks. */
export function printable(text: string): string {
  return text.replace(unsafe, ' ')
}

/** Characters 0 to 31 and 127 to 159, and the marks that turn the direction of what follows. */
const unsafe = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu

/** Columns that the text takes on a terminal: wide characters and emoji count two. */
export function widthOf(text: string): number {
  let width = 0
  for (const { segment } of graphemes.segment(text)) width += wide.test(segment) ? 2 : 1
  return width
}

/** The text in at most `width` columns, with … where something was left out. */
export function fitted(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  let taken = ''
  for (const { segment } of graphemes.segment(text)) {
    if (widthOf(taken) + widthOf(segment) > width - 1) break
    taken += segment
  }
  return `${taken.trimEnd()}…`
}

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
const wide =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]/u
