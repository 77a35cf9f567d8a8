/**
 * What one cell of an import says of one fact.
 *
 * An empty cell keeps what is known, a single hyphen clears it, anything else is the new value: so a file with a
 * few columns changes only those, and nothing is lost by a column that a spreadsheet left blank.
 */

/** A text as the staging tables hold it: null keeps, '' clears. */
export type StagedText = string | null

/** Something in a row that cannot be taken. */
export interface CellProblem<Column extends string> {
  readonly column: Column | null
  readonly value: string | null
  /** One sentence that says what to do. */
  readonly reason: string
}

/** Clears a fact. */
const clearMark = '-'

const longestQuote = 200

/** The cells of one row by column, and the problems found so far. */
export class RowCells<Column extends string> {
  readonly problems: CellProblem<Column>[] = []
  readonly #cell: (column: Column) => string

  /** `cell` gives '' for a column that the file does not have. */
  constructor(cell: (column: Column) => string) {
    this.#cell = cell
  }

  /** The cell with its spaces tidied: none around it, one between words. */
  tidy(column: Column): string {
    return this.#cell(column).normalize('NFC').trim().replaceAll(/\s+/g, ' ')
  }

  /** Remembers why a cell cannot be taken. Gives null, so that a reader can return it. */
  refuse(column: Column | null, reason: string): null {
    const value = column === null ? null : this.#cell(column).slice(0, longestQuote)
    this.problems.push({ column, value, reason })
    return null
  }

  /** A text of at most `longest` characters. `manyLines` keeps line breaks. */
  text(column: Column, longest: number, { manyLines = false } = {}): StagedText {
    const value = manyLines
      ? this.#cell(column).normalize('NFC').trim().replaceAll('\r\n', '\n')
      : this.tidy(column)
    if (value === '') return null
    if (value === clearMark) return ''
    const control = /(?![\n\t])\p{Control}/u.exec(value)
    if (control !== null) return this.refuse(column, controlReason(control[0]))
    if (value.length > longest) {
      return this.refuse(column, `It has ${value.length} characters; shorten it to ${longest} at most`)
    }
    return value
  }

  /** A fact with a fixed set of values; a hyphen gives `cleared`. */
  fact<Value>(column: Column, { parse, cleared, expected }: FactForm<Value>): Value | null {
    const value = this.tidy(column)
    if (value === '') return null
    if (value === clearMark) return cleared
    return parse(value) ?? this.refuse(column, `It is none of ${expected}; use one of these`)
  }

  /** Names separated by `|`, each once, joined by `|` again. */
  names(column: Column, longest: number): StagedText {
    const all = this.text(column, 10_000)
    if (all === null || all === '') return all
    const names = all.split('|').map((name) => name.trim())
    const tooLong = names.find((name) => name.length > longest)
    if (tooLong !== undefined) {
      return this.refuse(
        column,
        `"${tooLong.slice(0, 40)}…" is longer than ${longest} characters; correct it`,
      )
    }
    const kept = [...new Set(names.filter((name) => name !== ''))]
    return kept.length === 0 ? null : kept.join('|')
  }
}

/** How a fact is read. */
export interface FactForm<Value> {
  readonly parse: (text: string) => Value | undefined
  readonly cleared: Value
  /** The values, for the reason of a refusal. */
  readonly expected: string
}

function controlReason(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return `It contains the invisible character U+${code}; type the value again`
}
