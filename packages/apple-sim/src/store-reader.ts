/** Who asks the store, and which titles that caller can see in a country. */
import type { IncomingMessage } from 'node:http'
import { isDelisted, type Title } from './catalog.ts'
import type { Location } from './location.ts'
import type { Simulation } from './simulation.ts'

/** The location of the content token in the `itvt` cookie, as long as that token is good. */
export function locationOfCookie(
  { tokens, clock }: Simulation,
  { headers }: IncomingMessage,
): Location | undefined {
  const text = /(?:^|;\s*)itvt=([^;\s]+)/.exec(headers.cookie ?? '')?.[1]
  const owner = text === undefined ? undefined : tokens.get(text)
  const isGood = owner && !owner.token.revoked && owner.token.expiresAt > clock.now()
  return isGood ? owner.location : undefined
}

export interface StoreView {
  /** Whose cookie came along. */
  readonly reader: Location | undefined
  /** Two capital letters. */
  readonly country: string
}

/** Custom titles, and those that left the store, show only to a location that owns them. */
export function isVisible(title: Title, { reader, country }: StoreView): boolean {
  if (title.countries && !title.countries.includes(country)) return false
  const isPublic = !title.custom && !isDelisted(title, country)
  return isPublic || owns(reader, title.adamId)
}

export function owns(location: Location | undefined, adamId: string): boolean {
  return location?.assets.some((asset) => asset.adamId === adamId) === true
}

/** The numbers of a list with commas, once each; what is empty or no number is left out. */
export function idsIn(list: string | null): readonly string[] {
  return [...new Set((list ?? '').split(',').map((id) => id.trim()))].filter((id) => /^\d{1,20}$/.test(id))
}
