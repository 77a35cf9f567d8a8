/** A thread that tries to take the lock of each folder at the same moment as its siblings. */
import { parentPort, workerData } from 'node:worker_threads'
import { lockFolder } from '@apportion/server/platform/postgres/folder-lock'

/** What each racer is given. */
export interface Race {
  readonly folders: readonly string[]
  readonly racers: number
  /** One counter a folder: a round starts when every racer has arrived. */
  readonly arrived: Int32Array
}

const { folders, racers, arrived }: Race = workerData
const taken: boolean[] = []
for (const [round, folder] of folders.entries()) {
  Atomics.add(arrived, round, 1)
  while (Atomics.load(arrived, round) < racers) {
    // Spinning, not waiting: waking up takes longer than the race itself.
  }
  const lock = await lockFolder(folder).catch(() => undefined)
  taken.push(lock !== undefined)
}
parentPort?.postMessage(taken)
