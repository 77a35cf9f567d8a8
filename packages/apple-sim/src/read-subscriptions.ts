/** `GET /subscriptions`, `/subscriptions/assignments` and `/subscriptions/admins`. */
import { cursorPage } from './cursor.ts'
import { booleanParameter } from './query.ts'
import { Refusal } from './refusal.ts'
import { seatCounts } from './seats.ts'
import type { Call } from './simulation.ts'
import type { Subscription } from './subscription-book.ts'

/** Filters are combined; entries whose seats are all gone stay, with counts of 0. */
export function readSubscriptions(call: Call): string {
  return cursorPage(call, {
    name: 'subscriptions',
    items: subscriptionsNamed(call),
    present: (subscription) => {
      const { parentAdamId, adamId, status, periodEndDate } = subscription
      return { parentAdamId, adamId, status, periodEndDate, counts: seatCounts(subscription) }
    },
    versions: call.location.subscriptions.versions.subscriptions,
  })
}

/** Who sits on which seat, in the order in which the seats were given. */
export function readSubscriptionAssignments(call: Call): string {
  const wanted = call.query.get('clientUserId')
  const stateOf = userState(call)
  return cursorPage(call, {
    name: 'assignments',
    items: subscriptionsNamed(call)
      .flatMap(({ adamId, seats }) => [...seats.values()].map((seat) => ({ adamId, ...seat })))
      .filter(({ clientUserId }) => wanted === null || clientUserId === wanted)
      .sort((a, b) => a.order - b.order),
    present: ({ adamId, clientUserId, renewing }) => ({
      adamId,
      clientUserId,
      renewing,
      ...stateOf(clientUserId),
    }),
    versions: call.location.subscriptions.versions.assignments,
  })
}

/** `idHash` is always there; `userStatus` on request. */
export function readSubscriptionAdmins(call: Call): string {
  const stateOf = userState(call)
  const { activeUsers, subscriptions } = call.location
  return cursorPage(call, {
    name: 'admins',
    items: subscriptionsNamed(call)
      .flatMap(({ adamId, admins }) => [...admins.values()].map((admin) => ({ adamId, ...admin })))
      .sort((a, b) => a.order - b.order),
    present: ({ adamId, clientUserId }) => ({
      adamId,
      clientUserId,
      idHash: activeUsers.get(clientUserId)?.idHash,
      ...stateOf(clientUserId),
    }),
    versions: subscriptions.versions.admins,
  })
}

function subscriptionsNamed({ location, query }: Call): readonly Subscription[] {
  const adamId = integerId(query, 'adamId')
  const parentAdamId = integerId(query, 'parentAdamId')
  return location.subscriptions.subscriptions.filter(
    (subscription) =>
      (adamId === undefined || subscription.adamId === adamId) &&
      (parentAdamId === undefined || subscription.parentAdamId === parentAdamId),
  )
}

/** An adamId of this family; 9813 for what is no integer. */
function integerId(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name)
  if (value === null) return undefined
  if (!/^\d{1,15}$/.test(value)) throw new Refusal(9813)
  return Number(value)
}

function userState({ location, query }: Call): (clientUserId: string) => object {
  if (booleanParameter(query, 'includeUserState') !== true) return () => ({})
  return (clientUserId) => {
    const user = location.activeUsers.get(clientUserId)
    return user ? { userStatus: user.status, idHash: user.idHash } : {}
  }
}
