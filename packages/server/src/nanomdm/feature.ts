/** Devices that are enrolled at NanoMDM (D1) as a feature: the address that it tells, and what is sent to it. */
import type { DeviceListener } from '../devices/channel.ts'
import type { Feature, ServerContext } from '../feature.ts'
import { deviceFactsListener } from '../mdm/device-facts.ts'
import { createNanoMdmApi } from './api.ts'
import { nanoChannel } from './channel.ts'
import { nanoMdmCounts } from './health.ts'
import { nanoWebhookRoute } from './webhook.ts'
import { type NanoWorkerPorts, startNanoWork } from './worker.ts'

/** What the feature is told of the other parts of the server. */
export interface NanoParts {
  /** Parts of the server that hear what devices do, in this order, after the facts of the device are written down. */
  readonly listeners?: (context: ServerContext) => readonly DeviceListener[]
  /** Called with what the worker works with; stories use it to let it work instead of waiting. */
  readonly observe?: (ports: NanoWorkerPorts) => void
}

/** Nothing without `config.nanomdmUrl`. */
export function nanomdmFeature({ listeners = () => [], observe = () => {} }: NanoParts = {}): Feature {
  return {
    name: 'nanomdm',
    open(context) {
      const { config, database, clock, log, newId, fetch, nanomdm: keys } = context
      const url = config.nanomdmUrl ?? null
      if (url === null || keys === null) return {}
      const db = database.kysely
      const others = listeners(context)
      const facts = deviceFactsListener({ newId, listeners: others, channel: nanoChannel })
      const hearing = [facts, ...others]
      const api = createNanoMdmApi({ url, apiKey: keys.apiKey, fetch })
      const ports = { db, clock, log, newId, api, listeners: hearing }
      observe(ports)
      return {
        routes: (app) => nanoWebhookRoute(app, { ...ports, webhookKey: keys.webhookKey }),
        workers: [{ name: 'NanoMDM', start: () => startNanoWork(ports) }],
        healthDetails: () => nanoMdmCounts(db),
      }
    },
  }
}
