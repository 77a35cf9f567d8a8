/**
 * The life of a license as one feature of the server: content tokens, catalog, licenses and assignments over the same
 * connections to Apple, and the work that goes on for each location, in the order in which it is done.
 *
 *     hear → look → send → reconcile → intervene → pack      one after another for each location
 *     sync                                                    beside them
 */
import { reconcileStep } from './assignments/reconcile.ts'
import { assignmentRoutes } from './assignments/routes.ts'
import { catalogRoutes } from './catalog/routes.ts'
import type { BackgroundWorker, Feature, ServerContext } from './feature.ts'
import { interveneStep } from './interventions/carry-out.ts'
import { interventionRoutes } from './interventions/routes.ts'
import { ledgerRoutes } from './ledger/routes.ts'
import { hearStep } from './licenses/hear.ts'
import { lookStep } from './licenses/look.ts'
import { packStep } from './licenses/pack.ts'
import { licenseRoutes } from './licenses/routes.ts'
import { sendStep } from './licenses/send.ts'
import { syncStep } from './licenses/sync/sync.ts'
import { overviewRoutes } from './overview/routes.ts'
import { clientConfig } from './platform/db/database.ts'
import type { HttpApp } from './platform/http/routes.ts'
import { type LocationWork, startLocationWork } from './platform/location-work.ts'
import { type AppleConnections, createAppleConnections } from './tokens/apple.ts'
import { tokenRoutes } from './tokens/routes.ts'
import { notificationRoute } from './tokens/webhook.ts'

/** Called with the location work once it runs; stories use it to drain the work instead of waiting. */
export type WorkObserver = (work: LocationWork) => void

/** The pipeline. */
export function pipelineFeature(observe: WorkObserver = () => {}): Feature {
  return {
    name: 'pipeline',
    open(context) {
      const { config, database, clock, secretBox, fetch } = context
      const db = database.kysely
      const { serviceConfigUrl, allowLoopbackHttp } = config.apple
      // A simulator on this machine has any port; Apple's hosts are listed by name.
      const allowedHosts = [
        ...config.apple.allowedHosts,
        ...(allowLoopbackHttp ? [serviceConfigUrl.host] : []),
      ]
      const settings = { serviceConfigUrl: serviceConfigUrl.href, allowedHosts, allowLoopbackHttp }
      const apple = createAppleConnections({ db, clock, secrets: secretBox, settings, fetch })
      return {
        routes: (app) => declareRoutes(app, context, apple),
        workers: [locationWorker(context, apple, observe)],
      }
    },
  }
}

function declareRoutes(app: HttpApp, context: ServerContext, apple: AppleConnections): void {
  const { config, clock, newId, fetch } = context
  const db = context.database.kysely
  const { artworkHosts: hosts, allowLoopbackHttp } = config.apple
  overviewRoutes(app, { db, clock })
  tokenRoutes(app, {
    db,
    clock,
    newId,
    apple,
    secrets: context.secretBox,
    notificationBase: config.publicUrl,
  })
  notificationRoute(app, { db, clock })
  catalogRoutes(app, { db, clock, fetch, hosts, allowLoopbackHttp })
  licenseRoutes(app, { db })
  ledgerRoutes(app, { db })
  assignmentRoutes(app, { db, clock, newId })
  interventionRoutes(app, { db, clock, newId })
}

function locationWorker(
  context: ServerContext,
  apple: AppleConnections,
  observe: WorkObserver,
): BackgroundWorker {
  const { clock, newId, log, database } = context
  const db = database.kysely
  const ports = { db, pool: database.pool, clock, newId, apple, log }
  return {
    name: 'location work',
    async start() {
      const work = await startLocationWork({
        db,
        listen: clientConfig(context.connection),
        clock,
        owner: context.processId,
        log,
        steps: [
          hearStep(ports),
          lookStep(ports),
          sendStep(ports),
          reconcileStep(ports),
          interveneStep(ports),
          packStep(ports),
          syncStep(ports),
        ],
      })
      observe(work)
      return work
    },
  }
}
