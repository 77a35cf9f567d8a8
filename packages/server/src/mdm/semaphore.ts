/** Lets so many through at a time; the others wait in the order in which they came. */
export interface Semaphore {
  run<T>(work: () => Promise<T>): Promise<T>
  /** From now on so many, at least 1; who is through stays through. */
  setWidth(width: number): void
}

/** One that nobody is in, for `width` at a time, at least 1. */
export function createSemaphore(width: number): Semaphore {
  let most = width
  let inside = 0
  const waiting: (() => void)[] = []
  const admit = () => {
    while (inside < most) {
      const next = waiting.shift()
      if (next === undefined) return
      inside++
      next()
    }
  }
  return {
    async run(work) {
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
        admit()
      })
      try {
        return await work()
      } finally {
        inside--
        admit()
      }
    },
    setWidth(next) {
      most = next
      admit()
    },
  }
}
