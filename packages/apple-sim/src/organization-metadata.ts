/**
 * The Apps and Books Metadata API for organizations (`api.ent.apple.com`, `api.edu.apple.com`): `/v1/catalog/…`.
 *
 * A developer token opens it; the cookie `itvt` with a content token opens what the public may not see.
 */
import { type IncomingMessage, STATUS_CODES } from 'node:http'
import { supportedStorefront } from './catalog.ts'
import { checkDeveloperToken } from './developer-token.ts'
import type { Answer } from './license-api.ts'
import type { Location } from './location.ts'
import { type Asked, inAppResource, type Resource, titleResource } from './metadata-resource.ts'
import type { Simulation } from './simulation.ts'
import { idsIn, isVisible, locationOfCookie, owns } from './store-reader.ts'

/** What a request is refused with; the shape of Apple's, the texts ours. */
class MetadataRefusal extends Error {
  override readonly name = 'MetadataRefusal'
  readonly status: number

  constructor(status: number, detail: string) {
    super(detail)
    this.status = status
  }
}

const PATH =
  /^\/v1\/catalog\/([^/]+)\/(stoken-authenticated-(?:apps|books|purchases)|apps|books)(?:\/(\d+))?$/

/** Answers everything under `/v1/catalog`. */
export function organizationMetadata(simulation: Simulation, request: IncomingMessage, url: URL): Answer {
  try {
    const asked = checkedRequest(simulation, request, url)
    const data = asked.single === undefined ? dataOf(asked) : single(asked, asked.single)
    return json(200, { data })
  } catch (error) {
    if (!(error instanceof MetadataRefusal)) throw error
    return metadataError(simulation, { status: error.status, detail: error.message })
  }
}

/** An error of this API; of its codes only 40300 is known, the others are made alike. */
export function metadataError(
  { random }: Pick<Simulation, 'random'>,
  { status, detail }: { readonly status: number; readonly detail: string },
): Answer {
  const title = STATUS_CODES[status] ?? 'Error'
  const entry = { id: random.uuid(), title, detail, status: String(status), code: `${status}00` }
  return json(status, { errors: [entry] })
}

interface MetadataRequest extends Asked {
  readonly simulation: Simulation
  readonly list: string
  readonly single: string | undefined
  readonly query: URLSearchParams
  /** Whose content token came as a cookie; only the stoken lists read it. */
  readonly reader: Location | undefined
}

function checkedRequest(simulation: Simulation, request: IncomingMessage, url: URL): MetadataRequest {
  refuseWrongCaller(simulation, request)
  const [, country = '', list = '', id] = PATH.exec(url.pathname) ?? []
  const storefront = /^[a-z]{2}$/.test(country) ? supportedStorefront(country) : undefined
  if (!storefront) throw new MetadataRefusal(404, `There is no storefront "${country}" with this resource`)
  const isAuthenticated = list.startsWith('stoken-authenticated-')
  if (isAuthenticated && id !== undefined)
    throw new MetadataRefusal(404, 'The resource has no single entries')
  const reader = isAuthenticated ? locationOfCookie(simulation, request) : undefined
  if (isAuthenticated && !reader) throw invalidStoken()
  return {
    simulation,
    list,
    single: id,
    query: url.searchParams,
    reader,
    storefront,
    origin: simulation.origin(),
    platforms: wordsOf(url.searchParams, 'platform', 'additionalPlatforms'),
    withPlatforms: url.searchParams.has('additionalPlatforms'),
    extended: new Set(wordsOf(url.searchParams, 'extend', 'extend[apps]', 'extend[books]')),
  }
}

function refuseWrongCaller(simulation: Simulation, { headers }: IncomingMessage): void {
  const { knobs, clock, developerKeys, developerCalls } = simulation
  const check = { keys: developerKeys, now: clock.now(), origin: headers.origin }
  const key = checkDeveloperToken(headers.authorization, check)
  if (typeof key === 'string') throw new MetadataRefusal(401, key)
  const { pacingClock, organizationLookupsPerMinute: most } = knobs()
  const now = pacingClock === 'wall' ? Date.now() : clock.now()
  if (!developerCalls.allows(key.keyId, now, most)) throw new MetadataRefusal(429, 'Ask again later')
}

/** Ids that are unknown, or not to be seen by this caller, are missing without a word. */
function dataOf(asked: MetadataRequest): readonly Resource[] {
  const { list } = asked
  if (list === 'stoken-authenticated-purchases') return purchases(asked)
  const ids = requestedIds(asked, 'ids')
  if (ids.length === 0) {
    throw asked.reader ? invalidStoken() : new MetadataRefusal(400, 'No ids were given')
  }
  return titles(asked, ids, list.endsWith('books') ? 'books' : 'apps')
}

function purchases(asked: MetadataRequest): readonly Resource[] {
  const [apps, books, inApps] = ['ids[apps]', 'ids[books]', 'ids[in-apps]'].map((name) =>
    requestedIds(asked, name),
  )
  const total = (apps?.length ?? 0) + (books?.length ?? 0) + (inApps?.length ?? 0)
  if (total === 0) throw invalidStoken()
  const owned = (ids: readonly string[] = []) => ids.filter((id) => owns(asked.reader, id))
  const subscriptions = (inApps ?? [])
    .map((id) => asked.reader?.subscriptions.find(Number(id)))
    .filter((subscription) => subscription !== undefined)
  return [
    ...titles(asked, owned(apps), 'apps'),
    ...titles(asked, owned(books), 'books'),
    ...subscriptions.map((each) => inAppResource(each, asked, asked.simulation.catalog)),
  ]
}

function single(asked: MetadataRequest, id: string): readonly Resource[] {
  const found = titles(asked, [id], asked.list === 'books' ? 'books' : 'apps')
  if (found.length === 0) throw new MetadataRefusal(404, `There is no ${id} in this storefront`)
  return found
}

function titles(asked: MetadataRequest, ids: readonly string[], type: 'apps' | 'books'): readonly Resource[] {
  const view = { reader: asked.reader, country: asked.storefront.country }
  return ids
    .map((id) => asked.simulation.catalog.find(id))
    .filter((title) => title !== undefined)
    .filter((title) => (title.kind === 'epubBook') === (type === 'books') && isVisible(title, view))
    .map((title) => titleResource(title, asked))
}

function requestedIds({ simulation, query }: MetadataRequest, name: string): readonly string[] {
  const ids = idsIn(query.get(name))
  const { most, beyond } = simulation.knobs().metadataIds
  if (ids.length > most && beyond === 'refused') throw new MetadataRefusal(400, `More than ${most} ids`)
  return ids.slice(0, most)
}

function wordsOf(query: URLSearchParams, ...names: readonly string[]): readonly string[] {
  return names.flatMap((name) => (query.get(name) ?? '').split(',')).filter((word) => word !== '')
}

const invalidStoken = (): MetadataRefusal =>
  new MetadataRefusal(403, 'The sToken is invalid, or no ids were given')

function json(status: number, body: unknown): Answer {
  return { status, body: JSON.stringify(body), contentType: 'application/json;charset=utf-8' }
}
