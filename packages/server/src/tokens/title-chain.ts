/**
 * The services that names, icons and versions of titles come from (C1): Apple's metadata API for organizations when the
 * operator has a developer's key, then the lookup that every content token opens, then what everybody can see.
 */
import type { AppsBooksClient } from '@apportion/apps-books/client'
import { contentLookupSource } from '@apportion/apps-books/content-source'
import { createDeveloperTokens, type DeveloperKey } from '@apportion/apps-books/developer-token'
import { lookupUrlOf } from '@apportion/apps-books/metadata'
import { organizationCatalogUrl, organizationSource } from '@apportion/apps-books/organization-source'
import { createPublicPace, publicLookupSource } from '@apportion/apps-books/public-source'
import type { RetryPolicy } from '@apportion/apps-books/retry'
import { type ChainAnswer, type TitleSource, titlesFrom } from '@apportion/apps-books/title-sources'
import { systemClock } from '../platform/clock.ts'
import type { LocationRow } from './store.ts'

/** What the operator chose. */
export interface TitleSettings {
  readonly developerKey: DeveloperKey | null
  /** The root of the metadata API for organizations; null for Apple's own. */
  readonly catalogUrl: URL | null
  /** Null never asks the public lookup. */
  readonly publicLookupUrl: URL | null
}

/** Which hosts may be asked, the public lookup aside. */
export interface TitleWire {
  readonly allowedHosts: readonly string[]
  readonly allowLoopbackHttp: boolean
  readonly titles?: TitleSettings
}

/** For which location titles are asked. */
export interface TitleAsker {
  readonly location: Pick<LocationRow, 'country' | 'store_platform'>
  readonly bearer: string
  readonly client: Pick<AppsBooksClient, 'serviceConfig'>
  readonly signal: AbortSignal | undefined
}

export interface TitleChain {
  /** The titles, each with the service that told of it; services that fail are named in the answer. */
  of(asker: TitleAsker, adamIds: readonly string[]): Promise<ChainAnswer>
}

/** Names are kept once for each country, in one language. */
const language = 'en'

/** The public lookup is a last resort: a sync does not wait for it longer than needed. */
const onceMore: RetryPolicy = { maxTries: 2, baseMs: 1000, maxWaitMs: 60_000 }

/** One for each process: developer tokens and the pace of the public lookup are shared by all locations. */
export function createTitleChain(wire: TitleWire, fetch: typeof globalThis.fetch): TitleChain {
  const { developerKey = null, catalogUrl = null, publicLookupUrl = null } = wire.titles ?? {}
  const developerToken = developerKey === null ? null : createDeveloperTokens(developerKey, systemClock)
  const pace = createPublicPace({ clock: systemClock, maxWaitMs: onceMore.maxWaitMs })
  const { allowedHosts, allowLoopbackHttp: allowPlainHttpLoopback } = wire

  function sourcesFor({ location, bearer, client, signal }: TitleAsker): TitleSource[] {
    const platform = location.store_platform
    const its = { fetch, allowPlainHttpLoopback, userAgent: 'Apportion', signal }
    const withToken = { ...its, allowedHosts }
    const sources: TitleSource[] = []
    if (developerToken !== null) {
      const root = catalogUrl?.href ?? organizationCatalogUrl(platform)
      sources.push(
        organizationSource({ ...withToken, catalogUrl: root, developerToken, token: bearer, language }),
      )
    }
    const lookupUrl = async () => lookupUrlOf(await client.serviceConfig())
    sources.push(
      contentLookupSource({ ...withToken, lookupUrl, query: { platform, language, token: bearer } }),
    )
    if (publicLookupUrl !== null) {
      const { href, host } = publicLookupUrl
      sources.push(
        publicLookupSource({ ...its, allowedHosts: [host], lookupUrl: href, pace, retry: onceMore }),
      )
    }
    return sources
  }

  return { of: (asker, ids) => titlesFrom(sourcesFor(asker), { ids, country: asker.location.country }) }
}
