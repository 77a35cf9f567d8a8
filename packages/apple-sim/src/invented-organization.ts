/**
 * An organization of any size, invented from a seed: locations, titles with few or many licenses, who holds them,
 * devices, people and groups. A description that is made again wherever it is asked for; the same seed and size
 * always give the same one. `enterOrganization` (organization-world.ts) tells a simulated Apple about it.
 */
import type { Title } from './catalog.ts'
import type { Directory, DirectoryUser } from './directory.ts'
import { spreadHoldings } from './holding-spread.ts'
import { departmentGroup, deviceGroups, devicesAt } from './invented-directory.ts'
import { type DeviceKind, inventedSerial, inventedUser, type PeopleOf } from './invented-people.ts'
import { CORE_TITLES, type InventedTitle, inventedTitle } from './invented-titles.ts'
import { chosen, scrambled } from './numbers.ts'
import { type OrganizationSize, organizationSize, type Preset } from './organization-size.ts'

/** A part of the organization's devices or people: `count` of them, from index `from` on. */
export interface Range {
  readonly from: number
  readonly count: number
}

export interface InventedAsset {
  readonly adamId: string
  readonly isBook: boolean
  /** Licenses owned, or `unlimited`. */
  readonly total: number | 'unlimited'
  /** Licenses held. */
  readonly held: number
  /** Who holds them, by position among the location's devices, or among its readers for a book. */
  readonly holders: () => Iterable<number>
}

export interface InventedLocation {
  readonly uId: string
  readonly name: string
  readonly country: string
  readonly platform: 'volumestore' | 'enterprisestore'
  readonly devices: Range
  readonly kinds: Readonly<Record<DeviceKind, Range>>
  readonly users: Range
  /** Of those users, the first ones: registered with Apple, since they hold books. */
  readonly readers: number
  readonly assets: readonly InventedAsset[]
}

export interface InventedOrganization extends Directory {
  readonly name: string
  /** As content tokens carry it. */
  readonly organizationName: string
  readonly size: OrganizationSize
  readonly titles: readonly Title[]
  readonly locations: readonly InventedLocation[]
  serialNumber(index: number): string
  user(index: number): DirectoryUser
}

export interface OrganizationWish extends Partial<OrganizationSize> {
  readonly preset?: Preset
  readonly seed?: number
}

interface Kind {
  readonly platform: InventedLocation['platform']
  /** Shares of the devices; the rest are Macs. */
  readonly ipads: number
  readonly iphones: number
  readonly places: readonly string[]
  readonly departments: readonly string[]
  /** What a set of devices is called, and how many belong to one. */
  readonly set: readonly [name: string, size: number]
}

const KINDS: Readonly<Record<Preset, Kind>> = {
  school: {
    platform: 'volumestore',
    ipads: 0.8,
    iphones: 0.04,
    places: ['North College', 'Harbor School', 'Polder School', 'River Campus', 'West Academy'],
    departments: ['Pupils', 'Pupils', 'Pupils', 'Pupils', 'Pupils', 'Pupils', 'Pupils', 'Teachers', 'Staff'],
    set: ['Class', 28],
  },
  company: {
    platform: 'enterprisestore',
    ipads: 0.3,
    iphones: 0.45,
    places: [
      'Rotterdam',
      'Antwerp',
      'Hamburg',
      'Lyon',
      'Dublin',
      'Aarhus',
      'Bilbao',
      'Turin',
      'Malmö',
      'Gdańsk',
    ],
    departments: [
      'Sales',
      'Service',
      'Logistics',
      'Production',
      'Finance',
      'Research',
      'People',
      'Technology',
    ],
    set: ['Team', 250],
  },
}
const COUNTRIES = ['NL', 'BE', 'DE', 'FR', 'IE', 'DK', 'ES', 'IT', 'SE'] as const
const READERS = 0.05

/** Throws `RangeError` with the name and value of a number that is impossible. */
export function inventOrganization({
  preset = 'school',
  seed = 1,
  ...wished
}: OrganizationWish = {}): InventedOrganization {
  const size = organizationSize(preset, wished)
  const kind = KINDS[preset]
  const titles = Array.from({ length: size.titles }, (_, rank) => inventedTitle(seed, rank))
  const people: PeopleOf = { seed, domain: `${preset}${seed}.example`, departments: kind.departments }
  const bare = bareLocations({ preset, seed, size })
  const locations = withAssets(bare, { seed, titles, licenses: size.licenses })
  const user = (index: number): DirectoryUser => inventedUser(people, index)
  return {
    name: `${preset === 'school' ? 'School' : 'Company'} ${seed}`,
    organizationName: `${preset.toUpperCase()}-${seed}-EXAMPLE`,
    size,
    titles: titles.map(({ title }) => title),
    locations,
    serialNumber: (index) => inventedSerial(seed, index),
    user,
    *users() {
      for (let index = 0; index < size.users; index++) yield user(index)
    },
    *devices() {
      for (const location of locations) yield* devicesAt(location, { seed, preset, user })
    },
    *groups() {
      for (const location of locations) yield* deviceGroups(location, { seed, set: kind.set })
      for (const name of new Set(kind.departments)) yield departmentGroup(name, { size, user })
    },
  }
}

type BareLocation = Omit<InventedLocation, 'assets'>

/** The first location is the largest; the others follow at a distance. */
function bareLocations({
  preset,
  seed,
  size,
}: {
  readonly preset: Preset
  readonly seed: number
  readonly size: OrganizationSize
}): readonly BareLocation[] {
  const { platform, ipads, iphones, places } = KINDS[preset]
  const weights = Array.from({ length: size.locations }, (_, index) => 1 / (index + 1) ** 0.7)
  const devices = split(size.devices, weights)
  const users = split(size.users, weights)
  return weights.map((_, index) => {
    const here = devices[index] ?? { from: 0, count: 0 }
    const [ipad, iphone, mac] = split(here.count, [ipads, iphones, 1 - ipads - iphones], here.from)
    const none = { from: here.from, count: 0 }
    const round = Math.floor(index / places.length)
    const people = users[index] ?? { from: 0, count: 0 }
    return {
      uId: `20490${String(scrambled(seed, 31, index)).padStart(11, '0')}`,
      name: `${chosen(places, index)}${round === 0 ? '' : ` ${round + 1}`}`,
      country: preset === 'school' ? 'NL' : chosen(COUNTRIES, index),
      platform,
      devices: here,
      kinds: { ipad: ipad ?? none, iphone: iphone ?? none, mac: mac ?? none },
      users: people,
      readers: Math.ceil(people.count * READERS),
    }
  })
}

/** Cuts `count` into ranges that are as large as their weights say; each gets one at least while there are any. */
function split(count: number, weights: readonly number[], start = 0): readonly Range[] {
  const sum = weights.reduce((total, weight) => total + weight, 0)
  let before = 0
  let from = 0
  return weights.map((weight, index) => {
    before += weight
    const left = weights.length - index - 1
    const until = left === 0 ? count : Math.round((count * before) / sum)
    const to = Math.min(Math.max(until, from + 1, 0), Math.max(from, count - left), count)
    const range = { from: start + from, count: to - from }
    from = to
    return range
  })
}

function withAssets(
  locations: readonly BareLocation[],
  {
    seed,
    titles,
    licenses,
  }: { readonly seed: number; readonly titles: readonly InventedTitle[]; readonly licenses: number },
): readonly InventedLocation[] {
  const offers = locations.flatMap((location, index) =>
    titles.flatMap((title, rank) =>
      isOwnedAt({ seed, index, rank, locations: locations.length })
        ? [{ location: index, rank, title, range: fitting(location, title) }]
        : [],
    ),
  )
  const assets = spreadHoldings(seed, offers, licenses)
  return locations.map((location, index) => ({
    ...location,
    assets: assets.filter((asset) => asset.location === index),
  }))
}

/** Core titles and those that run everywhere are at every location, the others at some, each at one at least. */
function isOwnedAt({
  seed,
  index,
  rank,
  locations,
}: {
  readonly seed: number
  readonly index: number
  readonly rank: number
  readonly locations: number
}): boolean {
  if (rank < CORE_TITLES || rank % 3 === 0 || rank % locations === index) return true
  return scrambled(seed, 40 + index, rank) % 3 > 0
}

/** Devices of a location stand in the order iPads, iPhones, Macs, so that those a title fits are one range. */
function fitting({ devices, kinds, readers }: BareLocation, { runs, isBook }: InventedTitle): Range {
  if (isBook) return { from: 0, count: readers }
  const { ipad, iphone, mac } = kinds
  const at = ({ from }: Range): number => from - devices.from
  if (runs === 'everywhere') return { from: 0, count: devices.count }
  if (runs === 'mobile') return { from: 0, count: ipad.count + iphone.count }
  return runs === 'ipad' ? { from: at(ipad), count: ipad.count } : { from: at(mac), count: mac.count }
}
