/** Titles from `contentMetadataLookup`, custom apps of the organization included. */
import { type LookupOptions, lookupTitles, type TitleQuery } from './metadata.ts'
import type { TitleSource } from './title-sources.ts'

export interface ContentSourceOptions extends Omit<LookupOptions, 'lookupUrl'> {
  /** The service config's `contentMetadataLookup`, see `lookupUrlOf`. */
  readonly lookupUrl: () => Promise<string>
  readonly query: Pick<TitleQuery, 'platform' | 'language' | 'token'>
}

export function contentLookupSource({ lookupUrl, query, ...options }: ContentSourceOptions): TitleSource {
  return {
    name: 'content-lookup',
    async titles(wanted) {
      const { titles } = await lookupTitles(
        { ...options, lookupUrl: await lookupUrl() },
        { ...query, ...wanted },
      )
      return titles
    },
  }
}
