/** A document whose text does not depend on the order in which features register their routes. */

/** Sorts paths, the methods of a path and the named schemas; properties stay in declared order. */
export function sortedDocument(document: object): Record<string, unknown> {
  const { openapi, info, servers, tags, paths, components, ...others } = { ...document } as Record<
    string,
    unknown
  >
  const shown = {
    openapi,
    info,
    servers,
    tags,
    ...sortedByName(others),
    paths: sortedByName(paths, sortedByName),
    components: sortedByName(components, sortedByName),
  }
  return Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined))
}

function sortedByName(
  value: unknown,
  inner: (part: unknown) => unknown = (part) => part,
): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return {}
  const entries: [string, unknown][] = Object.entries(value)
  entries.sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([name, part]) => [name, inner(part)]))
}
