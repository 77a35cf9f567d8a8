import { expect, test } from 'vitest'
import { seededRandom } from '../src/random.ts'
import { seatCounts } from '../src/seats.ts'
import { SubscriptionBook } from '../src/subscription-book.ts'

const KINDS = ['renewing', 'expiring'] as const

/** One thing that can happen to a subscription; what is refused leaves it as it was. */
function change(book: SubscriptionBook, random: ReturnType<typeof seededRandom>): void {
  const [subscription] = book.subscriptions
  if (!subscription) return
  const clientUserId = `u${random.below(12)}`
  const renewing = random.chance(0.5)
  const amount = random.below(9) - 4
  const seat = subscription.seats.get(clientUserId)
  const actions = [
    () => book.seat(subscription, { clientUserId, renewing }),
    () => book.seat(subscription, { clientUserId, renewing, viaGroup: true }),
    () => book.unseat(subscription, clientUserId),
    () => book.dropUser(clientUserId),
    () => seat && Object.assign(seat, { leavesBy: 'event' }),
    () => book.changeTotal(subscription, { renewing: amount, expiring: random.below(9) - 4 }),
    () => book.changeTotal(subscription, { renewing: -amount, expiring: amount }),
    () => random.chance(0.2) && book.endPeriod(subscription),
  ]
  try {
    actions[random.below(actions.length)]?.()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
  }
}

test('C45 whatever happens, assigned + available = total for both kinds of seat, and none is negative', () => {
  for (let seed = 1; seed <= 200; seed++) {
    const random = seededRandom(seed)
    const book = new SubscriptionBook(random)
    book.enter({ adamId: 1, parentAdamId: null, periodEndDate: '2026-01-31', periodMonths: 1 })
    for (let step = 0; step < 60; step++) {
      change(book, random)
      const [subscription] = book.subscriptions
      if (!subscription) throw new Error('The subscription is gone')
      const { assigned, available, total } = seatCounts(subscription)
      for (const kind of KINDS) {
        expect([seed, step, assigned[kind] + available[kind]]).toEqual([seed, step, total[kind]])
        expect(Math.min(assigned[kind], available[kind])).toBeGreaterThanOrEqual(0)
      }
      expect(assigned.renewing + assigned.expiring).toBe(subscription.seats.size)
    }
    const copy = new SubscriptionBook(seededRandom(seed))
    copy.restore(JSON.parse(JSON.stringify(book.snapshot())))
    expect(copy.snapshot()).toEqual(book.snapshot())
  }
})
