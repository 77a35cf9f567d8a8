/** Assets with days of use, and the server's routes of forecasts over them. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { Feature } from '../../src/feature.ts'
import { forecastStep } from '../../src/forecast/refresh.ts'
import { forecastRoutes } from '../../src/forecast/routes.ts'
import { overviewRoutes } from '../../src/overview/routes.ts'
import type { Clock } from '../../src/platform/clock.ts'
import type { Db } from '../../src/platform/db/database.ts'
import { renewLeases } from '../../src/platform/leases.ts'

/** The routes of forecasts and of the overview alone, without the work that goes on for locations. */
export const forecastFeature: Feature = {
  name: 'forecast',
  open: ({ database, clock }) => ({
    routes(app) {
      forecastRoutes(app, { db: database.kysely, clock })
      overviewRoutes(app, { db: database.kysely, clock, hasAddress: false })
    },
  }),
}

const dayMs = 86_400_000

/** Writes lines of the ledger for an asset, `count` of them at a moment of the day so many days ago. */
export async function writeLines(
  db: Db,
  asset: { readonly id: number; readonly clock: Clock },
  line: { readonly ago: number; readonly change: string; readonly count: number },
): Promise<void> {
  const at = new Date(asset.clock.now().getTime() - line.ago * dayMs)
  await sql`INSERT INTO ledger (location_id, asset_id, holder_kind, holder, at, change, cause)
    SELECT a.location_id, a.id, 'device', 'DEV' || i, ${at}::timestamptz, ${line.change}, 'assigned'
    FROM assets a CROSS JOIN generate_series(1, ${line.count}::int) AS i WHERE a.id = ${asset.id}`.execute(db)
}

/** The same use on each of the last days, today left out. */
export async function useDaily(
  db: Db,
  asset: { readonly id: number; readonly clock: Clock },
  { days, granted }: { readonly days: number; readonly granted: number },
): Promise<void> {
  for (let ago = 1; ago <= days; ago += 1)
    await writeLines(db, asset, { ago, change: 'granted', count: granted })
}

/** Carries the step out for every location at which it is due, until nothing is; gives how many turns that took. */
export async function makeForecasts(db: Db, clock: Clock): Promise<number> {
  const step = forecastStep({ db, clock })
  const leases = await renewLeases(db, owner)
  // Nobody renews the leases here, and a slow machine is not to lose them.
  await sql`UPDATE server_processes SET alive_until = now() + interval '1 hour' WHERE id = ${owner}::uuid`.execute(
    db,
  )
  let turns = 0
  for (;;) {
    const { rows } = await step.due(clock.now()).execute(db)
    if (rows.length === 0) return turns
    for (const { location_id } of rows) {
      const lease = leases.find((each) => each.locationId === location_id)
      if (lease === undefined) throw new Error(`No lease for location ${location_id}`)
      await step.run({ lease, signal: new AbortController().signal })
      turns += 1
    }
  }
}

const owner = randomUUID()
