/**
 * What fits a device, case by case (C2): run through `unfitReason` and through the database's `unfit_reason`, which
 * must agree.
 */
import type { FittingDevice, FittingTitle, UnfitReason } from './fits.ts'

/** A case: its sentence, the device, the title, and why it does not fit. */
export interface FitCase {
  readonly says: string
  readonly device: FittingDevice
  readonly title: FittingTitle
  readonly reason: UnfitReason | null
}

const device = (platform: string | null, osVersion: string | null = null, model: string | null = null) => ({
  platform,
  osVersion,
  model,
})

const iosApp = {
  supportedPlatforms: ['iOS'],
  deviceFamilies: ['iphone', 'ipad'],
  kind: 'app',
  minimumOs: '17.0',
} as const
const macApp = {
  supportedPlatforms: ['macOS'],
  deviceFamilies: ['mac'],
  kind: 'mac_app',
  minimumOs: '14.0',
} as const
const unknown = { supportedPlatforms: [], deviceFamilies: [], kind: null, minimumOs: null } as const
const tabletApp = { ...iosApp, deviceFamilies: ['ipad'] }
const universal = {
  ...iosApp,
  supportedPlatforms: ['iOS', 'macOS'],
  deviceFamilies: ['iphone', 'ipad', 'mac'],
}

type Row = readonly [string, FittingDevice, FittingTitle, UnfitReason | null]

const rows: readonly Row[] = [
  ['an iOS app on an iPhone', device('iOS', '17.4', 'iPhone 15'), iosApp, null],
  ['an iOS app on an iPad, since Apple says iOS for iPadOS too', device('iPadOS', '17.4'), iosApp, null],
  ['an iOS app on a Mac that Apple does not list it for', device('macOS', '14.5'), iosApp, 'wrong_platform'],
  ['a Mac app on an iPad', device('iPadOS', '17.4'), macApp, 'wrong_platform'],
  [
    'a TV app on an Apple TV',
    device('tvOS', '17.4'),
    { ...iosApp, supportedPlatforms: ['tvOS'], deviceFamilies: ['tvos'] },
    null,
  ],
  [
    'a TV app on an Apple TV that is too old: of a title for one platform the minimum is that one’s',
    device('tvOS', '16.6'),
    { ...iosApp, supportedPlatforms: ['tvOS'], deviceFamilies: ['tvos'] },
    'os_too_old',
  ],
  [
    'an iOS app on a Vision Pro that nobody says it runs on',
    device('visionOS', '2.0'),
    iosApp,
    'wrong_platform',
  ],
  [
    'an app for Vision Pro by its family in the store alone',
    device('visionOS', '2.0'),
    { ...unknown, deviceFamilies: ['realityDevice'] },
    null,
  ],
  [
    'a watch app on a watch',
    device('watchOS', '10.1'),
    { ...unknown, supportedPlatforms: ['watchOS'] },
    null,
  ],
  [
    'a Mac app by its family in the store, where the license service says nothing',
    device('iOS'),
    { ...macApp, supportedPlatforms: [] },
    'wrong_platform',
  ],
  [
    'a universal app that only the store says runs on a Mac',
    device('macOS', '14.5'),
    { ...universal, supportedPlatforms: ['iOS'] },
    null,
  ],
  ['a device of unknown platform', device(null, '9.3'), iosApp, null],
  ['a title of which nothing is known', device('tvOS', '17.4'), unknown, null],
  ['a family that nobody knows yet', device('tvOS'), { ...unknown, deviceFamilies: ['homepod'] }, null],
  ['an app for the iPad on an iPhone', device('iOS', '17.4', 'iPhone 15'), tabletApp, 'wrong_family'],
  [
    'an app for the iPad on an iPhone by Apple’s model id',
    device('iOS', '17.4', 'iPhone15,2'),
    tabletApp,
    'wrong_family',
  ],
  [
    'an app for the iPad on an iPod touch',
    device('iOS', '17.4', 'iPod touch (7th generation)'),
    tabletApp,
    'wrong_family',
  ],
  [
    'an app for the iPad on an iPad that the directory calls iOS',
    device('iOS', '17.4', 'iPad Air'),
    tabletApp,
    null,
  ],
  ['an app for the iPad on an iOS device of unknown model', device('iOS', '17.4'), tabletApp, null],
  [
    'an app for the iPad and the Mac on an iPhone of unknown platform',
    device(null, null, ' iphone SE'),
    { ...tabletApp, deviceFamilies: ['ipad', 'mac'] },
    'wrong_family',
  ],
  [
    'an app for the iPhone on an iPad, where it runs as it does on a phone',
    device('iPadOS', '17.4', 'iPad Air'),
    { ...iosApp, deviceFamilies: ['iphone'] },
    null,
  ],
  ['an older system than needed', device('iPadOS', '16.7.8'), iosApp, 'os_too_old'],
  ['numbers, not letters: 9.3 is older than 17.0', device('iOS', '9.3'), iosApp, 'os_too_old'],
  [
    'numbers, not letters: 17.10 is newer than 17.9',
    device('iOS', '17.10'),
    { ...iosApp, minimumOs: '17.9' },
    null,
  ],
  ['exactly what is needed', device('iOS', '17.0'), iosApp, null],
  ['17 is 17.0.0', device('iOS', '17'), { ...iosApp, minimumOs: '17.0.0' }, null],
  ['17.0.0 is 17', device('iOS', '17.0.0'), { ...iosApp, minimumOs: '17' }, null],
  ['17 is older than 17.0.1', device('iOS', '17'), { ...iosApp, minimumOs: '17.0.1' }, 'os_too_old'],
  ['a version with the name of the system', device('iPadOS', 'iPadOS 16.7'), iosApp, 'os_too_old'],
  ['a version with its build', device('macOS', '13.6 (22G120)'), macApp, 'os_too_old'],
  ['a version that is none', device('iOS', 'latest'), iosApp, null],
  [
    'a version with the name of the system and no space',
    device('iPadOS', 'iPadOS16.7'),
    iosApp,
    'os_too_old',
  ],
  ['a version with a letter in it', device('iOS', '16.7b2'), iosApp, null],
  [
    'a number that is longer than any version',
    device('iOS', '1234567890123456789.1'),
    { ...iosApp, minimumOs: '9999999999999999999' },
    null,
  ],
  [
    'versions of many parts',
    device('iOS', '1.2.3.4.5.6.7.8.8'),
    { ...iosApp, minimumOs: '1.2.3.4.5.6.7.8.9' },
    'os_too_old',
  ],
  ['a version that breaks off', device('iOS', '16.'), iosApp, null],
  ['an unknown version', device('iOS'), iosApp, null],
  ['a title that names no minimum', device('iOS', '12.0'), { ...iosApp, minimumOs: null }, null],
  ['a minimum that is none', device('iOS', '12.0'), { ...iosApp, minimumOs: 'any' }, null],
  ['a universal app on a Mac: its minimum speaks of iOS', device('macOS', '13.0'), universal, null],
  ['a universal app on an iPhone that is too old', device('iOS', '16.0'), universal, 'os_too_old'],
  [
    'a Mac app that runs elsewhere too: its minimum speaks of macOS',
    device('macOS', '13.0'),
    { ...universal, kind: 'mac_app', minimumOs: '14.0' },
    'os_too_old',
  ],
  ['the most lasting reason comes first', device('macOS', '9.0', 'iPhone'), tabletApp, 'wrong_platform'],
  ['a book, which is read anywhere', device('macOS', '9.0'), { ...iosApp, kind: 'book' }, null],
]

/** Every case. */
export const fitCases: readonly FitCase[] = rows.map(([says, on, title, reason]) => ({
  says,
  device: on,
  title,
  reason,
}))
