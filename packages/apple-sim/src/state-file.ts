/**
 * The state of a simulator in a folder: everything small in one file that is always whole, licenses and users in a
 * journal for each location.
 *
 * Before a write is answered it is written, so that ending the process at any moment takes back nothing that a
 * client was told. A loss of power may cost the last fraction of a second.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Location } from './location.ts'
import { type JournalLengths, LocationJournal } from './location-journal.ts'
import type { Simulation } from './simulation.ts'
import { restoreSnapshot, type Snapshot, takeSnapshot } from './snapshot.ts'

export interface StateFile {
  /** Something changed; it is written within about a second. */
  touch(): void
  /** Writes at once what changed. */
  save(): void
  /** Writes what is not written yet, and stops. */
  close(): void
}

const PAUSE_MS = 300

/** Makes the folder when it is missing, and fills the fresh simulation with what an earlier run left in it. */
export function openStateFile(folder: string, simulation: Simulation): StateFile {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, 'apple-sim.json')
  const journals = new Map<string, LocationJournal>()
  const journalOf = (location: Location, saved?: JournalLengths): LocationJournal => {
    const journal = journals.get(location.uId) ?? new LocationJournal(folder, location, saved)
    journals.set(location.uId, journal)
    return journal
  }
  const saved = readSnapshot(path)
  if (saved) restoreSnapshot(simulation, saved, journalOf)

  let timer: NodeJS.Timeout | undefined
  let isChanged = true
  const write = (synced: boolean): void => {
    if (!isChanged) return
    const snapshot = takeSnapshot(simulation, (location) => journalOf(location).flush())
    if (synced) for (const journal of journals.values()) journal.sync()
    writeWhole(path, JSON.stringify(snapshot), synced)
    for (const journal of journals.values()) journal.forgetFormer()
    isChanged = false
  }
  const writeLater = (): void => {
    timer = undefined
    write(true)
  }
  return {
    touch() {
      isChanged = true
      timer ??= setTimeout(writeLater, PAUSE_MS).unref()
    },
    save: () => write(false),
    close() {
      clearTimeout(timer)
      isChanged = true
      write(true)
      for (const journal of journals.values()) journal.close()
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
  return typeof value === 'object' && value !== null && 'format' in value && value.format === 2
}

/** Holds tokens, so only the owner may read it. A reader finds the old content or the new, never a part. */
function writeWhole(path: string, text: string, synced: boolean): void {
  const fresh = `${path}.new`
  const file = openSync(fresh, 'w', 0o600)
  try {
    writeFileSync(file, text)
    if (synced) fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(fresh, path)
}
