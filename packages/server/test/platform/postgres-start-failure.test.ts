import { isPassingStartFailure, startFailure } from '@apportion/server/platform/postgres/start-failure'
import { expect, test } from 'vitest'

const folder = '/srv/apportion'

const cases: readonly (readonly [string, string, string, string])[] = [
  [
    'a full disk',
    'FATAL:  could not write lock file "postmaster.pid": No space left on device',
    'database.disk_full',
    'The disk of /srv/apportion is full; free some space and start again.',
  ],
  [
    'a used-up quota',
    'PANIC:  could not write to file "pg_wal/xlogtemp.12": Disk quota exceeded',
    'database.disk_full',
    'The disk of /srv/apportion is full; free some space and start again.',
  ],
  [
    'a folder of someone else',
    'initdb: error: could not change permissions of directory "/srv/apportion": Operation not permitted',
    'database.folder_unwritable',
    'The database cannot write in /srv/apportion; give it a folder whose owner starts Apportion.',
  ],
  [
    'a read-only disk',
    'initdb: error: could not create directory "x": Read-only file system',
    'database.folder_unwritable',
    'The database cannot write in /srv/apportion; give it a folder whose owner starts Apportion.',
  ],
  [
    'another PostgreSQL on the folder',
    'FATAL:  lock file "postmaster.pid" already exists\nHINT:  Is another postmaster (PID 5) running?',
    'database.folder_in_use',
    'Another PostgreSQL still uses /srv/apportion; end it, then start again.',
  ],
  [
    'children of a killed PostgreSQL',
    'FATAL:  pre-existing shared memory block (key 17, ID 3) is still in use',
    'database.folder_in_use',
    'Another PostgreSQL still uses /srv/apportion; end it, then start again.',
  ],
  [
    'something new, with the complaint itself',
    'LOG:  starting\nFATAL:  unrecognized configuration parameter "shard_buffers"\nLOG:  database system is shut down',
    'database.start_failed',
    'The embedded PostgreSQL (postgres) did not start in /srv/apportion: FATAL:  unrecognized configuration parameter "shard_buffers"',
  ],
  [
    'silence',
    '',
    'database.start_failed',
    'The embedded PostgreSQL (postgres) did not start in /srv/apportion: it said nothing',
  ],
]

for (const [cause, words, code, message] of cases) {
  test(`a start that fails for ${cause} is ${code}`, () => {
    expect(startFailure(words, { folder, program: 'postgres' })).toMatchObject({ code, message })
  })
}

test('only remains of an earlier PostgreSQL are waited for', () => {
  const passing = cases.filter(([, words]) =>
    isPassingStartFailure(startFailure(words, { folder, program: 'postgres' })),
  )
  expect(passing.map(([cause]) => cause)).toEqual([
    'another PostgreSQL on the folder',
    'children of a killed PostgreSQL',
  ])
})
