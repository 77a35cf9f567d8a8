/** Facts of a device as people spell them, in the words that the directory keeps. */

/** The operating systems that Apple names. */
export type Platform = 'iOS' | 'iPadOS' | 'macOS' | 'tvOS' | 'visionOS' | 'watchOS'

/** Who owns a device: the organization or the person who carries it. */
export type Ownership = 'corporate' | 'personal'

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
