/** How many locations are how well (T8), for GET /health: counts alone, and counted at most twice a minute. */
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db/database.ts'
import type { HealthDetails } from '../platform/http/health.ts'
import { healthOf } from './health-store.ts'
import { deletionsBlocked } from './leaving/blocked.ts'
import { pageOfLocations } from './store.ts'

const keptMs = 30_000

/** Gives the counts; nothing while there is no location. */
export function connectorCounts(ports: {
  readonly db: Db
  readonly clock: Clock
  readonly hasAddress: boolean
}): () => Promise<HealthDetails> {
  let latest: { readonly at: number; readonly counts: Promise<HealthDetails> } | undefined
  return () => {
    const now = ports.clock.now()
    if (latest === undefined || now.getTime() - latest.at >= keptMs) {
      latest = { at: now.getTime(), counts: count(ports, now) }
    }
    return latest.counts
  }
}

async function count(
  { db, hasAddress }: { readonly db: Db; readonly hasAddress: boolean },
  now: Date,
): Promise<HealthDetails> {
  const locations = await pageOfLocations(db, { limit: 5000, after: null, search: '' })
  if (locations.length === 0) return {}
  const deletionBlocked = await deletionsBlocked(db, locations, now)
  const connectors = { healthy: 0, warning: 0, unhealthy: 0 }
  const health = await healthOf({ db, hasAddress }, locations, { now, deletionBlocked })
  for (const { status } of health.values()) connectors[status] += 1
  return { connectors }
}
