/** Devices and groups of an invented organization, one after the other and never as a whole. */
import type { DirectoryDevice, DirectoryGroup, DirectoryUser } from './directory.ts'
import type { InventedLocation, Range } from './invented-organization.ts'
import { type DeviceKind, inventedDevice, inventedSerial } from './invented-people.ts'
import type { OrganizationSize, Preset } from './organization-size.ts'

/** The devices of a location, each carried by somebody or shared. */
export function* devicesAt(
  location: InventedLocation,
  {
    seed,
    preset,
    user,
  }: { readonly seed: number; readonly preset: Preset; readonly user: (index: number) => DirectoryUser },
): Generator<DirectoryDevice> {
  for (const kind of ['ipad', 'iphone', 'mac'] as const) {
    const { from, count } = location.kinds[kind]
    // Classes share their iPads; everything else is carried by somebody.
    const isCarried = location.users.count > 0 && !(preset === 'school' && kind === 'ipad')
    for (let index = from; index < from + count; index++) {
      const carrier = isCarried
        ? user(location.users.from + ((index - from) % location.users.count))
        : undefined
      yield inventedDevice(seed, { kind, index, place: location.name, carrier })
    }
  }
}

const KIND_NAMES: Readonly<Record<DeviceKind, string>> = { ipad: 'iPads', iphone: 'iPhones', mac: 'Macs' }

/** All devices of a kind, and sets of neighbors. */
export function* deviceGroups(
  { name, devices, kinds }: InventedLocation,
  { seed, set: [setName, setSize] }: { readonly seed: number; readonly set: readonly [string, number] },
): Generator<DirectoryGroup> {
  const group = (groupName: string, description: string, range: Range): DirectoryGroup => ({
    name: groupName,
    kind: 'device',
    description,
    members: serialsOf(seed, range),
  })
  for (const kind of ['ipad', 'iphone', 'mac'] as const) {
    if (kinds[kind].count === 0) continue
    yield group(`${name} ${KIND_NAMES[kind]}`, `All ${KIND_NAMES[kind]} at ${name}`, kinds[kind])
  }
  for (let number = 0; number * setSize < devices.count; number++) {
    const from = devices.from + number * setSize
    const count = Math.min(setSize, devices.from + devices.count - from)
    yield group(`${name} ${setName} ${number + 1}`, `${setName} ${number + 1} at ${name}`, { from, count })
  }
}

function serialsOf(seed: number, { from, count }: Range): Iterable<string> {
  return {
    *[Symbol.iterator]() {
      for (let index = from; index < from + count; index++) yield inventedSerial(seed, index)
    },
  }
}

/** Everybody in a department, over all locations. */
export function departmentGroup(
  name: string,
  { size, user }: { readonly size: OrganizationSize; readonly user: (index: number) => DirectoryUser },
): DirectoryGroup {
  return {
    name,
    kind: 'user',
    description: `Everybody in ${name}`,
    members: {
      *[Symbol.iterator]() {
        for (let index = 0; index < size.users; index++) {
          const { department, email } = user(index)
          if (department === name) yield email
        }
      },
    },
  }
}
