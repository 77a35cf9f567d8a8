/** What a change changed, as the audit log keeps it. */
import { isDeepStrictEqual } from 'node:util'

/** Each fact that differs, as `{ from, to }`; null when none does. */
export function changedFacts<Facts extends object>(
  before: Facts,
  after: Facts,
): Record<string, { readonly from: unknown; readonly to: unknown }> | null {
  const earlier = new Map(Object.entries(before))
  const changed = Object.entries(after).filter(
    ([name, value]) => !isDeepStrictEqual(earlier.get(name), value),
  )
  if (changed.length === 0) return null
  return Object.fromEntries(changed.map(([name, to]) => [name, { from: earlier.get(name), to }]))
}
