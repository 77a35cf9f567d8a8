/** Facts of a device as people spell them, in the words that the directory keeps. */

/** The operating systems that Apple names. */
export type Platform = 'iOS' | 'iPadOS' | 'macOS' | 'tvOS' | 'visionOS' | 'watchOS'

/** Who owns a device: the organization or the person who carries it. */
export type Ownership = 'corporate' | 'personal'

/** How a device is enrolled: as a device, by its user (which hides the serial number), or as a Shared iPad. */
export type EnrollmentType = 'device' | 'user' | 'shared'

const platformNames: Readonly<Record<string, Platform>> = {
  ios: 'iOS',
  iphone: 'iOS',
  iphoneos: 'iOS',
  ipados: 'iPadOS',
  ipad: 'iPadOS',
  macos: 'macOS',
  mac: 'macOS',
  macosx: 'macOS',
  osx: 'macOS',
  tvos: 'tvOS',
  appletv: 'tvOS',
  visionos: 'visionOS',
  visionpro: 'visionOS',
  watchos: 'watchOS',
  applewatch: 'watchOS',
}

const ownershipNames: Readonly<Record<string, Ownership>> = {
  corporate: 'corporate',
  company: 'corporate',
  organization: 'corporate',
  organisation: 'corporate',
  bedrijf: 'corporate',
  zakelijk: 'corporate',
  personal: 'personal',
  private: 'personal',
  byod: 'personal',
  prive: 'personal',
  persoonlijk: 'personal',
}

const enrollmentNames: Readonly<Record<string, EnrollmentType>> = {
  device: 'device',
  deviceenrollment: 'device',
  automateddeviceenrollment: 'device',
  automated: 'device',
  ade: 'device',
  dep: 'device',
  apparaat: 'device',
  user: 'user',
  userenrollment: 'user',
  accountdriven: 'user',
  gebruiker: 'user',
  shared: 'shared',
  sharedipad: 'shared',
  gedeeld: 'shared',
  gedeeldeipad: 'shared',
}

const yesAndNo: Readonly<Record<string, boolean>> = {
  yes: true,
  y: true,
  true: true,
  ja: true,
  waar: true,
  '1': true,
  no: false,
  n: false,
  false: false,
  nee: false,
  onwaar: false,
  '0': false,
}

/** A platform by its name or the device's, in any case: `ios`, `iPad`, `Mac OS X`. */
export function parsePlatform(text: string): Platform | undefined {
  return named(platformNames, text)
}

/** Who owns a device, in English or Dutch: `Company`, `BYOD`, `privé`. */
export function parseOwnership(text: string): Ownership | undefined {
  return named(ownershipNames, text)
}

/** How a device is enrolled, in English or Dutch: `ADE`, `User Enrollment`, `gedeelde iPad`. */
export function parseEnrollmentType(text: string): EnrollmentType | undefined {
  return named(enrollmentNames, text)
}

/** A country by its two letters (ISO 3166-1), in any case. */
export function parseCountry(text: string): string | undefined {
  const code = text.trim()
  return /^[A-Za-z]{2}$/.test(code) ? code.toUpperCase() : undefined
}

/** Tags that a device can have. */
export const mostTags = 50
/** Characters of a tag. */
export const longestTag = 100

/** Tags without spaces around them, each once whatever its case, in the order given; empty ones are left out. */
export function tidyTags(tags: readonly string[]): readonly string[] {
  const kept = new Map<string, string>()
  for (const tag of tags) {
    const tidy = tag.normalize('NFC').trim().replaceAll(/\s+/g, ' ')
    if (tidy !== '' && !kept.has(tidy.toLowerCase())) kept.set(tidy.toLowerCase(), tidy)
  }
  return [...kept.values()]
}

const momentForm = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/

/** A moment as ISO 8601 writes it, in UTC where it does not say: `2026-03-01`, `2026-03-01 07:00`. Undefined when it is none. */
export function parseMoment(text: string): Date | undefined {
  const given = text.trim().toUpperCase()
  if (!momentForm.test(given)) return undefined
  const zoned = /(?:Z|[+-]\d{2}:?\d{2})$/.test(given.slice(10)) || given.length === 10
  const moment = new Date(`${given.replace(' ', 'T')}${zoned ? '' : 'Z'}`)
  const isReal =
    !Number.isNaN(moment.getTime()) &&
    new Date(`${given.slice(0, 10)}T00:00Z`).getUTCDate() === Number(given.slice(8, 10))
  return isReal ? moment : undefined
}

/** Yes or no in English or Dutch, as a spreadsheet or a person writes it: `TRUE`, `ja`, `0`. */
export function parseYesNo(text: string): boolean | undefined {
  return named(yesAndNo, text)
}

function named<Value>(names: Readonly<Record<string, Value>>, text: string): Value | undefined {
  const name = compactName(text)
  return Object.hasOwn(names, name) ? names[name] : undefined
}

/** A name without case, accents, spaces and punctuation, for comparing what people type. */
export function compactName(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number}]/gu, '')
}
