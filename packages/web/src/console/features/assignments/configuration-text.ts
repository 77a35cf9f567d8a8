/** The managed configuration of an app as an administrator writes it: JSON, an object, or nothing (A3). */

/** What a text comes to. `line` and `column` count from 1, where the browser tells them. */
export type Configuration =
  | { readonly kind: 'none' }
  | { readonly kind: 'fine'; readonly value: Record<string, unknown> }
  | { readonly kind: 'no_object' }
  | { readonly kind: 'no_json'; readonly line: number | null; readonly column: number | null }

export function readConfiguration(text: string): Configuration {
  if (text.trim() === '') return { kind: 'none' }
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? { kind: 'fine', value } : { kind: 'no_object' }
  } catch (error) {
    return { kind: 'no_json', ...placeOf(text, error instanceof Error ? error.message : '') }
  }
}

/** The text of a configuration, set out to be read. */
export function writeConfiguration(value: Record<string, unknown> | null | undefined): string {
  return value === null || value === undefined ? '' : JSON.stringify(value, null, 2)
}

/** Browsers name the place differently: by line and column, by position, or not at all. */
function placeOf(
  text: string,
  message: string,
): { readonly line: number | null; readonly column: number | null } {
  const named = /line (\d+) column (\d+)/.exec(message)
  if (named !== null) return { line: Number(named[1]), column: Number(named[2]) }
  const position = /position (\d+)/.exec(message)
  if (position === null) return { line: null, column: null }
  const before = text.slice(0, Number(position[1])).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
