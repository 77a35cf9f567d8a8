/** Tables whose columns line up, on a terminal and in a file. */
import type { Color, Paint } from './paint.ts'
import { fitted, printable, widthOf } from './printable.ts'

/** A cell; a number is aligned right. */
export type Cell = string | number | null | { readonly text: string; readonly color: Color }

export interface Column<Row> {
  readonly title: string
  readonly of: (row: Row) => Cell
  readonly align?: 'left' | 'right'
  /** May be cut short when the terminal is too narrow. */
  readonly flexible?: boolean
}

export interface TableLook {
  readonly paint: Paint
  /** Columns of the terminal; null when the text goes elsewhere and nothing is cut. */
  readonly width: number | null
}

/** The lines of a table with its heading; `null` cells show as –. Ends without a line break. */
export function table<Row>(rows: readonly Row[], columns: readonly Column<Row>[], look: TableLook): string {
  const cells = rows.map((row) => columns.map(({ of }) => shown(of(row))))
  const natural = columns.map(({ title }, index) =>
    Math.max(widthOf(title), ...cells.map((line) => widthOf(line[index]?.text ?? ''))),
  )
  const widths = look.width === null ? natural : squeezed(natural, columns, look.width)
  const heading = columns.map(({ title }) => ({ text: title, color: 'bold' as const, right: false }))
  return [heading, ...cells]
    .map((line) =>
      line
        .map((cell, index) => {
          const { align } = columns[index] ?? {}
          const right = align === 'right' || (align === undefined && cell.right)
          return padded({ ...cell, right }, widths[index] ?? 0, look.paint)
        })
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** Names and values under each other, for one thing. Values that are null show as –. */
export function facts(rows: readonly (readonly [name: string, value: Cell])[], paint: Paint): string {
  const width = Math.max(...rows.map(([name]) => widthOf(name)))
  return rows
    .map(([name, value]) => {
      const { text, color } = shown(value)
      return `${paint('dim', name.padEnd(width))}  ${color === null ? text : paint(color, text)}`
    })
    .join('\n')
}

interface ShownCell {
  readonly text: string
  readonly color: Color | null
  readonly right: boolean
}

function shown(cell: Cell): ShownCell {
  if (cell === null) return { text: '–', color: null, right: false }
  if (typeof cell === 'number') return { text: String(cell), color: null, right: true }
  if (typeof cell === 'string') return { text: printable(cell), color: null, right: false }
  return { text: printable(cell.text), color: cell.color, right: false }
}

function padded({ text, color, right }: ShownCell, width: number, paint: Paint): string {
  const short = fitted(text, width)
  const blanks = ' '.repeat(Math.max(0, width - widthOf(short)))
  const painted = color === null ? short : paint(color, short)
  return right ? blanks + painted : painted + blanks
}

/** Takes from the widest flexible column until the line fits; no column gets narrower than 8. */
function squeezed<Row>(widths: readonly number[], columns: readonly Column<Row>[], total: number): number[] {
  const left = [...widths]
  let over = left.reduce((sum, width) => sum + width, 0) + 2 * (left.length - 1) - total
  while (over > 0) {
    const widest = columns.reduce(
      (best, { flexible }, index) =>
        flexible === true && (left[index] ?? 0) > (left[best] ?? 8) ? index : best,
      -1,
    )
    const width = left[widest]
    if (width === undefined || width <= 8) break
    left[widest] = width - 1
    over -= 1
  }
  return left
}
