/** Makes a simulated Apple know the demo organization. */
import { type DemoLocation, type DemoOrganization, demoDirectory } from './demo-organization.ts'
import type { LocationControl } from './location-control.ts'
import type { World } from './world.ts'

/** Enters what is missing; a world that was restored keeps its locations, tokens and licenses as they are. */
export function populate(world: World, organization: DemoOrganization): readonly LocationControl[] {
  world.knowDirectory(demoDirectory(organization))
  for (const title of organization.titles) world.addTitle(title)
  const known = new Map(world.locations.map((location) => [location.uId, location]))
  return organization.locations.map(
    (wanted) => known.get(wanted.uId) ?? addLocation(world, organization, wanted),
  )
}

function addLocation(
  world: World,
  { organizationName }: DemoOrganization,
  wanted: DemoLocation,
): LocationControl {
  const { uId, name, country, platform, websiteURL } = wanted
  const location = world.addLocation({ uId, name, organizationName, country, platform, websiteURL })
  for (const { adamId, total, heldOutside } of wanted.assets) {
    location.own(total === 'unlimited' ? { adamId, unlimited: true } : { adamId, total })
    if (heldOutside.length > 0) location.assignOutside(adamId, { serialNumbers: heldOutside })
  }
  location.mintToken()
  return location
}
