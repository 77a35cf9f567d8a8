/** Data that moves under a client's walk: a new version, or more records than the first page promised. */

import { type Asset, availableCount, type Location } from './location.ts'
import { licenseOutside } from './outside.ts'
import { performUserTasks } from './registration.ts'
import type { Simulation } from './simulation.ts'

/** Called before a page is answered; strikes from the second page on, since only then a walk is under way. */
export function disturbWalk(
  simulation: Simulation,
  location: Location,
  { path, query }: { readonly path: string; readonly query: URLSearchParams },
): void {
  if ((query.get('pageIndex') ?? '0') === '0') return
  const words = ['GET', path]
  if (simulation.faults.take(['versions-move'], words)) {
    for (const log of Object.values(location.versions)) log.bump()
  }
  const more = simulation.faults.take(['pages-move'], words)
  if (!more) return
  const count = more.count ?? simulation.knobs().pageSize
  if (path === '/users') registerMore(simulation, location, count)
  else assignMore(simulation, location, count)
}

/** By another system, as far as licenses last. */
function assignMore(simulation: Simulation, location: Location, count: number): void {
  const asset = location.assets.reduce<Asset | undefined>(
    (best, each) =>
      each.deviceAssignable && availableCount(each) > (best ? availableCount(best) : 0) ? each : best,
    undefined,
  )
  if (!asset) return
  const some = Math.min(count, availableCount(asset))
  const serialNumbers = Array.from({ length: some }, () => `X${simulation.random.hex(11).toUpperCase()}`)
  licenseOutside(simulation, location, { type: 'ASSOCIATE', asset, holders: { serialNumbers } })
}

function registerMore(simulation: Simulation, location: Location, count: number): void {
  const users = Array.from({ length: count }, () => ({ clientUserId: simulation.random.uuid() }))
  performUserTasks(simulation, location, { type: 'CREATE', users, refuseWith: undefined })
  simulation.changed()
}
