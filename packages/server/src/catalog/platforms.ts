/** Platforms of titles as people expect to read them (C2). */
import type { Platform } from '@apportion/core/directory/device-facts'

const order = ['iOS', 'iPadOS', 'macOS', 'tvOS', 'visionOS', 'watchOS'] as const satisfies readonly Platform[]

/** Those of `listed` that we know, in one order. Apple says iOS for iPadOS too, so that is named beside it. */
export function platformsInOrder(listed: readonly string[]): Platform[] {
  const known = new Set(listed.includes('iOS') ? [...listed, 'iPadOS'] : listed)
  return order.filter((platform) => known.has(platform))
}

/** A platform that somebody asks for as Apple lists it; null for any. */
export function listedPlatform(asked: Platform | undefined): string | null {
  return asked === 'iPadOS' ? 'iOS' : (asked ?? null)
}
