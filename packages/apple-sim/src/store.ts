/**
 * The store beside the license API: `contentMetadataLookup` and the icons it points at.
 *
 * Not bound to a token: custom apps show only to a caller whose `itvt` cookie is a token of an owning location.
 */
import type { IncomingMessage } from 'node:http'
import type { LookupItem, LookupResponse } from '@apportion/apple-wire/messages'
import { lookupItem, storefrontOf, type Title } from './catalog.ts'
import { iconPng } from './icon.ts'
import type { Answer } from './license-api.ts'
import type { Location } from './location.ts'
import type { Simulation } from './simulation.ts'

/** Answers everything that is not under `/mdm/v2`. */
export function answerStore(simulation: Simulation, request: IncomingMessage, url: URL): Answer {
  if (request.method !== 'GET') return plain(405, 'Method Not Allowed')
  if (url.pathname === '/WebObjects/MZStorePlatform.woa/wa/lookup') return lookup(simulation, request, url)
  if (url.pathname.startsWith('/icons/')) return icon(simulation, url.pathname)
  return plain(404, 'Not Found')
}

/** Ids that are unknown, not sold in the country or not visible are silently missing; never a 404. */
function lookup(simulation: Simulation, request: IncomingMessage, { searchParams }: URL): Answer {
  if (searchParams.get('caller') !== 'MDM') return plain(403, 'Forbidden')
  if (!searchParams.has('p')) return json(400, { status: 7011 })
  if (searchParams.get('p') !== 'mdm-lockup') return json(400, { status: 7012 })
  const storefront = storefrontOf(searchParams.get('cc'))
  const reader = locationOfCookie(simulation, request.headers.cookie)
  const results: Record<string, LookupItem> = {}
  for (const id of new Set((searchParams.get('id') ?? '').split(','))) {
    const title = simulation.catalog.find(id)
    if (!title || !isVisible(title, reader)) continue
    const item = lookupItem(title, { storefront, origin: simulation.origin() })
    if (item) results[id] = item
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

function isVisible(title: Title, reader: Location | undefined): boolean {
  return !title.custom || reader?.assets.some((asset) => asset.adamId === title.adamId) === true
}

function locationOfCookie(simulation: Simulation, cookie: string | undefined): Location | undefined {
  const text = /(?:^|;\s*)itvt=([^;\s]+)/.exec(cookie ?? '')?.[1]
  const owner = text === undefined ? undefined : simulation.tokens.get(text)
  const isGood = owner && !owner.token.revoked && owner.token.expiresAt > simulation.clock.now()
  return isGood ? owner.location : undefined
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
