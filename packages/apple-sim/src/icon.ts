/**
 * App icons and book covers that the simulator draws itself, full-bleed squares as Apple's artwork is.
 *
 * Drawn from distances at the size asked for, so small ones are as crisp as large ones.
 */
import type { Title } from './catalog.ts'
import { GLYPHS, type Glyph, small } from './icon-glyphs.ts'
import type { Shape } from './icon-shapes.ts'
import { box, circle, together } from './icon-shapes.ts'
import { pngOf } from './png.ts'

type Color = readonly [red: number, green: number, blue: number]

interface Picture {
  readonly from: Color
  readonly to: Color
  /** Drawn over the background with little strength, to tell icons of similar hue apart. */
  readonly pattern: Shape
  readonly glyph: Glyph
  readonly book: boolean
}

const KEPT = 500
const drawn = new Map<string, Buffer>()

/** The icon of a title as PNG, `size` pixels square. The latest few hundred are kept. */
export function iconPng(title: Title, size: number): Buffer {
  const key = `${title.adamId}/${title.icon?.glyph}/${title.icon?.hue}/${title.kind}/${size}`
  const known = drawn.get(key)
  if (known) return known
  const png = pngOf(paint(pictureOf(title), size), size)
  if (drawn.size >= KEPT) drawn.delete(drawn.keys().next().value ?? '')
  drawn.set(key, png)
  return png
}

function pictureOf({ adamId, icon, kind }: Title): Picture {
  const chance = mixed(adamId)
  const names = Object.keys(GLYPHS)
  const glyph = GLYPHS[icon?.glyph ?? names[chance % names.length] ?? ''] ?? { main: circle(0, 0, 0.4) }
  const hue = icon?.hue ?? (chance >>> 8) % 360
  const book = kind === 'epubBook'
  const patterns: readonly Shape[] = [
    circle(0.75, 0.85, 0.95),
    circle(-0.8, -0.9, 1.05),
    (x, y) => (x + y - 0.25) * Math.SQRT1_2,
    together(circle(0.9, -0.8, 0.55), circle(-0.9, 0.95, 0.7)),
  ]
  return {
    from: colorOf(hue, book ? 0.45 : 0.8, (book ? 0.5 : 0.61) - glare(hue)),
    to: colorOf(hue + 28, book ? 0.55 : 0.76, (book ? 0.28 : 0.42) - glare(hue + 28) / 2),
    pattern: patterns[(chance >>> 20) % patterns.length] ?? circle(0, 0, 1),
    glyph: book ? small(glyph, 0.66) : small(glyph, 0.94),
    book,
  }
}

function paint({ from, to, pattern, glyph, book }: Picture, size: number): Uint8Array {
  const pixels = new Uint8Array(size * size * 4)
  const cover = book ? bookMarks() : undefined
  const covered = (shape: Shape, x: number, y: number, blur = 2 / size): number =>
    Math.min(1, Math.max(0, 0.5 - shape(x, y) / blur))
  for (let row = 0; row < size; row++) {
    const y = (2 * row + 1) / size - 1
    for (let column = 0; column < size; column++) {
      const x = (2 * column + 1) / size - 1
      let color = blend(from, to, (x + 2 * y + 3) / 6)
      color = blend(color, WHITE, 0.1 * covered(pattern, x, y))
      if (cover) color = blend(color, BLACK, 0.28 * covered(cover.spine, x, y))
      if (cover) color = blend(color, WHITE, 0.75 * covered(cover.lines, x, y))
      color = blend(color, BLACK, 0.22 * covered(glyph.main, x, y - 0.05, 0.16))
      if (glyph.faint) color = blend(color, WHITE, 0.55 * covered(glyph.faint, x, y))
      color = blend(color, WHITE, (0.97 - 0.06 * (y + 1)) * covered(glyph.main, x, y))
      pixels.set([color[0], color[1], color[2], 255], (row * size + column) * 4)
    }
  }
  return pixels
}

/** A spine on the left and two lines for title and author. */
function bookMarks(): { readonly spine: Shape; readonly lines: Shape } {
  return {
    spine: together(box({ at: [-0.93, 0], half: [0.08, 1.1] }), box({ at: [-0.78, 0], half: [0.012, 1.1] })),
    lines: together(
      box({ at: [0.08, -0.72], half: [0.5, 0.045], round: 0.04 }),
      box({ at: [0.08, 0.74], half: [0.3, 0.03], round: 0.03 }),
    ),
  }
}

const WHITE: Color = [255, 255, 255]
const BLACK: Color = [0, 0, 0]

function blend(one: Color, other: Color, share: number): Color {
  return [
    one[0] + (other[0] - one[0]) * share,
    one[1] + (other[1] - one[1]) * share,
    one[2] + (other[2] - one[2]) * share,
  ]
}

/** Yellow and green look lighter than they are; a white sign on them needs a darker ground. */
function glare(hue: number): number {
  const distance = Math.abs(((((hue - 105) % 360) + 540) % 360) - 180)
  return 0.19 * Math.max(0, 1 - distance / 85)
}

/** Hue in degrees; saturation and lightness from 0 to 1. */
function colorOf(hue: number, saturation: number, lightness: number): Color {
  const channel = (offset: number): number => {
    const place = (offset + hue / 30) % 12
    const reach = saturation * Math.min(lightness, 1 - lightness)
    return 255 * (lightness - reach * Math.max(-1, Math.min(place - 3, 9 - place, 1)))
  }
  return [channel(0), channel(8), channel(4)]
}

/** The same text always gives the same 32 bits, well spread. */
function mixed(text: string): number {
  let hash = 2_166_136_261
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 16_777_619)
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b_3c6d)
  return (hash ^ (hash >>> 12)) >>> 0
}
