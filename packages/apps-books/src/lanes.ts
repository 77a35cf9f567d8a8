/** Apple allows at most five page requests at once. */
export const MAX_LANES = 5

export interface Lanes {
  /** Runs the task as soon as a lane is free, first come first served. */
  run<T>(task: () => Promise<T>): Promise<T>
}

/** A fixed number of lanes that any number of walks share. */
export function createLanes(count: number): Lanes {
  const waiting: (() => void)[] = []
  let free = count

  async function enter(): Promise<void> {
    if (free > 0) {
      free -= 1
      return
    }
    await new Promise<void>((resolve) => waiting.push(resolve))
  }

  function leave(): void {
    const next = waiting.shift()
    if (next === undefined) free += 1
    else next()
  }

  return {
    async run(task) {
      await enter()
      try {
        return await task()
      } finally {
        leave()
      }
    },
  }
}
