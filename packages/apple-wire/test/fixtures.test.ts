import { expect, test } from 'vitest'
import assets from '../fixtures/assets-page-0.json' with { type: 'json' }
import book from '../fixtures/assets-page-1.json' with { type: 'json' }
import unlimited from '../fixtures/assets-unlimited.json' with { type: 'json' }
import assignments from '../fixtures/assignments.json' with { type: 'json' }
import clientConfig from '../fixtures/client-config.json' with { type: 'json' }
import event from '../fixtures/event.json' with { type: 'json' }
import lookup from '../fixtures/lookup.json' with { type: 'json' }
import notifications from '../fixtures/notifications.json' with { type: 'json' }
import organizationApps from '../fixtures/organization-apps.json' with { type: 'json' }
import organizationBooks from '../fixtures/organization-books.json' with { type: 'json' }
import organizationRefused from '../fixtures/organization-refused-token.json' with { type: 'json' }
import publicLookup from '../fixtures/public-lookup.json' with { type: 'json' }
import serviceConfig from '../fixtures/service-config.json' with { type: 'json' }
import failed from '../fixtures/status-failed.json' with { type: 'json' }
import subscriptionAdmins from '../fixtures/subscription-admins.json' with { type: 'json' }
import subscriptionAdminsChanged from '../fixtures/subscription-admins-changed.json' with { type: 'json' }
import subscriptionSeats from '../fixtures/subscription-assignments.json' with { type: 'json' }
import subscriptionsEnabled from '../fixtures/subscriptions-enabled.json' with { type: 'json' }
import subscriptions0 from '../fixtures/subscriptions-page-0.json' with { type: 'json' }
import subscriptions1 from '../fixtures/subscriptions-page-1.json' with { type: 'json' }
import users from '../fixtures/users.json' with { type: 'json' }
import type {
  AssetsPage,
  AssignmentsPage,
  ClientConfigResponse,
  EventResponse,
  LookupResponse,
  Notification,
  ServiceConfigResponse,
  UsersPage,
} from '../src/messages.ts'
import type {
  OrganizationCatalogErrors,
  OrganizationCatalogResponse,
  PublicLookupResponse,
} from '../src/store-metadata.ts'
import type {
  SubscriptionAdminsPage,
  SubscriptionAdminsResponse,
  SubscriptionAssignmentsPage,
  SubscriptionManagementResponse,
  SubscriptionsPage,
} from '../src/subscriptions.ts'

/** The compiler compares every sample with the shapes; what it cannot see is checked below. */
const shapes = [
  serviceConfig satisfies ServiceConfigResponse,
  clientConfig satisfies ClientConfigResponse,
  assets satisfies AssetsPage,
  book satisfies AssetsPage,
  unlimited satisfies AssetsPage,
  assignments satisfies AssignmentsPage,
  users satisfies UsersPage,
  event satisfies EventResponse,
  notifications satisfies readonly Notification[],
  lookup satisfies LookupResponse,
  organizationApps satisfies OrganizationCatalogResponse,
  organizationBooks satisfies OrganizationCatalogResponse,
  organizationRefused satisfies OrganizationCatalogErrors,
  publicLookup satisfies PublicLookupResponse,
  subscriptions0 satisfies SubscriptionsPage,
  subscriptions1 satisfies SubscriptionsPage,
  subscriptionSeats satisfies SubscriptionAssignmentsPage,
  subscriptionAdmins satisfies SubscriptionAdminsPage,
  subscriptionAdminsChanged satisfies SubscriptionAdminsResponse,
  subscriptionsEnabled satisfies SubscriptionManagementResponse,
]

test('the counts of the sample assets add up', () => {
  for (const asset of [...assets.assets, ...book.assets]) {
    expect(asset.availableCount + asset.assignedCount + asset.retiredCount).toBe(asset.totalCount)
  }
})

test('the sample pages count their records', () => {
  for (const page of [assets, book]) expect(page.size).toBe(page.assets.length)
  expect(assignments.size).toBe(assignments.assignments.length)
  expect(users.size).toBe(users.users.length)
})

test('a failed event counts successes only', () => {
  expect(failed.eventStatus).toBe('FAILED')
  expect(failed.numCompleted).toBeLessThan(failed.numRequested)
  expect(failed.failures[0]?.errorNumber).toBe(9709)
})

test('the samples contain no host but Apple’s and example ones', () => {
  const hosts = JSON.stringify(shapes).matchAll(/https:\/\/([^/"]+)/g)
  for (const [, host] of hosts) expect(host).toMatch(/(?:\.apple\.com|\.mzstatic\.com|\.example)$/)
})
