/** A server of a test as a table: `METHOD /path` and what it answers. */
import type { Serve } from './fake-world.ts'

/** Answers by the start of `METHOD /path`; anything else stays without an answer. */
export function routes(table: Readonly<Record<string, unknown>>): Serve {
  return ({ method, path }) => {
    const key = Object.keys(table).find((start) => `${method} ${path}`.startsWith(start))
    const given = key === undefined ? undefined : table[key]
    return typeof given === 'function' ? given() : given
  }
}
