/**
 * The public lookup of the store (`itunes.apple.com/lookup`): no authentication, and nothing that is custom, delisted
 * or not sold in the country.
 */
import type { IncomingMessage } from 'node:http'
import {
  formattedPrice,
  nameIn,
  priceIn,
  type Storefront,
  supportedStorefront,
  type Title,
} from './catalog.ts'
import type { Answer } from './license-api.ts'
import type { Simulation } from './simulation.ts'
import { idsIn, isVisible } from './store-reader.ts'

/** One title as this host writes it; the fields differ from every other source of metadata. */
interface LookupRow {
  readonly trackId: number
  readonly trackName: string
  readonly kind: 'software' | 'mac-software' | 'ebook'
  readonly price: number
  readonly formattedPrice: string
  readonly currency: string
  readonly [field: string]: unknown
}

const KIND_OF = { iosSoftware: 'software', desktopApp: 'mac-software', epubBook: 'ebook' } as const

const ENTITIES: ReadonlyMap<string, readonly LookupRow['kind'][]> = new Map([
  ['software', ['software']],
  ['iPadSoftware', ['software']],
  ['desktopSoftware', ['mac-software']],
  ['macSoftware', ['mac-software']],
  ['ebook', ['ebook']],
])

const RETRY_AFTER_S = '30'

/** Without `entity` an id gives its title whatever it is. A country without a store, or an unknown word, is 400. */
export function publicLookup(simulation: Simulation, request: IncomingMessage, url: URL): Answer {
  if (!isAllowed(simulation, request)) return tooMany()
  const query = url.searchParams
  const storefront = supportedStorefront(query.get('country') ?? 'US')
  if (!storefront) return wrong('country')
  const entity = query.get('entity')
  const kinds = entity === null ? undefined : ENTITIES.get(entity)
  if (entity !== null && !kinds) return wrong('resultEntity')
  const { most, beyond } = simulation.knobs().metadataIds
  const ids = idsIn(query.get('id'))
  if (ids.length > most && beyond === 'refused') return wrong('id')
  const results = ids
    .slice(0, most)
    .map((id) => simulation.catalog.find(id))
    .filter((title) => title !== undefined)
    .filter((title) => isVisible(title, { reader: undefined, country: storefront.country }))
    .filter((title) => kinds === undefined || kinds.includes(KIND_OF[title.kind]))
    .map((title) => row(title, storefront, simulation.origin()))
  return javascript(200, { resultCount: results.length, results })
}

function isAllowed({ knobs, clock, publicCalls }: Simulation, { socket }: IncomingMessage): boolean {
  const { pacingClock, publicLookupsPerMinute } = knobs()
  const now = pacingClock === 'wall' ? Date.now() : clock.now()
  return publicCalls.allows(socket.remoteAddress ?? '', now, publicLookupsPerMinute)
}

function row(title: Title, storefront: Storefront, origin: string): LookupRow {
  const isBook = title.kind === 'epubBook'
  const artwork = (size: number): string => `${origin}/icons/${title.adamId}/${size}x${size}bb.png`
  const price = priceIn(title, storefront)
  const released = `${title.releaseDate ?? '2020-01-01'}T00:00:00Z`
  return {
    trackId: Number(title.adamId),
    trackName: nameIn(title, storefront),
    kind: KIND_OF[title.kind],
    artistName: title.publisher,
    ...(!isBook && {
      ...(title.bundleId !== undefined && { bundleId: title.bundleId }),
      version: title.version ?? '1.0',
      minimumOsVersion: title.minimumOSVersion ?? '17.0',
      sellerName: title.publisher,
      fileSizeBytes: String(title.size ?? 48_000_000),
      releaseNotes: '',
      currentVersionReleaseDate: released,
    }),
    // Rows of Mac apps have no such list.
    ...(title.kind === 'iosSoftware' && { supportedDevices: ['iPhone15-iPhone15', 'iPad10-iPad10'] }),
    artworkUrl60: artwork(60),
    artworkUrl100: artwork(100),
    artworkUrl512: artwork(512),
    price,
    formattedPrice: price === 0 ? 'Free' : formattedPrice(price, storefront),
    currency: storefront.currency,
    primaryGenreName: title.genres?.[0] ?? 'Utilities',
    releaseDate: released,
    description: title.description ?? '',
    trackViewUrl: `https://apps.apple.com/${storefront.country.toLowerCase()}/${isBook ? 'book' : 'app'}/id${title.adamId}`,
  }
}

const wrong = (key: string): Answer =>
  javascript(400, { errorMessage: `Invalid value(s) for key(s): [${key}]`, queryParameters: {} })

function javascript(status: number, body: unknown): Answer {
  return { status, body: JSON.stringify(body), contentType: 'text/javascript; charset=utf-8' }
}

function tooMany(): Answer {
  return {
    status: 429,
    body: '<html><body><h1>Too Many Requests</h1></body></html>',
    contentType: 'text/html',
    headers: { 'retry-after': RETRY_AFTER_S },
  }
}
