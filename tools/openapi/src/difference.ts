/** Says where two JSON documents differ, for a person who has to decide whether that was meant. */

/** Paths such as `paths./api/v1/tokens.get.summary`, the first `most` of them; empty when equal. */
export function differencesOf(committed: unknown, present: unknown, most = 10): readonly string[] {
  const found: string[] = []
  compare(committed, present, '', found)
  return found.slice(0, most)
}

function compare(a: unknown, b: unknown, at: string, found: string[]): void {
  if (Object.is(a, b)) return
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) {
    found.push(`${at || 'the document'}: ${shown(a)} is now ${shown(b)}`)
    return
  }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const inner = at === '' ? key : `${at}.${key}`
    if (!Object.hasOwn(b, key)) found.push(`${inner}: gone`)
    else if (!Object.hasOwn(a, key)) found.push(`${inner}: new`)
    else compare(a[key], b[key], inner, found)
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 59)}…` : text
}
