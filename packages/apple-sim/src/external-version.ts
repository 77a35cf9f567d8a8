/** The number by which store and devices know the version of a title; a newer version has a higher one. */
import type { Title } from './catalog.ts'

/** From the adamId for version 1.0, and higher by as much as the version is; minor and patch are below 1000. */
export function versionIdOf({ adamId, version = '1.0' }: Title): number {
  const [major = 1, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10) || 0)
  return (Number(adamId) % 1_000_000_000) + (major - 1) * 1_000_000 + minor * 1_000 + patch
}
