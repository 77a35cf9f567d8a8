/** The benchmarks by name. Each compares what the product does with the least that is possible, in the same run. */
import type { BenchCase } from './report.ts'

/** `small` proves within seconds that a benchmark still works; only `full` says something about the product. */
export type Size = 'small' | 'full'

export interface Bench {
  /** What is compared with what. */
  readonly about: string
  cases(size: Size): AsyncIterable<BenchCase>
}

/** What a bench needs is loaded when it runs. */
export const benches: Readonly<Record<string, Bench>> = {
  requests: {
    about:
      "requests to Apple that giving licenses takes, against the best proven lower bound by Apple's limits",
    async *cases(size) {
      const { requestsCases, school, uniform } = await import('./requests.ts')
      yield* requestsCases(
        size === 'small'
          ? [uniform(20, 300), school(80)]
          : [uniform(1, 1000), uniform(20, 10_000), school(10_000)],
      )
    },
  },
  plan: {
    about: 'the plan of one assignment over a fleet, against the bare set difference in SQL',
    async *cases(size) {
      const { planCases } = await import('./plan.ts')
      yield* planCases(size === 'small' ? [2000] : [10_000, 100_000, 500_000])
    },
  },
  reconcile: {
    about: 'a device that changes in a large fleet, against the same in a fleet of a hundredth of the size',
    async *cases(size) {
      const { reconcileCases } = await import('./reconcile.ts')
      yield* reconcileCases(
        size === 'small' ? [{ apps: 3, devices: 2000 }] : [{ apps: 20, devices: 500_000 }],
      )
    },
  },
  checkin: {
    about: 'devices that come by, against a bare server that proves each message and asks the database once',
    async *cases(size) {
      const { checkInCases } = await import('./checkin.ts')
      yield* checkInCases([
        size === 'small' ? { enrolled: 1000, coming: 200 } : { enrolled: 10_000, coming: 3000 },
      ])
    },
  },
  sync: {
    about:
      'the first sync of a location, against fetching the same pages alone plus COPY of the same rows alone',
    async *cases(size) {
      const { syncCases } = await import('./sync.ts')
      yield* syncCases(size === 'small' ? [10_000] : [100_000, 1_000_000, 10_000_000])
    },
  },
}
