/** App icons and book covers that the simulator draws itself. */
import type { Title } from './catalog.ts'
import { pngOf } from './png.ts'

/** The icon of a title, `size` pixels square. */
export function iconPng(title: Title, size: number): Buffer {
  const pixels = new Uint8Array(size * size * 4).fill(255)
  pixels.fill(Number(title.adamId) & 255, 0, pixels.length >> 1)
  return pngOf(pixels, size)
}
