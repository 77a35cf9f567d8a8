/** From days and licenses to places in a chart of 100 by 100 (L10). */
import type { AssetForecast } from '../../../shared/api/shapes.ts'

/** A chart's lines as paths, and what its axes say. */
export interface ChartShape {
  readonly used: string
  readonly expected: string
  /** Empty with little history. */
  readonly band: string
  /** From the left, in percent. */
  readonly today: number
  /** From the bottom, in percent. */
  readonly owned: number
  readonly ticks: readonly { readonly licenses: number; readonly up: number }[]
}

type Point = readonly [day: number, licenses: number]

/** The shape of what an asset used and what it will. */
export function chartShape({ history, used, owned, forecast }: AssetForecast): ChartShape {
  const outlook = forecast?.outlook ?? []
  const past = history.map((each, index): Point => [index, each.used])
  const now: Point = [history.length - 1, used]
  const ahead = outlook.map((each, index): Point => [now[0] + 1 + index, each.expected])
  const edge = (of: 'low' | 'high'): Point[] =>
    outlook.flatMap((each, index) => {
      const licenses = each[of]
      return licenses === null ? [] : [[now[0] + 1 + index, licenses] as const]
    })
  const [low, high] = [edge('low'), edge('high')]
  const days = Math.max(1, now[0] + outlook.length)
  const highest = Math.max(owned ?? 0, ...[...past, ...ahead, ...high].map(([, licenses]) => licenses), 1)
  const step = tickStep(highest)
  const top = Math.ceil((highest * 1.04) / step) * step
  const place = ([day, licenses]: Point) =>
    `${round((day / days) * 100)} ${round(100 - (licenses / top) * 100)}`
  const path = (points: readonly Point[]) =>
    points.map((point, at) => `${at === 0 ? 'M' : 'L'}${place(point)}`).join('')
  return {
    used: path(past),
    expected: path([now, ...ahead]),
    band: high.length === 0 ? '' : `${path([now, ...high, ...low.toReversed()])}Z`,
    today: (now[0] / days) * 100,
    owned: ((owned ?? 0) / top) * 100,
    ticks: Array.from({ length: Math.round(top / step) + 1 }, (_, index) => ({
      licenses: index * step,
      up: ((index * step) / top) * 100,
    })),
  }
}

const round = (value: number): number => Math.round(value * 100) / 100

/** 1, 2 or 5 times a power of ten, so that about four lines are drawn. */
function tickStep(highest: number): number {
  const rough = highest / 4
  const power = 10 ** Math.floor(Math.log10(Math.max(rough, 1)))
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough) ?? power
}
