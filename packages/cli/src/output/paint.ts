/** Colors, on a terminal that wants them. */

export type Color = 'red' | 'green' | 'yellow' | 'dim' | 'bold'

/** Gives the text in a color, or as it is. */
export type Paint = (color: Color, text: string) => string

/** Start and end of each color in ANSI's numbers. */
const numbers = {
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  dim: [2, 22],
  bold: [1, 22],
} as const satisfies Record<Color, readonly [number, number]>

export function painter(colors: boolean): Paint {
  if (!colors) return (_color, text) => text
  return (color, text) => `\u001b[${numbers[color][0]}m${text}\u001b[${numbers[color][1]}m`
}

/** What decides about colors: https://no-color.org and the habit that FORCE_COLOR goes before it. */
export interface ColorWishes {
  readonly terminal: boolean
  readonly noColor: string | undefined
  readonly forceColor: string | undefined
  readonly term: string | undefined
}

export function wantsColors({ terminal, noColor, forceColor, term }: ColorWishes): boolean {
  if (forceColor !== undefined && forceColor !== '' && forceColor !== '0') return true
  if (noColor !== undefined && noColor !== '') return false
  return terminal && term !== 'dumb'
}
