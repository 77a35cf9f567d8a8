/**
 * Names, icons, versions and prices of titles, which the license API does not tell: Apple's
 * `contentMetadataLookup`, another service on another host.
 *
 * With the token as a cookie it also tells of custom apps and of apps that left the store. An unknown title and one
 * that the token may not see are both simply missing, and the answer never says whether the token was accepted.
 */
import type { ServiceConfigResponse } from '@apportion/apple-wire/messages'
import { isObject, type JsonObject } from './answer.ts'
import { exchange } from './exchange.ts'
import { readTitle, type TitleMetadata } from './title.ts'
import { type WireOptions, wireOf } from './wire.ts'

export const APPLE_LOOKUP_URL =
  'https://uclient-api.itunes.apple.com/WebObjects/MZStorePlatform.woa/wa/lookup'

/** Apple tells no maximum; this many are known to work. */
export const MAX_LOOKUP_IDS = 50

export interface LookupOptions extends WireOptions {
  /** The service config's `contentMetadataLookup`. */
  readonly lookupUrl: string
}

export interface TitleQuery {
  /** Any number; they are asked for in groups of {@link MAX_LOOKUP_IDS}, one after the other. */
  readonly ids: readonly string[]
  /** Storefront as in the client config's `countryISO2ACode`, in either case. */
  readonly country: string
  /** The client config's `defaultPlatform`; `macappstore` for the Mac side of a universal app. */
  readonly platform: 'enterprisestore' | 'volumestore' | 'macappstore' | (string & {})
  /** Such as `en` or `nl`. */
  readonly language: string
  /** The content token's bearer, to see custom apps. */
  readonly token?: string | undefined
}

export interface TitleAnswer {
  /** By `adamId`; titles that Apple does not tell of are missing. */
  readonly titles: ReadonlyMap<string, TitleMetadata>
  /** The storefront that answered, in lower case; Apple answers for the United States where it does not know one. */
  readonly country: string | undefined
  /** Another storefront answered than the one asked for: the titles then carry no price. */
  readonly isOtherCountry: boolean
}

/** The lookup's address: the service config's, else the one Apple had in 2026. */
export function lookupUrlOf(config: ServiceConfigResponse): string {
  const named: unknown = config.urls?.contentMetadataLookup
  return typeof named === 'string' && named !== '' ? named : APPLE_LOOKUP_URL
}

/**
 * @throws {TypeError} for an id that is not a number in digits
 * @throws {AppsBooksError} when Apple does not answer or refuses
 */
export async function lookupTitles(options: LookupOptions, query: TitleQuery): Promise<TitleAnswer> {
  const ids = [...new Set(query.ids)]
  const bad = ids.find((id) => !/^\d{1,20}$/.test(id))
  if (bad !== undefined) throw new TypeError(`"${bad}" is no adamId: it has other characters than digits`)
  const wire = wireOf(options)
  const { token } = query
  const titles = new Map<string, TitleMetadata>()
  let country: string | undefined
  for (let start = 0; start < ids.length; start += MAX_LOOKUP_IDS) {
    const group = ids.slice(start, start + MAX_LOOKUP_IDS)
    const body = await exchange(wire, {
      method: 'GET',
      address: lookupAddress(options.lookupUrl, query, group),
      headers: token === undefined ? {} : { cookie: `itvt=${token}` },
      secrets: token === undefined ? [] : [token],
    })
    country = countryOf(body) ?? country
    for (const title of titlesOf(body, group, isOther(country, query))) titles.set(title.adamId, title)
  }
  return { titles, country, isOtherCountry: isOther(country, query) }
}

function lookupAddress(lookupUrl: string, query: TitleQuery, ids: readonly string[]): string {
  if (!URL.canParse(lookupUrl)) return lookupUrl
  const url = new URL(lookupUrl)
  url.searchParams.set('version', '2')
  url.searchParams.set('p', 'mdm-lockup')
  url.searchParams.set('caller', 'MDM')
  url.searchParams.set('platform', query.platform)
  url.searchParams.set('cc', query.country.toLowerCase())
  url.searchParams.set('l', query.language)
  // The commas stay as they are: that is the form known to work.
  return `${url.href}&id=${ids.join(',')}`
}

function countryOf({ meta }: JsonObject): string | undefined {
  const storefront = isObject(meta) ? meta.storefront : undefined
  const cc = isObject(storefront) ? storefront.cc : undefined
  return typeof cc === 'string' && cc !== '' ? cc.toLowerCase() : undefined
}

const isOther = (country: string | undefined, query: TitleQuery): boolean =>
  country !== undefined && country !== query.country.toLowerCase()

function titlesOf(body: JsonObject, ids: readonly string[], isFromOtherCountry: boolean): TitleMetadata[] {
  const results = isObject(body.results) ? body.results : {}
  return ids
    .map((adamId) =>
      Object.hasOwn(results, adamId) ? readTitle(adamId, results[adamId], { isFromOtherCountry }) : undefined,
    )
    .filter((title) => title !== undefined)
}
