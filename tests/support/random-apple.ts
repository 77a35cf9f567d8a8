/** What Apple, the market, other systems and the network do to a location, at random and by a seed. */
import type { AppleSim } from '@apportion/apple-sim/apple-sim'
import type { FaultOrder, RequestFault } from '@apportion/apple-sim/faults'
import type { LocationControl } from '@apportion/apple-sim/location-control'
import type { Random } from '@apportion/apple-sim/random'

export interface RandomApple {
  /** Something goes wrong with the next requests or events. */
  spoil(): void
  /** Something happens that the client did not ask for, perhaps: others act, or versions move. */
  stir(): void
  /** Something may happen again, but only so often until the next call. */
  allow(times: number): void
}

const apps = ['900001', '900002']
const faults = ['429', '500', '503', 'reset-before', 'reset-after-commit', 'html', 'truncated'] as const

export function createRandomApple(
  { apple, location, random }: { apple: AppleSim; location: LocationControl; random: Random },
  names: { readonly serials: readonly string[]; readonly people: readonly string[] },
): RandomApple {
  let allowed = 0
  const one = (list: readonly string[]): string => list[random.below(list.length)] ?? ''

  const happenings: readonly (() => void)[] = [
    () => location.assignOutside(one(apps), { serialNumbers: [one(names.serials)] }),
    () => location.assignOutside(one(apps), { clientUserIds: [one(names.people)] }),
    () => location.releaseOutside(one(apps), { serialNumbers: [one(names.serials)] }),
    () => location.releaseOutside(one(apps), { serialNumbers: [one(names.serials), one(names.serials)] }),
    () => location.buy(one(apps), 1 + random.below(3)),
    () => location.refund(one(apps), 1),
    () => location.acceptInvitation(one(names.people)),
    () => location.retireUser(one(names.people)),
    () => location.addUser({ clientUserId: one(names.people), email: 'outside@people.example' }),
    () => location.setUnlimited('900002', random.chance(0.5)),
    () => location.bumpVersions(),
    () => location.bumpVersions(),
    () => location.forgetVersions(),
  ]

  return {
    allow(times) {
      allowed = times
    },
    stir() {
      if (allowed === 0 || random.chance(0.4)) return
      allowed -= 1
      try {
        happenings[random.below(happenings.length)]?.()
      } catch {
        // It was impossible: no license to give, nobody invited, nobody to retire.
      }
    },
    spoil() {
      for (let left = random.below(4); left > 0; left--) apple.world.faults.failNext(fault(random))
      if (random.chance(0.06)) apple.world.faults.stuckEvents(1)
      if (random.chance(0.06)) apple.world.faults.forgetEvents(1)
    },
  }
}

function fault(random: Random): FaultOrder<RequestFault> {
  const kind = faults[random.below(faults.length)] ?? '500'
  const match = [undefined, 'GET', 'POST', '/assignments', '/status'][random.below(5)]
  return {
    fault: kind,
    times: 1 + random.below(2),
    ...(match === undefined ? {} : { match }),
    ...(random.chance(0.5) ? { retryAfter: 1 + random.below(20) } : {}),
    retryAfterStyle: random.chance(0.5) ? 'seconds' : 'http-date',
  }
}
