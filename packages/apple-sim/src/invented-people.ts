/** People and devices of an invented organization, each made from its index alone. */
import { FIRST_NAMES, LAST_NAMES, mailName } from './demo-people.ts'
import type { DirectoryDevice, DirectoryUser } from './directory.ts'
import { chosen, fraction, scrambled } from './numbers.ts'

/** What an index is turned into. */
export interface PeopleOf {
  readonly seed: number
  /** After the `@`. */
  readonly domain: string
  readonly departments: readonly string[]
}

/** People with the same name are told apart by a number in the address. */
export function inventedUser({ seed, domain, departments }: PeopleOf, index: number): DirectoryUser {
  const names = FIRST_NAMES.length * LAST_NAMES.length
  const place = (index * 487 + scrambled(seed, 20, 0)) % names
  const name = `${chosen(FIRST_NAMES, place)} ${chosen(LAST_NAMES, Math.floor(place / FIRST_NAMES.length))}`
  const again = Math.floor(index / names)
  return {
    name,
    email: `${mailName(name)}${again === 0 ? '' : again + 1}@${domain}`,
    department: chosen(departments, Math.floor(index / PEOPLE_A_TEAM)),
  }
}

const PEOPLE_A_TEAM = 25

/** Which kinds of devices stand in which order at a location, so that what a title fits is one range. */
export type DeviceKind = 'ipad' | 'iphone' | 'mac'

const MODELS: Readonly<Record<DeviceKind, readonly string[]>> = {
  ipad: ['iPad (10th generation)', 'iPad (A16)', 'iPad Air 11-inch (M2)', 'iPad mini (6th generation)'],
  iphone: ['iPhone 15', 'iPhone SE (3rd generation)', 'iPhone 16e'],
  mac: ['MacBook Air (M2)', 'MacBook Air 13-inch (M4)', 'Mac mini (M4)'],
}
const SYSTEMS = { ipad: 'iPadOS', iphone: 'iOS', mac: 'macOS' } as const
const VERSIONS: Readonly<Record<DeviceKind, readonly string[]>> = {
  ipad: ['18.6', '26.1', '26.2', '26.2'],
  iphone: ['18.6', '26.1', '26.2', '26.2'],
  mac: ['15.7', '26.1', '26.2'],
}
const NAMES = { ipad: 'iPad', iphone: 'iPhone', mac: 'Mac' } as const

export interface DeviceAt {
  readonly kind: DeviceKind
  /** In the whole organization. */
  readonly index: number
  /** Beginning of its name. */
  readonly place: string
  /** Whoever carries it, if somebody does. */
  readonly carrier: DirectoryUser | undefined
}

/** A third of the iPhones that somebody carries is private, and few of the other devices. */
export function inventedDevice(seed: number, { kind, index, place, carrier }: DeviceAt): DirectoryDevice {
  const isPrivate = carrier !== undefined && fraction(seed, 21, index) < (kind === 'iphone' ? 0.33 : 0.04)
  return {
    serialNumber: inventedSerial(seed, index),
    name: `${place} ${NAMES[kind]} ${index + 1}`,
    modelName: chosen(MODELS[kind], scrambled(seed, 22, index)),
    os: SYSTEMS[kind],
    osVersion: chosen(VERSIONS[kind], scrambled(seed, 23, index)),
    ownership: isPrivate ? 'personal' : 'corporate',
    supervised: !isPrivate,
    ...(carrier && { userEmail: carrier.email }),
  }
}

/** As on devices: no I and no O. */
const LETTERS = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const DIGITS = 10
const SERIALS = BigInt(LETTERS.length) ** BigInt(DIGITS)
/** Has no divisor in common with the number of serial numbers, so that no two indexes give the same one. */
const STEP = 1_046_527_882_110_361n

/** Ten characters; unique within an organization. */
export function inventedSerial(seed: number, index: number): string {
  const start = BigInt(scrambled(seed, 24, 0)) * 262_139n
  let number = Number((start + BigInt(index) * STEP) % SERIALS)
  let text = ''
  for (let digit = 0; digit < DIGITS; digit++) {
    text += LETTERS.charAt(number % LETTERS.length)
    number = Math.floor(number / LETTERS.length)
  }
  return text
}
