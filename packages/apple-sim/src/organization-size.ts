/**
 * How large an invented organization is: a preset, numbers, or a preset with some numbers of one's own.
 */

export interface OrganizationSize {
  readonly devices: number
  /** People in the directory. */
  readonly users: number
  /** Apps and books that somebody owns. */
  readonly titles: number
  /** Licenses that devices and readers hold; owned are some more. */
  readonly licenses: number
  readonly locations: number
}

export const PRESETS = {
  /** A school with a class set for every pupil. */
  school: { devices: 2000, users: 2200, titles: 120, licenses: 24_000, locations: 1 },
  /** As large as Apportion is made for. */
  company: { devices: 500_000, users: 420_000, titles: 400, licenses: 10_000_000, locations: 6 },
} as const satisfies Record<string, OrganizationSize>

export type Preset = keyof typeof PRESETS

const MOST: OrganizationSize = {
  devices: 2_000_000,
  users: 2_000_000,
  titles: 5000,
  licenses: 50_000_000,
  locations: 200,
}

const NAMES = ['devices', 'users', 'titles', 'licenses', 'locations'] as const

/**
 * The preset (`school` when none is named) with the given numbers. With another number of devices or users, what
 * is not said keeps its proportion: half the devices have half the licenses, if there is room for so many. Throws `RangeError` with the name and
 * the value of what is impossible.
 */
export function organizationSize(
  preset: Preset = 'school',
  wished: Partial<OrganizationSize> = {},
): OrganizationSize {
  const base = PRESETS[preset]
  const scale = (wished.devices ?? base.devices) / base.devices
  const bare = {
    devices: base.devices,
    users: Math.round(base.users * scale),
    titles: base.titles,
    locations: base.locations,
    ...definedOnly(wished),
  }
  const licenses = Math.min(Math.round(base.licenses * scale), mostLicenses(bare))
  const size = { ...bare, licenses: wished.licenses ?? licenses }
  for (const name of NAMES) checkNumber(name, size[name])
  checkTogether(size)
  return size
}

function checkNumber(name: (typeof NAMES)[number], value: number): void {
  const least = name === 'users' || name === 'licenses' ? 0 : 1
  if (Number.isInteger(value) && value >= least && value <= MOST[name]) return
  throw new RangeError(`"${name}" must be a whole number from ${least} to ${MOST[name]}, not ${value}`)
}

function checkTogether({ devices, titles, licenses, locations }: OrganizationSize): void {
  if (locations > devices) {
    throw new RangeError(`"locations" must be at most the number of devices, ${devices}, not ${locations}`)
  }
  const most = mostLicenses({ devices, titles })
  if (licenses <= most) return
  throw new RangeError(
    `"licenses" must be at most ${most} for ${devices} devices and ${titles} titles, not ${licenses}`,
  )
}

/** Not every title runs on every device; the third that always does bounds what can be held. */
function mostLicenses({ devices, titles }: Pick<OrganizationSize, 'devices' | 'titles'>): number {
  return devices * Math.ceil(titles / 3)
}

function definedOnly(wished: Partial<OrganizationSize>): Partial<OrganizationSize> {
  return Object.fromEntries(Object.entries(wished).filter(([, value]) => value !== undefined))
}
