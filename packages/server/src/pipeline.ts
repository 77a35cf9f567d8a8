/**
 * The life of a license as one feature of the server: content tokens, catalog, licenses and assignments over the same
 * connections to Apple, and the work that goes on for each location, in the order in which it is done.
 *
 *     leave → hear → look → send → reconcile → intervene → register → pack → tend   one after another for each location
 *     deliver, invite, sync, sweep, forecast, idle                                  beside them
 */
import { reconcileStep } from './assignments/reconcile.ts'
import { assignmentRoutes } from './assignments/routes.ts'
import { catalogRoutes } from './catalog/routes.ts'
import { deviceChannels } from './device-channels.ts'
import type { BackgroundWorker, Feature, ServerContext } from './feature.ts'
import { forecastStep } from './forecast/refresh.ts'
import { forecastRoutes } from './forecast/routes.ts'
import { idleLookStep } from './idle/look.ts'
import { idleRoutes } from './idle/routes.ts'
import { deliverStep } from './installs/deliver.ts'
import { inviteStep } from './installs/invite-people.ts'
import { installRoutes } from './installs/routes.ts'
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
import { hearPeople } from './people/hear-users.ts'
import { lookAtRegistrationsStep, registerStep } from './people/register.ts'
import { peopleRoutes } from './people/routes.ts'
import { clientConfig } from './platform/db/database.ts'
import type { HttpApp } from './platform/http/routes.ts'
import { type LocationWork, startLocationWork } from './platform/location-work.ts'
import { titleRoutes } from './titles/routes.ts'
import { type AppleConnections, createAppleConnections } from './tokens/apple.ts'
import { connectorCounts } from './tokens/health-counts.ts'
import { leaveStep } from './tokens/leaving/leave.ts'
import { leavingRoutes } from './tokens/leaving/routes.ts'
import { appleRoutes, tokenRoutes } from './tokens/routes.ts'
import { tendChangedAddresses, tendStep } from './tokens/tend.ts'
import { notificationRoute } from './tokens/webhook.ts'

/** Called with the location work once it runs; stories use it to drain the work instead of waiting. */
export type WorkObserver = (work: LocationWork) => void

/** The pipeline. */
export function pipelineFeature(observe: WorkObserver = () => {}): Feature {
  return {
    name: 'pipeline',
    open(context) {
      const { config, database, clock, secretBox, developerKey, fetch } = context
      const db = database.kysely
      const { serviceConfigUrl, allowLoopbackHttp, catalogUrl, publicLookupUrl } = config.apple
      // A simulator on this machine has any port; Apple's hosts are listed by name.
      const allowedHosts = [
        ...config.apple.allowedHosts,
        ...(allowLoopbackHttp
          ? [serviceConfigUrl.host, ...(catalogUrl === null ? [] : [catalogUrl.host])]
          : []),
      ]
      const titles = { developerKey, catalogUrl, publicLookupUrl }
      const settings = { serviceConfigUrl: serviceConfigUrl.href, allowedHosts, allowLoopbackHttp, titles }
      const apple = createAppleConnections({
        db,
        clock,
        secrets: secretBox,
        settings,
        fetch,
        notificationBase: config.publicUrl,
      })
      return {
        routes: (app) => declareRoutes(app, context, apple),
        workers: [locationWorker(context, apple, observe)],
        healthDetails: connectorCounts({ db, clock, hasAddress: config.publicUrl !== null }),
      }
    },
  }
}

function declareRoutes(app: HttpApp, context: ServerContext, apple: AppleConnections): void {
  const { config, clock, newId, fetch } = context
  const db = context.database.kysely
  const { artworkHosts: hosts, allowLoopbackHttp } = config.apple
  overviewRoutes(app, { db, clock, hasAddress: config.publicUrl !== null })
  const { secretBox: secrets } = context
  const tokenPorts = { db, clock, newId, apple, secrets, notificationBase: config.publicUrl }
  tokenRoutes(app, tokenPorts)
  appleRoutes(app, tokenPorts)
  leavingRoutes(app, tokenPorts)
  notificationRoute(app, { db, clock, secrets })
  catalogRoutes(app, { db, clock, fetch, hosts, allowLoopbackHttp })
  titleRoutes(app, { db, clock })
  licenseRoutes(app, { db, clock })
  ledgerRoutes(app, { db })
  forecastRoutes(app, { db, clock })
  assignmentRoutes(app, { db, clock, newId })
  interventionRoutes(app, { db, clock, newId })
  peopleRoutes(app, { db, clock, secrets, apple })
  idleRoutes(app, { db, clock })
  installRoutes(app, { db, clock })
}

function locationWorker(
  context: ServerContext,
  apple: AppleConnections,
  observe: WorkObserver,
): BackgroundWorker {
  const { clock, newId, log, database, secretBox: secrets } = context
  const db = database.kysely
  const notificationBase = context.config.publicUrl
  const ports = { db, pool: database.pool, clock, newId, apple, secrets, log, notificationBase }
  return {
    name: 'location work',
    async start() {
      await tendChangedAddresses(ports)
      const work = await startLocationWork({
        db,
        listen: clientConfig(context.connection),
        clock,
        owner: context.processId,
        log,
        steps: [
          leaveStep(ports),
          hearStep({ ...ports, hearPeople }),
          lookStep(ports),
          sendStep(ports),
          reconcileStep(ports),
          interveneStep(ports),
          lookAtRegistrationsStep(ports),
          registerStep(ports),
          packStep(ports),
          tendStep(ports),
          syncStep(ports),
          forecastStep(ports),
          idleLookStep(ports),
          deliverStep({ ...ports, channel: deviceChannels }),
          inviteStep({ ...ports, channel: deviceChannels }),
        ],
      })
      observe(work)
      return work
    },
  }
}
