/** The devices of the demo organization. */
import { type DemoUser, pick } from './demo-people.ts'
import type { Random } from './random.ts'

export interface DemoDevice {
  readonly serialNumber: string
  readonly name: string
  /** Apple's identifier, such as `iPad14,8`. */
  readonly model: string
  readonly modelName: string
  readonly os: 'iOS' | 'iPadOS' | 'macOS'
  readonly osVersion: string
  readonly ownership: 'corporate' | 'personal'
  readonly supervised: boolean
  /** Missing for devices that are shared. */
  readonly userEmail?: string
  /** In a classroom, with a member of the school's staff, or at the head office. */
  readonly site: 'classroom' | 'staff' | 'office'
  readonly schoolClass?: string
  readonly musicRoom: boolean
}

interface Model {
  readonly model: string
  readonly modelName: string
  readonly os: DemoDevice['os']
  readonly versions: readonly string[]
}

const IPADS: readonly Model[] = [
  {
    model: 'iPad13,18',
    modelName: 'iPad (10th generation)',
    os: 'iPadOS',
    versions: ['18.6', '26.1', '26.1', '26.2'],
  },
  { model: 'iPad15,7', modelName: 'iPad (A16)', os: 'iPadOS', versions: ['26.1', '26.2'] },
]
const STAFF_IPADS: readonly Model[] = [
  { model: 'iPad14,8', modelName: 'iPad Air 11-inch (M2)', os: 'iPadOS', versions: ['26.1', '26.2'] },
  { model: 'iPad14,1', modelName: 'iPad mini (6th generation)', os: 'iPadOS', versions: ['18.6', '26.2'] },
]
const MACS: readonly Model[] = [
  { model: 'Mac14,2', modelName: 'MacBook Air (M2)', os: 'macOS', versions: ['15.7', '26.1', '26.2'] },
  { model: 'Mac16,12', modelName: 'MacBook Air 13-inch (M4)', os: 'macOS', versions: ['26.1', '26.2'] },
]
const IPHONES: readonly Model[] = [
  { model: 'iPhone15,4', modelName: 'iPhone 15', os: 'iOS', versions: ['18.6', '26.1', '26.2'] },
  { model: 'iPhone14,6', modelName: 'iPhone SE (3rd generation)', os: 'iOS', versions: ['18.6', '26.2'] },
  { model: 'iPhone17,5', modelName: 'iPhone 16e', os: 'iOS', versions: ['26.1', '26.2'] },
]

const CLASSES = ['1A', '1B', '1C', '1D', '2A', '2B', '2C', '2D', '3A', '3B', '3C', '3D']
const CLASS_SIZE = 25
const MUSIC_IPADS_A_CLASS = 3

/** 500: 300 iPads in 12 classes, 60 with school staff, 35 school Macs, 45 office Macs, 60 office iPhones. */
export function demoDevices(random: Random, users: readonly DemoUser[]): readonly DemoDevice[] {
  const serials = new Set<string>()
  const staff = users.filter((user) => user.site === 'school')
  const office = users.filter((user) => user.site === 'office')
  const device = (models: readonly Model[], more: Details): DemoDevice =>
    makeDevice(random, serials, { models, more })
  return [
    ...CLASSES.flatMap((schoolClass) =>
      times(CLASS_SIZE, (seat) => device(IPADS, studentIpad(schoolClass, seat))),
    ),
    ...staff.map((user, index) =>
      device(STAFF_IPADS, carried('iPad', user, { site: 'staff', personal: index % 6 === 5 })),
    ),
    ...times(20, (seat) => device(MACS, { ...SHARED, name: `Media lab ${two(seat)}`, site: 'classroom' })),
    ...staff
      .slice(0, 15)
      .map((user) => device(MACS, carried('MacBook', user, { site: 'staff', personal: false }))),
    ...office
      .slice(0, 45)
      .map((user) => device(MACS, carried('MacBook', user, { site: 'office', personal: false }))),
    ...office.map((user, index) =>
      device(IPHONES, carried('iPhone', user, { site: 'office', personal: index % 3 === 2 })),
    ),
  ]
}

type Details = Omit<DemoDevice, 'serialNumber' | 'model' | 'modelName' | 'os' | 'osVersion'>

const SHARED = { ownership: 'corporate', supervised: true, musicRoom: false } as const

function studentIpad(schoolClass: string, seat: number): Details {
  const name = `${schoolClass}-${two(seat)}`
  return { ...SHARED, name, site: 'classroom', schoolClass, musicRoom: seat < MUSIC_IPADS_A_CLASS }
}

function carried(
  what: string,
  { name, email }: DemoUser,
  { site, personal }: { readonly site: DemoDevice['site']; readonly personal: boolean },
): Details {
  return {
    name: `${name.split(' ')[0] ?? name}'s ${what}`,
    ownership: personal ? 'personal' : 'corporate',
    supervised: !personal,
    userEmail: email,
    site,
    musicRoom: false,
  }
}

function makeDevice(
  random: Random,
  serials: Set<string>,
  { models, more }: { readonly models: readonly Model[]; readonly more: Details },
): DemoDevice {
  const { model, modelName, os, versions } = pick(random, models)
  return {
    serialNumber: freshSerial(random, serials),
    model,
    modelName,
    os,
    osVersion: pick(random, versions),
    ...more,
  }
}

/** Ten random characters as on newer devices, twelve with a factory's beginning as on older ones. No I and no O. */
function freshSerial(random: Random, serials: Set<string>): string {
  const letters = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ'
  const some = (count: number): string =>
    times(count, () => letters.charAt(random.below(letters.length))).join('')
  for (;;) {
    const serial = random.chance(0.3) ? `DMP${some(9)}` : some(10)
    if (serials.has(serial)) continue
    serials.add(serial)
    return serial
  }
}

const two = (index: number): string => String(index + 1).padStart(2, '0')

function times<Item>(count: number, make: (index: number) => Item): Item[] {
  return Array.from({ length: count }, (_, index) => make(index))
}
