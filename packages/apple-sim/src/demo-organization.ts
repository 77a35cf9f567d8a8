/**
 * Meridian: an invented organization with a school and a head office, for the demo and for rehearsals.
 *
 * A pure description, the same for the same seed. `populate` (demo-world.ts) tells a simulated Apple about it; the
 * demo tells the server about devices, people and groups.
 */
import type { Title } from './catalog.ts'
import { type DemoDevice, demoDevices } from './demo-devices.ts'
import { type DemoUser, demoUsers } from './demo-people.ts'
import { type DemoTitle, demoTitles } from './demo-titles.ts'
import type { Directory } from './directory.ts'
import { type Random, seededRandom } from './random.ts'

export interface DemoAsset {
  readonly adamId: string
  /** Licenses owned, or `unlimited`. */
  readonly total: number | 'unlimited'
  /** Serial numbers that another system gave a license before. */
  readonly heldOutside: readonly string[]
}

export interface DemoLocation {
  readonly uId: string
  readonly name: string
  readonly country: string
  readonly platform: 'volumestore' | 'enterprisestore'
  readonly websiteURL: string
  readonly assets: readonly DemoAsset[]
}

export interface DemoGroup {
  readonly name: string
  readonly description: string
  /** Serial numbers for a group of devices, email addresses for a group of users. */
  readonly members: readonly string[]
}

export interface DemoOrganization {
  readonly name: string
  /** As content tokens carry it. */
  readonly organizationName: string
  readonly locations: readonly DemoLocation[]
  readonly titles: readonly Title[]
  readonly devices: readonly DemoDevice[]
  readonly users: readonly DemoUser[]
  readonly deviceGroups: readonly DemoGroup[]
  readonly userGroups: readonly DemoGroup[]
  /** The title that is too scarce for the group that wants it. */
  readonly scarce: { readonly adamId: string; readonly deviceGroup: string }
}

export const DEMO_SEED = 2026

/** 2 locations, 40 titles, 500 devices, 120 users, groups of both. */
export function demoOrganization(seed: number = DEMO_SEED): DemoOrganization {
  const random = seededRandom(seed)
  const titles = demoTitles()
  const users = demoUsers(random)
  const devices = demoDevices(random, users)
  return {
    name: 'Meridian',
    organizationName: 'MERIDIAN-EXAMPLE',
    locations: [
      {
        uId: '2049025000431439',
        name: 'Meridian College',
        country: 'NL',
        platform: 'volumestore',
        websiteURL: 'https://school.apple.com',
        assets: assetsAt('school', { titles, devices, random }),
      },
      {
        uId: '2049025000587210',
        name: 'Meridian Head Office',
        country: 'NL',
        platform: 'enterprisestore',
        websiteURL: 'https://business.apple.com',
        assets: assetsAt('office', { titles, devices, random }),
      },
    ],
    titles: titles.map(({ title }) => title),
    devices,
    users,
    deviceGroups: deviceGroups(devices),
    userGroups: userGroups(users),
    scarce: { adamId: adamIdOf(titles, 'Partitura Pro'), deviceGroup: 'Music room iPads' },
  }
}

/** The demo organization's devices, people and groups. */
export function demoDirectory({ users, devices, deviceGroups, userGroups }: DemoOrganization): Directory {
  return {
    users: () => users,
    devices: () => devices,
    groups: () => [
      ...deviceGroups.map((group) => ({ ...group, kind: 'device' }) as const),
      ...userGroups.map((group) => ({ ...group, kind: 'user' }) as const),
    ],
  }
}

/** How many licenses another system holds of a title, and how many of those on devices nobody knows any more. */
const HELD_OUTSIDE: Readonly<Record<string, readonly [known: number, unknown: number]>> = {
  'Fractal Maths': [38, 4],
  'Atlas of Europe': [22, 0],
  'Quill Notes': [12, 3],
  'Cutting Room': [2, 1],
  Ledgerly: [9, 0],
  'Expense Snap': [11, 2],
}

function assetsAt(
  where: 'school' | 'office',
  {
    titles,
    devices,
    random,
  }: {
    readonly titles: readonly DemoTitle[]
    readonly devices: readonly DemoDevice[]
    readonly random: Random
  },
): readonly DemoAsset[] {
  const here = devices.filter((device) => (device.site === 'office') === (where === 'office'))
  const assets: DemoAsset[] = []
  for (const demo of titles) {
    const total = demo[where]
    if (total === undefined) continue
    const [known, unknown] = HELD_OUTSIDE[demo.title.name] ?? [0, 0]
    const fitting = here.filter((device) => fits(demo.title, device))
    assets.push({
      adamId: demo.title.adamId,
      total,
      heldOutside: [
        ...fitting.slice(fitting.length - known).map((device) => device.serialNumber),
        ...Array.from({ length: unknown }, () => `X${random.hex(9).toUpperCase()}`),
      ],
    })
  }
  return assets
}

function fits({ deviceFamilies }: Title, { os }: DemoDevice): boolean {
  const family = os === 'macOS' ? 'mac' : os === 'iPadOS' ? 'ipad' : 'iphone'
  return deviceFamilies?.includes(family) === true
}

function deviceGroups(devices: readonly DemoDevice[]): readonly DemoGroup[] {
  const group = (name: string, description: string, belongs: (device: DemoDevice) => boolean): DemoGroup => ({
    name,
    description,
    members: devices.filter(belongs).map((device) => device.serialNumber),
  })
  const classes = [...new Set(devices.flatMap(({ schoolClass }) => schoolClass ?? []))]
  return [
    group(
      'Student iPads',
      'Every iPad in the hands of a class',
      (device) => device.schoolClass !== undefined,
    ),
    ...classes.map((name) =>
      group(`Class ${name}`, `The iPads of class ${name}`, (device) => device.schoolClass === name),
    ),
    group('Music room iPads', 'Those that are taken to music lessons', (device) => device.musicRoom),
    group(
      'Teacher iPads',
      'Personal devices of teachers',
      (device) => device.site === 'staff' && device.os === 'iPadOS',
    ),
    group(
      'School Macs',
      'Media lab and staff room',
      (device) => device.site !== 'office' && device.os === 'macOS',
    ),
    group('Office Macs', 'Head office', (device) => device.site === 'office' && device.os === 'macOS'),
    group(
      'Office iPhones',
      'Head office, corporate and private',
      (device) => device.site === 'office' && device.os === 'iOS',
    ),
    group(
      'Private devices',
      'Owned by the person who carries them',
      (device) => device.ownership === 'personal',
    ),
  ]
}

function userGroups(users: readonly DemoUser[]): readonly DemoGroup[] {
  const departments = [...new Set(users.map((user) => user.department))]
  return [
    ...departments.map((department) => ({
      name: department,
      description: `Everybody in ${department}`,
      members: users.filter((user) => user.department === department).map((user) => user.email),
    })),
    {
      name: 'Book club',
      description: 'Reads one book each term',
      members: users.filter((_, index) => index % 9 === 4).map((user) => user.email),
    },
  ]
}

function adamIdOf(titles: readonly DemoTitle[], name: string): string {
  const found = titles.find(({ title }) => title.name === name)
  if (!found) throw new Error(`The demo has no title ${name}`)
  return found.title.adamId
}
