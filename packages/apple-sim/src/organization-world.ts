/** Makes a simulated Apple know an invented organization. */
import type { InventedLocation, InventedOrganization } from './invented-organization.ts'
import type { LocationControl } from './location-control.ts'
import { scrambled } from './numbers.ts'
import type { World } from './world.ts'

/** Enters what is missing; a world that was restored keeps its locations, tokens and licenses as they are. */
export function enterOrganization(
  world: World,
  organization: InventedOrganization,
): readonly LocationControl[] {
  world.knowDirectory(organization)
  for (const title of organization.titles) world.addTitle(title)
  const known = new Map(world.locations.map((location) => [location.uId, location]))
  return organization.locations.map(
    (wanted) => known.get(wanted.uId) ?? addLocation(world, organization, wanted),
  )
}

function addLocation(
  world: World,
  organization: InventedOrganization,
  wanted: InventedLocation,
): LocationControl {
  const { uId, name, country, platform, assets } = wanted
  const { organizationName } = organization
  const location = world.addLocation({ uId, name, organizationName, country, platform })
  for (const { adamId, total } of assets) {
    location.own(total === 'unlimited' ? { adamId, unlimited: true } : { adamId, total })
  }
  location.fillDevices(
    serials(organization, wanted),
    assets.filter(({ isBook }) => !isBook).map(({ adamId, holders }) => ({ adamId, positions: holders() })),
  )
  lendBooks(location, organization, wanted)
  location.mintToken()
  return location
}

function* serials(organization: InventedOrganization, { devices }: InventedLocation): Generator<string> {
  const { from, count } = devices
  for (let index = from; index < from + count; index++) yield organization.serialNumber(index)
}

/** Readers are registered; most have accepted their invitation. */
function lendBooks(
  location: LocationControl,
  organization: InventedOrganization,
  { users, readers, assets }: InventedLocation,
): void {
  const idOf = (position: number): string => readerId(location.uId, users.from + position)
  for (let position = 0; position < readers; position++) {
    const { email } = organization.user(users.from + position)
    location.addUser({ clientUserId: idOf(position), email })
    if (position % 5 > 0)
      location.acceptInvitation(idOf(position), `reader${users.from + position}@id.example`)
  }
  for (const { adamId, isBook, held, holders } of assets) {
    if (!isBook || held === 0) continue
    location.assignOutside(adamId, { clientUserIds: Array.from(holders(), idOf) })
  }
}

/** A client's own id, formed like the GUIDs that Apple recommends. */
function readerId(uId: string, index: number): string {
  const part = (number: number): string =>
    scrambled(Number(uId.slice(-9)), 90 + number, index)
      .toString(16)
      .padStart(8, '0')
  const [a, b, c, d] = [part(0), part(1), part(2), part(3)]
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-8${c.slice(1, 4)}-${c.slice(4)}${d}`
}
