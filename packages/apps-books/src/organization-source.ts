/**
 * Titles from Apple's Apps and Books Metadata for Organizations API, for operators who have a developer's key. The
 * content token goes along as a cookie and shows the organization's custom apps too. Both secrets go to the allowed
 * hosts only, and never along a redirect.
 */
import { isObject } from './answer.ts'
import { AppsBooksError } from './errors.ts'
import { exchange } from './exchange.ts'
import { readOrganizationTitle } from './organization-title.ts'
import { createPause } from './pause.ts'
import type { TitleMetadata } from './title.ts'
import { inGroups, type TitleSource, type TitlesWanted } from './title-sources.ts'
import { type WireOptions, wireOf } from './wire.ts'

export const BUSINESS_CATALOG_URL = 'https://api.ent.apple.com/v1'
export const EDUCATION_CATALOG_URL = 'https://api.edu.apple.com/v1'

/** Apple tells no maximum; this many are known to work. */
const GROUP_SIZE = 50

/** The root for a unit, by its client config's `defaultPlatform`. */
export function organizationCatalogUrl(platform: string): string {
  return platform === 'volumestore' ? EDUCATION_CATALOG_URL : BUSINESS_CATALOG_URL
}

export interface OrganizationSourceOptions extends WireOptions {
  /** Such as {@link BUSINESS_CATALOG_URL}. */
  readonly catalogUrl: string
  /** Gives a valid developer token, see `createDeveloperTokens`; sources of one key share it. */
  readonly developerToken: () => string
  /** The content token's bearer; without it only what the public store has. */
  readonly token?: string | undefined
  /** Such as `en` or `nl`. */
  readonly language: string
}

/** Apps first; what is no app is asked for among the books. */
export function organizationSource(options: OrganizationSourceOptions): TitleSource {
  const wire = wireOf(options)
  const pause = createPause({ clock: wire.clock, maxWaitMs: wire.retry.maxWaitMs })

  async function ask(
    kind: 'apps' | 'books',
    wanted: TitlesWanted,
  ): Promise<ReadonlyMap<string, TitleMetadata>> {
    const found = new Map<string, TitleMetadata>()
    for (const ids of inGroups(wanted.ids, GROUP_SIZE)) {
      await pause.over(wire.signal)
      const { data } = await exchange(wire, {
        ...secretsOf(options),
        method: 'GET',
        address: addressOf(options, kind, { ids, country: wanted.country }),
        failed: (error, pauseMs) => pause.noteFailure(error, pauseMs),
      }).catch((error: unknown) => {
        throw explained(error)
      })
      for (const title of titlesIn(data, new Set(ids))) found.set(title.adamId, title)
    }
    return found
  }

  return {
    name: 'organization-api',
    async titles(wanted) {
      const apps = await ask('apps', wanted)
      const others = wanted.ids.filter((id) => !apps.has(id))
      const books = await ask('books', { ...wanted, ids: others })
      return new Map([...apps, ...books])
    },
  }
}

function secretsOf(options: OrganizationSourceOptions) {
  const { token } = options
  const developerToken = options.developerToken()
  return {
    headers: {
      authorization: `Bearer ${developerToken}`,
      ...(token === undefined ? {} : { cookie: `itvt=${token}` }),
    },
    secrets: token === undefined ? [developerToken] : [developerToken, token],
  }
}

function addressOf(
  { catalogUrl, token, language }: OrganizationSourceOptions,
  kind: 'apps' | 'books',
  { ids, country }: TitlesWanted,
): string {
  const list = token === undefined ? kind : `stoken-authenticated-${kind}`
  const address = `${catalogUrl.replace(/\/$/, '')}/catalog/${encodeURIComponent(country.toLowerCase())}/${list}`
  // The commas and brackets stay as they are: that is the form known to work.
  const apps =
    kind === 'apps' ? '&platform=iphone&additionalPlatforms=ipad,mac&extend[apps]=latestVersionInfo' : ''
  return `${address}?ids=${ids.join(',')}${apps}&l=${encodeURIComponent(language)}`
}

function titlesIn(data: unknown, asked: ReadonlySet<string>): TitleMetadata[] {
  const records: readonly unknown[] = Array.isArray(data) ? data : []
  return records
    .filter(isObject)
    .map((record) => {
      const { id } = record
      return typeof id === 'string' && asked.has(id) ? readOrganizationTitle(id, record) : undefined
    })
    .filter((title) => title !== undefined)
}

/** Says what an operator can do about the two refusals that this service has. */
function explained(error: unknown): unknown {
  if (!(error instanceof AppsBooksError) || error.code !== 'apple.http_error') return error
  const { httpStatus, retryAfterMs } = error
  const advice = ADVICE.get(httpStatus ?? 0)
  return advice === undefined ? error : new AppsBooksError(error.code, advice, { httpStatus, retryAfterMs })
}

const ADVICE: ReadonlyMap<number, string> = new Map([
  [
    401,
    'Apple refused the developer key (status 401). Check the key, its key id and the team id, and that the key belongs to a Services ID for "Apps and Books for organizations".',
  ],
  [403, 'Apple refused the content token for the metadata of titles (status 403).'],
])
