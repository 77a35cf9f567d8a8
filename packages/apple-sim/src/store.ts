/**
 * The store beside the license API: three sources of metadata, and the icons they point at.
 *
 * `contentMetadataLookup` is not bound to a token: what is custom or delisted shows only to a caller whose `itvt`
 * cookie is a token of an owning location.
 */
import type { IncomingMessage } from 'node:http'
import type { LookupItem, LookupResponse } from '@apportion/apple-wire/messages'
import { forMac, lookupItem, storefrontOf } from './catalog.ts'
import { iconPng } from './icon.ts'
import type { Answer } from './license-api.ts'
import { organizationMetadata } from './organization-metadata.ts'
import { publicLookup } from './public-lookup.ts'
import type { Simulation } from './simulation.ts'
import { idsIn, isVisible, locationOfCookie } from './store-reader.ts'

/** Answers everything that is not under `/mdm/v2`. */
export function answerStore(simulation: Simulation, request: IncomingMessage, url: URL): Answer {
  if (request.method !== 'GET') return plain(405, 'Method Not Allowed')
  if (url.pathname === '/WebObjects/MZStorePlatform.woa/wa/lookup') return lookup(simulation, request, url)
  if (url.pathname === '/lookup') return publicLookup(simulation, request, url)
  if (url.pathname.startsWith('/v1/catalog/')) return organizationMetadata(simulation, request, url)
  if (url.pathname.startsWith('/icons/')) return icon(simulation, url.pathname)
  return plain(404, 'Not Found')
}

/** Ids that are unknown, not sold in the country or not visible are silently missing; never a 404. */
function lookup(simulation: Simulation, request: IncomingMessage, { searchParams }: URL): Answer {
  if (searchParams.get('caller') !== 'MDM') return plain(403, 'Forbidden')
  if (!searchParams.has('p')) return json(400, { status: 7011 })
  if (searchParams.get('p') !== 'mdm-lockup') return json(400, { status: 7012 })
  const storefront = storefrontOf(searchParams.get('cc'))
  const view = { reader: locationOfCookie(simulation, request), country: storefront.country }
  const { metadataIds, lookupShape } = simulation.knobs()
  const { most, beyond } = metadataIds
  const isForMac = searchParams.get('platform') === 'macappstore'
  const ids = idsIn(searchParams.get('id'))
  if (ids.length > most && beyond === 'refused') return json(400, { status: 7012 })
  const results: Record<string, LookupItem> = {}
  for (const id of ids.slice(0, most)) {
    const title = simulation.catalog.find(id)
    if (!title || !isVisible(title, view)) continue
    results[id] = lookupItem(isForMac ? forMac(title) : title, {
      storefront,
      origin: simulation.origin(),
      shape: lookupShape,
    })
  }
  const answer: LookupResponse = {
    isAuthenticated: false,
    version: 2,
    meta: {
      storefront: { id: storefront.id, cc: storefront.country },
      language: { tag: searchParams.get('l') ?? storefront.language },
    },
    results,
  }
  return { ...json(200, answer), headers: { 'cache-control': 'max-age=900' } }
}

/** `/icons/{adamId}/{w}x{h}bb.png`; the drawn icon of a title that the catalog knows. */
function icon(simulation: Simulation, pathname: string): Answer {
  const match = /^\/icons\/(\d+)\/(\d{1,4})x(\d{1,4})bb\.png$/.exec(pathname)
  const title = simulation.catalog.find(match?.[1] ?? '')
  const size = Math.min(Number(match?.[2]), Number(match?.[3]))
  if (!title || !(size >= 8 && size <= 1024)) return plain(404, 'Not Found')
  return {
    status: 200,
    body: iconPng(title, size),
    contentType: 'image/png',
    headers: { 'cache-control': 'public, max-age=86400' },
  }
}

function json(status: number, body: unknown): Answer {
  return { status, body: JSON.stringify(body), contentType: 'application/json;charset=utf-8' }
}

function plain(status: number, body: string): Answer {
  return { status, body, contentType: 'text/plain' }
}
