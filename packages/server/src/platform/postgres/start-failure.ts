/** What PostgreSQL's last words mean for the operator. */
import { DatabaseFailure, type DatabaseFailureCode } from '../db/failure.ts'

/** Which program spoke, and about which folder. */
export interface StartContext {
  readonly folder: string
  readonly program: 'initdb' | 'postgres'
}

/** In order: the first that fits is the cause, the ones after it often follow from it. */
const meanings: readonly (readonly [RegExp, DatabaseFailureCode, (folder: string) => string])[] = [
  [
    /No space left on device|Disk quota exceeded|disk full/i,
    'database.disk_full',
    (folder) => `The disk of ${folder} is full; free some space and start again.`,
  ],
  [
    /Read-only file system|Permission denied|EACCES|EROFS|EPERM|Operation not permitted/i,
    'database.folder_unwritable',
    (folder) => `The database cannot write in ${folder}; give it a folder whose owner starts Apportion.`,
  ],
  [
    /lock file "postmaster.pid" already exists|pre-existing shared memory block/,
    'database.folder_in_use',
    (folder) => `Another PostgreSQL still uses ${folder}; end it, then start again.`,
  ],
]

/** The failure for a start that ended with these words. */
export function startFailure(words: string, { folder, program }: StartContext): DatabaseFailure {
  const facts = { folder, program, said: words.trim().slice(-2000) }
  for (const [pattern, code, message] of meanings) {
    if (pattern.test(words)) return new DatabaseFailure(code, message(folder), { facts })
  }
  const said = lastComplaint(words) ?? 'it said nothing'
  const message = `The embedded PostgreSQL (${program}) did not start in ${folder}: ${said}`
  return new DatabaseFailure('database.start_failed', message, { facts })
}

/** True when waiting may help: remains of a PostgreSQL that was killed are still ending. */
export function isPassingStartFailure(failure: DatabaseFailure): boolean {
  return failure.code === 'database.folder_in_use'
}

function lastComplaint(words: string): string | undefined {
  const lines = words.split('\n').filter((line) => line.trim() !== '')
  return lines.findLast((line) => /FATAL|PANIC|error/i.test(line)) ?? lines.at(-1)
}
