/**
 * Titles from several services of Apple, one after the other: what the first does not know is asked of the next. Each
 * title says where it came from.
 */
import { AppleError, AppsBooksError } from './errors.ts'
import type { TitleMetadata } from './title.ts'

/**
 * - `organization-api`: Apps and Books Metadata for Organizations, with a developer's key
 * - `content-lookup`: the `contentMetadataLookup` of the service config, with the content token
 * - `public-lookup`: what everybody can see in the store
 */
export type TitleSourceName = 'organization-api' | 'content-lookup' | 'public-lookup'

export interface TitlesWanted {
  /** Digits only; any number, the source asks in groups. */
  readonly ids: readonly string[]
  /** Storefront as in the client config's `countryISO2ACode`, in either case. */
  readonly country: string
}

/** One service that tells of titles. */
export interface TitleSource {
  readonly name: TitleSourceName
  /**
   * The titles that it knows, by `adamId`.
   *
   * @throws {AppleError | AppsBooksError} when it does not answer or refuses
   */
  titles(wanted: TitlesWanted): Promise<ReadonlyMap<string, TitleMetadata>>
}

/** A title and the service that told of it. */
export interface SourcedTitle {
  readonly title: TitleMetadata
  readonly source: TitleSourceName
}

export interface ChainAnswer {
  /** By `adamId`. */
  readonly titles: ReadonlyMap<string, SourcedTitle>
  /** Ids that every service answered for without knowing them. */
  readonly unknown: readonly string[]
  /** Ids that nobody told of while a service did not answer: to be asked again. */
  readonly unanswered: readonly string[]
  /** Services that did not answer, in their order. */
  readonly failures: readonly {
    readonly source: TitleSourceName
    readonly error: AppleError | AppsBooksError
  }[]
}

/**
 * Asks the services in their order, each for what those before did not tell.
 *
 * @throws {TypeError} for an id that is not a number in digits
 * @throws what is no failure of a service, such as the reason of an aborted signal
 */
export async function titlesFrom(
  sources: readonly TitleSource[],
  wanted: TitlesWanted,
): Promise<ChainAnswer> {
  const titles = new Map<string, SourcedTitle>()
  const failures: { source: TitleSourceName; error: AppleError | AppsBooksError }[] = []
  let missing: readonly string[] = [...new Set(wanted.ids)]
  const bad = missing.find((id) => !/^\d{1,20}$/.test(id))
  if (bad !== undefined) throw new TypeError(`"${bad}" is no adamId: it has other characters than digits`)
  for (const source of sources) {
    if (missing.length === 0) break
    try {
      const found = await source.titles({ ids: missing, country: wanted.country })
      for (const [id, title] of found) titles.set(id, { title, source: source.name })
      missing = missing.filter((id) => !titles.has(id))
    } catch (error) {
      if (!(error instanceof AppleError) && !(error instanceof AppsBooksError)) throw error
      failures.push({ source: source.name, error })
    }
  }
  const isSure = failures.length === 0
  return { titles, unknown: isSure ? missing : [], unanswered: isSure ? [] : missing, failures }
}

/** The ids in groups of at most `size`, in their order. */
export function inGroups(ids: readonly string[], size: number): string[][] {
  const groups: string[][] = []
  for (let from = 0; from < ids.length; from += size) groups.push(ids.slice(from, from + size))
  return groups
}
