/** The fields that services tell of titles, each of which may be missing, null or something else. */
import type { Platform } from '@apportion/apple-wire/messages'
import { isObject, type JsonObject } from './answer.ts'

const PLATFORM_OF_FAMILY: ReadonlyMap<string, Platform> = new Map([
  ['iphone', 'iOS'],
  ['ipad', 'iOS'],
  ['ipod', 'iOS'],
  ['mac', 'macOS'],
  ['tvos', 'tvOS'],
  ['watch', 'watchOS'],
  ['realityDevice', 'visionOS'],
])

/** The platforms of `deviceFamilies`, each once. */
export function platformsOfFamilies(families: unknown): readonly Platform[] {
  const named = texts(families).map((family) => PLATFORM_OF_FAMILY.get(family))
  return [...new Set(named)].filter((platform) => platform !== undefined)
}

/** Live answers have one object with a template, one of Apple's samples a list of sizes: then the largest. */
export function artworkOf(artwork: unknown): string | undefined {
  const sizes = (Array.isArray(artwork) ? artwork : [artwork]).filter(isObject)
  const width = (size: JsonObject): number => (typeof size.width === 'number' ? size.width : 0)
  const [largest] = sizes.filter(({ url }) => isWebAddress(url)).toSorted((a, b) => width(b) - width(a))
  return text(largest?.url)
}

/** An icon is shown in a browser, so nothing but a web address may come through. */
export const isWebAddress = (value: unknown): boolean =>
  typeof value === 'string' && /^https?:\/\//i.test(value)

/** The price of an offer, in the storefront's currency, and its text. */
export function priceOf(offer: JsonObject): { readonly price?: number; readonly priceFormatted?: string } {
  const price = typeof offer.price === 'number' ? offer.price : undefined
  return { ...present('price', price), ...present('priceFormatted', text(offer.priceFormatted)) }
}

export const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined

export const flag = (value: unknown): boolean | undefined => (typeof value === 'boolean' ? value : undefined)

export const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []

/** The key with its value, or nothing at all. */
export function present<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  // A computed key widens to string; K is the only key there is.
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V }
}
