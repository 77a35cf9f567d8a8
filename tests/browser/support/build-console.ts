/** Builds the console once before the first of these tests, which run in several processes. */
import { buildConsoleWhenStale } from '../../../scripts/build-console.ts'

export function setup(): Promise<void> {
  return buildConsoleWhenStale((text) => console.error(text))
}
