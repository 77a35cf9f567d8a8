/** Which path and method lead to which endpoint. */
import {
  ENDPOINT_PATHS,
  readClientConfig,
  SUBSCRIPTION_PATHS,
  writeClientConfig,
} from './config-endpoints.ts'
import { readAssets } from './read-assets.ts'
import { readAssignments } from './read-assignments.ts'
import { readStatus } from './read-status.ts'
import {
  readSubscriptionAdmins,
  readSubscriptionAssignments,
  readSubscriptions,
} from './read-subscriptions.ts'
import { readUsers } from './read-users.ts'
import type { Call } from './simulation.ts'
import { associateAssets, disassociateAssets, revokeAssets } from './write-assets.ts'
import {
  addSubscriptionAdmins,
  associateSubscriptions,
  disableSubscriptions,
  disassociateSubscriptions,
  enableSubscriptions,
  removeSubscriptionAdmins,
} from './write-subscriptions.ts'
import { createUsers, retireUsers, updateUsers } from './write-users.ts'

/** Gives the JSON of the answer, or throws a `Refusal`. */
export type Endpoint = (call: Call) => string | Promise<string>

export interface Route {
  readonly GET?: Endpoint
  readonly POST?: Endpoint
  /** The POST needs neither body nor content type. */
  readonly bodyless?: true
}

/** Everything under `/mdm/v2` that needs a token. */
export const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  [ENDPOINT_PATHS.clientConfig, { GET: readClientConfig, POST: writeClientConfig }],
  [ENDPOINT_PATHS.getAssets, { GET: readAssets }],
  [ENDPOINT_PATHS.getAssignments, { GET: readAssignments }],
  [ENDPOINT_PATHS.getUsers, { GET: readUsers }],
  [ENDPOINT_PATHS.eventStatus, { GET: readStatus }],
  [ENDPOINT_PATHS.associateAssets, { POST: associateAssets }],
  [ENDPOINT_PATHS.disassociateAssets, { POST: disassociateAssets }],
  [ENDPOINT_PATHS.revokeAssets, { POST: revokeAssets }],
  [ENDPOINT_PATHS.createUsers, { POST: createUsers }],
  [ENDPOINT_PATHS.updateUsers, { POST: updateUsers }],
  [ENDPOINT_PATHS.retireUsers, { POST: retireUsers }],
  [SUBSCRIPTION_PATHS.getSubscriptions, { GET: readSubscriptions }],
  [SUBSCRIPTION_PATHS.getSubscriptionAssignments, { GET: readSubscriptionAssignments }],
  [SUBSCRIPTION_PATHS.getSubscriptionAdmins, { GET: readSubscriptionAdmins }],
  [SUBSCRIPTION_PATHS.associateSubscriptions, { POST: associateSubscriptions }],
  [SUBSCRIPTION_PATHS.disassociateSubscriptions, { POST: disassociateSubscriptions }],
  [SUBSCRIPTION_PATHS.addSubscriptionAdmins, { POST: addSubscriptionAdmins }],
  [SUBSCRIPTION_PATHS.removeSubscriptionAdmins, { POST: removeSubscriptionAdmins }],
  [SUBSCRIPTION_PATHS.enableSubscriptions, { POST: enableSubscriptions, bodyless: true }],
  [SUBSCRIPTION_PATHS.disableSubscriptions, { POST: disableSubscriptions, bodyless: true }],
])
