/**
 * Shapes as distances: negative inside, positive outside, so that any size can be drawn with smooth edges.
 * Coordinates run from -1 to 1, y downwards, as on a screen.
 */

export type Shape = (x: number, y: number) => number

export interface Box {
  readonly at: readonly [number, number]
  /** Half width and half height. */
  readonly half: readonly [number, number]
  readonly round?: number
}

export const circle =
  (cx: number, cy: number, radius: number): Shape =>
  (x, y) =>
    Math.hypot(x - cx, y - cy) - radius

export const ring =
  (radius: number, width: number, [cx, cy]: readonly [number, number] = [0, 0]): Shape =>
  (x, y) =>
    Math.abs(Math.hypot(x - cx, y - cy) - radius) - width / 2

export function box({ at: [cx, cy], half: [hx, hy], round = 0 }: Box): Shape {
  return (x, y) => {
    const dx = Math.abs(x - cx) - hx + round
    const dy = Math.abs(y - cy) - hy + round
    return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0) - round
  }
}

type Point = readonly [number, number]

/** A line with round ends. */
export function line([ax, ay]: Point, [bx, by]: Point, width: number): Shape {
  const lengthSquared = (bx - ax) ** 2 + (by - ay) ** 2
  return (x, y) => {
    const along = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / lengthSquared
    const part = Math.min(1, Math.max(0, along))
    return Math.hypot(x - ax - part * (bx - ax), y - ay - part * (by - ay)) - width / 2
  }
}

/** A closed outline, its corners rounded by `round`. */
export function polygon(points: readonly Point[], round = 0): Shape {
  return (x, y) => {
    let nearest = Number.POSITIVE_INFINITY
    let inside = false
    let [px, py] = points[points.length - 1] ?? [0, 0]
    for (const [qx, qy] of points) {
      nearest = Math.min(nearest, line([px, py], [qx, qy], 0)(x, y))
      if (qy > y !== py > y && x < ((px - qx) * (y - qy)) / (py - qy) + qx) inside = !inside
      ;[px, py] = [qx, qy]
    }
    return (inside ? -nearest : nearest) - round
  }
}

/** A star, or with equal radii a regular polygon of twice as many corners. */
export function star(spikes: number, outer: number, inner: number, round = 0): Shape {
  const corners = Array.from({ length: spikes * 2 }, (_, index): Point => {
    const angle = (Math.PI * index) / spikes - Math.PI / 2
    const radius = index % 2 === 0 ? outer : inner
    return [radius * Math.cos(angle), radius * Math.sin(angle)]
  })
  return polygon(corners, round)
}

export const ellipse =
  (rx: number, ry: number): Shape =>
  (x, y) => {
    const nearness = Math.hypot(x / rx, y / ry)
    const slope = Math.hypot(x / (rx * rx), y / (ry * ry))
    return nearness === 0 ? -Math.min(rx, ry) : (nearness * (nearness - 1)) / slope
  }

/** The outline of a shape, `width` thick. */
export const outline =
  (shape: Shape, width: number): Shape =>
  (x, y) =>
    Math.abs(shape(x, y)) - width / 2

export function turned(shape: Shape, degrees: number): Shape {
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]
  return (x, y) => shape(x * cos + y * sin, y * cos - x * sin)
}

export const moved =
  (shape: Shape, dx: number, dy: number): Shape =>
  (x, y) =>
    shape(x - dx, y - dy)

export const scaled =
  (shape: Shape, factor: number): Shape =>
  (x, y) =>
    factor * shape(x / factor, y / factor)

/** Everything that is in any of the shapes. */
export const together =
  (...shapes: readonly Shape[]): Shape =>
  (x, y) =>
    shapes.reduce((least, shape) => Math.min(least, shape(x, y)), Number.POSITIVE_INFINITY)

/** What is in the first shape and in none of the others. */
export const without =
  (shape: Shape, ...holes: readonly Shape[]): Shape =>
  (x, y) =>
    holes.reduce((most, hole) => Math.max(most, -hole(x, y)), shape(x, y))

/** What is in both shapes. */
export const common =
  (one: Shape, other: Shape): Shape =>
  (x, y) =>
    Math.max(one(x, y), other(x, y))
