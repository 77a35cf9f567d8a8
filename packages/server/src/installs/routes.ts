/** The HTTP edge of installations (D4, D8). */
import type { Clock } from '../platform/clock.ts'
import type { Db } from '../platform/db/database.ts'
import { decodeCursor, pageFrom } from '../platform/http/cursor.ts'
import { type HttpApp, route } from '../platform/http/routes.ts'
import { areAppsDeclarative, setAppsDeclarative } from './declarative-setting.ts'
import { explainInstall } from './explain.ts'
import { presentCause, presentFailures } from './present.ts'
import { adamIdOf, countInstalls, installsOfDevice, pageOfDevices, pageOfSteps } from './read-installs.ts'
import * as contract from './schema.ts'
import { tryAgain } from './try-again.ts'

/** Declares the routes of installations. */
export function installRoutes(app: HttpApp, ports: { readonly db: Db; readonly clock: Clock }): void {
  const { db } = ports

  route(app, contract.deviceInstalls, async ({ params }) => ({
    items: [...(await installsOfDevice(db, params.id))],
  }))

  route(app, contract.failures, () => presentFailures())

  route(app, contract.installHistory, async ({ params, query }) => {
    const before = decodeCursor(query.cursor, contract.stepKey)?.[0] ?? null
    const app = { deviceId: params.id, adamId: await adamIdOf(db, params.assetId) }
    const rows = await pageOfSteps(db, app, { before, limit: query.limit + 1 })
    return pageFrom(rows, query.limit, {
      key: ({ seq }) => [seq],
      present: ({ at, state, cause }) => ({ at: at.toISOString(), state, cause: presentCause(cause) }),
    })
  })

  route(app, contract.whyNotInstalled, async ({ params }) =>
    explainInstall(db, { deviceId: params.id, assetId: params.assetId }),
  )

  route(app, contract.tryInstallAgain, async ({ params, actor }) => ({
    state: await tryAgain(ports, { deviceId: params.id, assetId: params.assetId }, actor),
  }))

  route(app, contract.assetInstalls, async ({ params, query }) => {
    await adamIdOf(db, params.id)
    const after = decodeCursor(query.cursor, contract.assetInstallKey)?.[0] ?? null
    const search = (query.q ?? '').toLowerCase()
    const filter = { assetId: params.id, state: query.state ?? null, search, after, limit: query.limit + 1 }
    return pageFrom(await pageOfDevices(db, filter), query.limit, {
      key: (row) => [row.serial_number],
      present: (row) => ({
        deviceId: row.device_id,
        deviceName: row.device_name,
        serialNumber: row.serial_number,
        userName: row.user_name,
        state: row.state,
        since: row.since.toISOString(),
        cause: presentCause(row.cause),
        nextAt: row.due_at?.toISOString() ?? null,
      }),
    })
  })

  route(app, contract.assetInstallCounts, async ({ params }) => {
    await adamIdOf(db, params.id)
    return await countInstalls(db, params.id)
  })

  route(app, contract.getDeclarativeApps, async () => ({ enabled: await areAppsDeclarative(db) }))

  route(app, contract.putDeclarativeApps, async ({ body, actor }) => {
    await setAppsDeclarative(ports, body.enabled, actor)
    return { enabled: await areAppsDeclarative(db) }
  })
}
