/** Lets so many through at a time; the others wait in the order in which they came. */
export interface Gate {
  pass<T>(work: () => Promise<T>): Promise<T>
  /** From now on so many, at least 1; who is through stays through. */
  setWidth(width: number): void
}

export function createGate(width: number): Gate {
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
    async pass(work) {
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
