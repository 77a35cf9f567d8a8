/**
 * The state of a simulator in a folder: written a moment after a change and at a clean stop, always whole.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Snapshot } from './snapshot.ts'

export interface StateFile {
  /** What an earlier run left, or undefined in a new folder. */
  readonly saved: Snapshot | undefined
  /** Something changed; it is written within about a second. */
  touch(): void
  /** Writes what is not written yet, and stops. */
  close(): void
}

const PAUSE_MS = 300

/** Reads the folder, which is made when it is missing. `take` gives the state to write. */
export function openStateFile(folder: string, take: () => Snapshot): StateFile {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, 'apple-sim.json')
  let timer: NodeJS.Timeout | undefined
  const write = (): void => {
    timer = undefined
    writeWhole(path, JSON.stringify(take()))
  }
  return {
    saved: readSnapshot(path),
    touch() {
      timer ??= setTimeout(write, PAUSE_MS).unref()
    },
    close() {
      clearTimeout(timer)
      write()
    },
  }
}

function readSnapshot(path: string): Snapshot | undefined {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
  try {
    const snapshot: unknown = JSON.parse(text)
    if (isSnapshot(snapshot)) return snapshot
  } catch {
    // Told below, together with a file of another kind.
  }
  throw new Error(`${path} holds no state of this simulator; move it away to start with nothing`)
}

function isSnapshot(value: unknown): value is Snapshot {
  return typeof value === 'object' && value !== null && 'format' in value && value.format === 1
}

/** Holds tokens, so only the owner may read it. A reader finds the old content or the new, never a part. */
function writeWhole(path: string, text: string): void {
  const fresh = `${path}.new`
  const file = openSync(fresh, 'w', 0o600)
  try {
    writeFileSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(fresh, path)
}
