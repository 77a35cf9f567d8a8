/**
 * Titles from the public lookup of the store: the last resort, for what the other services did not tell. It knows
 * neither custom apps nor what left the store, and gets neither the content token nor anything else of the organization
 * but the ids.
 */
import type { Platform } from '@apportion/apple-wire/messages'
import { isObject, type JsonObject } from './answer.ts'
import type { Clock } from './clock.ts'
import { exchange } from './exchange.ts'
import { createPause, type Pause } from './pause.ts'
import type { TitleMetadata } from './title.ts'
import { isWebAddress, present, text, texts } from './title-fields.ts'
import { inGroups, type TitleSource } from './title-sources.ts'
import { type WireOptions, wireOf } from './wire.ts'

export const PUBLIC_LOOKUP_URL = 'https://itunes.apple.com/lookup'

/** No figure is published; 150 are known to work, and an address stays short with fewer. */
const GROUP_SIZE = 100

/** Apple documents about twenty calls a minute. */
const APART_MS = 3000

/** The pace of one machine: Apple counts by address, so all sources of a process share it. */
export interface PublicPace {
  /** Resolves when one more call may be made. */
  take(signal?: AbortSignal): Promise<void>
  readonly pause: Pause
}

/** At most one call in three seconds, none while Apple asked to wait. */
export function createPublicPace({
  clock,
  maxWaitMs,
}: {
  readonly clock: Clock
  readonly maxWaitMs: number
}): PublicPace {
  const pause = createPause({ clock, maxWaitMs })
  let last: number | undefined
  let turn: Promise<void> = Promise.resolve()

  async function takeNow(signal?: AbortSignal): Promise<void> {
    await pause.over(signal)
    const elapsed = last === undefined ? APART_MS : clock.now().getTime() - last
    // A clock that was set back must not hold a call back for longer than the distance.
    const wait = Math.min(APART_MS, APART_MS - elapsed)
    if (wait > 0) await clock.sleep(wait, signal)
    await pause.over(signal)
    last = clock.now().getTime()
  }

  return {
    pause,
    take(signal) {
      const mine = turn.then(() => takeNow(signal))
      turn = mine.catch(() => undefined)
      return mine
    },
  }
}

export interface PublicSourceOptions extends WireOptions {
  /** Apple's is {@link PUBLIC_LOOKUP_URL}; its host must be among the allowed ones. */
  readonly lookupUrl: string
  /** By default this source keeps its own. */
  readonly pace?: PublicPace | undefined
}

export function publicLookupSource(options: PublicSourceOptions): TitleSource {
  const wire = wireOf(options)
  const pace = options.pace ?? createPublicPace({ clock: wire.clock, maxWaitMs: wire.retry.maxWaitMs })
  return {
    name: 'public-lookup',
    async titles({ ids, country }) {
      const titles = new Map<string, TitleMetadata>()
      for (const group of inGroups(ids, GROUP_SIZE)) {
        const { results } = await exchange(wire, {
          method: 'GET',
          address: addressOf(options.lookupUrl, group, country),
          secrets: [],
          admit: (signal) => pace.take(signal),
          failed: (error, pauseMs) => pace.pause.noteFailure(error, pauseMs),
        })
        for (const title of titlesIn(results, new Set(group))) titles.set(title.adamId, title)
      }
      return titles
    },
  }
}

/** Without `entity`, which would leave out Mac software or books. */
function addressOf(lookupUrl: string, ids: readonly string[], country: string): string {
  if (!URL.canParse(lookupUrl)) return lookupUrl
  const url = new URL(lookupUrl)
  url.searchParams.set('country', country.toUpperCase())
  return `${url.href}&id=${ids.join(',')}`
}

function titlesIn(results: unknown, asked: ReadonlySet<string>): TitleMetadata[] {
  const items: readonly unknown[] = Array.isArray(results) ? results : []
  return items
    .map((item) => (isObject(item) ? readPublicTitle(item) : undefined))
    .filter((title) => title !== undefined && asked.has(title.adamId))
    .filter((title) => title !== undefined)
}

const KINDS: ReadonlyMap<string, NonNullable<TitleMetadata['kind']>> = new Map([
  ['software', 'iosSoftware'],
  ['mac-software', 'desktopApp'],
  ['ebook', 'epubBook'],
])

/** The title of a result; `undefined` without an id or a name. */
export function readPublicTitle(item: JsonObject): TitleMetadata | undefined {
  const { trackId } = item
  const name = text(item.trackName)
  if (typeof trackId !== 'number' || !Number.isSafeInteger(trackId) || name === undefined) return undefined
  const kind = KINDS.get(text(item.kind) ?? '')
  const artwork = [item.artworkUrl512, item.artworkUrl100, item.artworkUrl60].find(isWebAddress)
  const genre = text(item.primaryGenreName)
  const genres = texts(item.genres)
  return {
    adamId: String(trackId),
    name,
    platforms: platformsOf(item, kind),
    deviceFamilies: familiesOf(item, kind),
    genres: genres.length > 0 || genre === undefined ? genres : [genre],
    // What everybody can see was made for nobody in particular.
    isCustomApp: false,
    ...present('kind', kind),
    ...present('bundleId', text(item.bundleId)),
    ...present('publisher', text(item.sellerName) ?? text(item.artistName)),
    ...present('artworkTemplate', text(artwork)),
    ...present('version', text(item.version)),
    ...present('minimumOsVersion', text(item.minimumOsVersion)),
    ...present('price', typeof item.price === 'number' ? item.price : undefined),
    ...present('priceFormatted', text(item.formattedPrice)),
    ...present('storeUrl', text(item.trackViewUrl)),
    ...present('releaseDate', text(item.releaseDate)?.slice(0, 10)),
    ...present('description', text(item.description)),
  }
}

/** The families that `deviceFamilies` of the other services names. */
function familiesOf({ supportedDevices }: JsonObject, kind: TitleMetadata['kind']): readonly string[] {
  if (kind === 'desktopApp') return ['mac']
  const named = texts(supportedDevices).map((device) =>
    /^(?:iPhone|iPad|iPod)/.exec(device)?.[0].toLowerCase(),
  )
  return [...new Set(named)].filter((family) => family !== undefined)
}

const PLATFORM_OF_DEVICE: readonly (readonly [prefix: RegExp, platform: Platform])[] = [
  [/^(?:iPhone|iPad|iPod)/, 'iOS'],
  [/^AppleTV/, 'tvOS'],
  [/^Watch/, 'watchOS'],
  [/^(?:AppleVision|RealityDevice)/, 'visionOS'],
]

function platformsOf({ supportedDevices }: JsonObject, kind: string | undefined): readonly Platform[] {
  if (kind === 'epubBook') return []
  if (kind === 'desktopApp') return ['macOS']
  const devices = texts(supportedDevices)
  const named = PLATFORM_OF_DEVICE.filter(([prefix]) => devices.some((device) => prefix.test(device)))
  return named.length > 0 ? named.map(([, platform]) => platform) : ['iOS']
}
