/** How measurements are shown: a JSON object a line, a table on the terminal, the table in bench/README.md; pure. */

/** One line of a bench. */
export interface BenchCase {
  readonly bench: string
  readonly case: string
  readonly value: number
  /** The least that is possible, measured or proven in the same run. */
  readonly floor: number
  /** `value` / `floor`: 1 is the least that is possible. */
  readonly ratio: number
  readonly unit: string
  readonly extra?: Readonly<Record<string, number>>
}

/** A case as one line of JSON, with numbers rounded to what was measured. */
export function jsonLine(one: BenchCase): string {
  const numbers = (_: string, value: unknown) => (typeof value === 'number' ? rounded(value) : value)
  return JSON.stringify(one, numbers)
}

/** Three digits after the point, at most. */
const rounded = (value: number): number => Math.round(value * 1000) / 1000

/** The columns of a table, the header first. */
export function tableRows(cases: readonly BenchCase[]): readonly (readonly string[])[] {
  return [
    ['case', 'measured', 'least', 'ratio', 'also'],
    ...cases.map(({ case: name, value, floor, ratio, unit, extra }) => [
      name,
      `${shown(value)} ${unit}`,
      `${shown(floor)} ${unit}`,
      ratio.toFixed(2),
      Object.entries(extra ?? {})
        .map(([key, each]) => `${words(key)} ${shown(each)}`)
        .join(', '),
    ]),
  ]
}

const shown = (value: number): string =>
  value.toLocaleString('en', { maximumFractionDigits: value < 100 ? 2 : 0 })

/** `rowsPerSecond` → `rows per second`. */
const words = (key: string): string => key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

/** A table for the terminal. */
export function textTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** A table for a document. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const [header = [], ...body] = rows.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')))
  return [header, header.map(() => '---'), ...body].map((row) => `| ${row.join(' | ')} |`).join('\n')
}

/** Replaces what stands between the two marks of a bench. Throws when the document has no such marks. */
export function replaceSection(document: string, bench: string, text: string): string {
  const [begin, end] = [`<!-- measured: ${bench} -->`, `<!-- end: ${bench} -->`]
  const [from, to] = [document.indexOf(begin), document.indexOf(end)]
  if (from < 0 || to < from)
    throw new Error(`The document has no place for ${bench}: add ${begin} and ${end}`)
  return `${document.slice(0, from + begin.length)}\n${text}\n${document.slice(to)}`
}
