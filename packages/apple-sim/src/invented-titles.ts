/** Titles of an invented organization: names, publishers and identifiers that belong to nobody. */
import type { Title } from './catalog.ts'
import { GLYPHS } from './icon-glyphs.ts'
import { chosen, fraction, scrambled } from './numbers.ts'

/** Which devices a title runs on. */
export type Runs = 'everywhere' | 'mobile' | 'ipad' | 'mac'

export interface InventedTitle {
  readonly title: Title
  readonly runs: Runs
  readonly isBook: boolean
  readonly isUnlimited: boolean
}

const FIRST = (
  'Amber Anchor Arbor Atlas Birch Bright Canal Cedar Clear Cobalt Copper Coral Delta Dune Early Ember Fern Field ' +
  'Flint Forest Garden Glass Granite Green Harbor Hazel Hill Indigo Island Ivory Juniper Kelp Lantern Lark Linen ' +
  'Lumen Maple Marble Meadow Mica Mill Moss North Oak Ocean Olive Opal Orchard Paper Pebble Pine Plain Polder ' +
  'Quartz Quill Rain Reed Ridge River Robin Sage Sand Silver Slate Spark Spruce Stone Swift Thistle Tide Timber ' +
  'Valley Velvet Violet Walnut West Willow Wind Winter'
).split(' ')
const SECOND = (
  'Maths Reader Notes Sketch Slides Sheets Writer Planner Tutor Atlas Lab Chemistry Physics Biology History Maps ' +
  'Music Score Studio Camera Cutter Scanner Signature Inbox Calendar Roster Rota Expense Invoice Ledger Stock ' +
  'Survey Forms Tickets Desk Remote Vault Pass Guard Tunnel Mirror Board Canvas Whiteboard Quiz Cards Words Speak ' +
  'Translate Draft Blocks Robotics Code Terminal Query Charts Field Inspect Safety Fleet Cargo Route Clinic'
).split(' ')
const PUBLISHERS = [
  'Wooden Abacus',
  'Paper Lantern',
  'Noordkaart',
  'Cantabile Software',
  'Inktvis',
  'Lage Landen Pers',
  'Two Herons',
  'Slow River Works',
  'Brickyard Tools',
  'Kiezel & Co',
]
const GENRES = [
  'Education',
  'Productivity',
  'Business',
  'Utilities',
  'Graphics & Design',
  'Music',
  'Reference',
]

/** Those that every location has and nearly every device gets. */
export const CORE_TITLES = 8

/** The title at a rank; the lower the rank, the more licenses. Ranks are the same for every size of catalog. */
export function inventedTitle(seed: number, rank: number): InventedTitle {
  const isBook = rank >= CORE_TITLES && rank % 24 === 10
  const runs = isBook ? 'everywhere' : runsOf(seed, rank)
  const isFree = !isBook && fraction(seed, 1, rank) < 0.35
  const kind = isBook ? 'epubBook' : runs === 'mac' ? 'desktopApp' : 'iosSoftware'
  const name = nameOf(rank)
  const publisher = chosen(PUBLISHERS, scrambled(seed, 2, rank))
  return {
    isBook,
    runs,
    isUnlimited: isFree && rank % 5 === 3,
    title: {
      adamId: String(9_100_000_019 + (scrambled(seed, 3, 0) % 1000) * 100_000 + rank * 17),
      name,
      kind,
      publisher,
      price: isFree ? 0 : 0.99 + (scrambled(seed, 4, rank) % 40),
      genres: [chosen(GENRES, scrambled(seed, 5, rank))],
      description: isBook ? `A book about ${name}.` : `${name} by ${publisher}.`,
      releaseDate: `20${16 + (rank % 9)}-0${1 + (rank % 9)}-1${rank % 10}`,
      icon: {
        glyph: chosen(Object.keys(GLYPHS), scrambled(seed, 6, rank)),
        hue: scrambled(seed, 7, rank) % 360,
      },
      ...(!isBook && appFacts({ seed, rank, name, publisher, runs })),
    },
  }
}

function appFacts({
  seed,
  rank,
  name,
  publisher,
  runs,
}: {
  readonly seed: number
  readonly rank: number
  readonly name: string
  readonly publisher: string
  readonly runs: Runs
}): Partial<Title> {
  return {
    bundleId: `com.example.${plain(publisher)}.${plain(name)}`,
    deviceFamilies: FAMILIES[runs],
    version: `${1 + (rank % 7)}.${scrambled(seed, 8, rank) % 12}.${rank % 4}`,
    minimumOSVersion: runs === 'mac' ? '14.0' : '17.0',
    size: (12 + (scrambled(seed, 9, rank) % 400)) * 1_000_000,
    ...(rank % 53 === 31 && { custom: true }),
  }
}

const FAMILIES: Readonly<Record<Runs, NonNullable<Title['deviceFamilies']>>> = {
  everywhere: ['iphone', 'ipad', 'mac'],
  mobile: ['iphone', 'ipad'],
  ipad: ['ipad'],
  mac: ['mac'],
}

/** A third runs everywhere, so that any number of licenses up to that finds devices. */
function runsOf(seed: number, rank: number): Runs {
  if (rank % 3 === 0) return 'everywhere'
  return chosen(['mobile', 'mobile', 'ipad', 'mac'] as const, scrambled(seed, 10, rank))
}

function nameOf(rank: number): string {
  const pairs = FIRST.length * SECOND.length
  const place = (rank * 1009) % pairs
  const name = `${chosen(FIRST, place)} ${chosen(SECOND, Math.floor(place / FIRST.length))}`
  return rank < pairs ? name : `${name} ${1 + Math.floor(rank / pairs)}`
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')
