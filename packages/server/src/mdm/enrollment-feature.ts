/** How devices come under management (D1), as a feature of the server: links, and Apple's push certificates. */
import type { BackgroundWorker, Feature } from '../feature.ts'
import { type AuthorityPorts, currentAuthorities } from './authority.ts'
import { pushCertificateCounts } from './push-health.ts'
import { pushCertificateRoutes } from './push-routes.ts'
import { mdmChannel } from './queue.ts'
import { type RenewPorts, startRenewing } from './renew-identities.ts'
import { enrollmentLinkRoutes } from './routes.ts'

/** Makes the authorities at the first start, so that nobody waits for keys later. */
const makingAuthorities = (ports: AuthorityPorts): BackgroundWorker => ({
  name: 'device authorities',
  async start() {
    await currentAuthorities(ports)
    return { [Symbol.asyncDispose]: () => Promise.resolve() }
  },
})

const renewing = (ports: RenewPorts): BackgroundWorker => ({
  name: 'identities of devices',
  start: () => startRenewing(ports),
})

/** Links for devices, and what enrolling takes. */
export const enrollmentFeature: Feature = {
  name: 'enrollment',
  open({ config, database, clock, log, newId, secretBox }) {
    const { devices } = config
    const ports = { db: database.kysely, clock, log, newId, secretBox, devices, channel: mdmChannel }
    return {
      routes: (app) => {
        enrollmentLinkRoutes(app, ports)
        pushCertificateRoutes(app, ports)
      },
      healthDetails: () => pushCertificateCounts(ports),
      workers: devices === null ? [] : [makingAuthorities(ports), renewing({ ...ports, devices })],
    }
  },
}
