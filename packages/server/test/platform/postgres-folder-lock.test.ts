import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import {
  judgeOwner,
  lockFolder,
  type Owner,
  type OwnerSighting,
} from '@apportion/server/platform/postgres/folder-lock'
import { processSpace, seeProcess } from '@apportion/server/platform/postgres/process'
import { expect, test } from 'vitest'
import type { Race } from './postgres-lock-racer.ts'
import { temporaryFolder } from './postgres-scene.ts'

const owner: Owner = { pid: 77, startedAt: '1000', space: 'here', host: 'a' }
const seen = { owner, silentForMs: 0, processStartedAt: '1000' } satisfies OwnerSighting
const elsewhere = { ...owner, space: 'another container' }

const judgements: readonly (readonly [string, OwnerSighting, ReturnType<typeof judgeOwner>])[] = [
  ['whose process runs lives', seen, 'alive'],
  ['whose process runs lives, however long it was stopped', { ...seen, silentForMs: 3_600_000 }, 'alive'],
  ['whose process is gone is dead at once', { ...seen, processStartedAt: undefined }, 'dead'],
  ['whose number belongs to another process now is dead', { ...seen, processStartedAt: '2000' }, 'dead'],
  [
    'in another container that was just heard may live',
    { ...seen, owner: elsewhere, silentForMs: 2000 },
    'unsure',
  ],
  [
    'in another container that fell silent is dead',
    { ...seen, owner: elsewhere, silentForMs: 13_000 },
    'dead',
  ],
  [
    'in another container is not judged by our process of that number',
    { ...seen, owner: elsewhere, silentForMs: 13_000, processStartedAt: '1000' },
    'dead',
  ],
]

for (const [sentence, sighting, expected] of judgements) {
  test(`an owner ${sentence}`, () => {
    expect(judgeOwner(sighting, 'here')).toBe(expected)
  })
}

/** A lock file as a process left it that no longer runs. */
const leftOver = (changes: Partial<Owner> = {}) =>
  JSON.stringify({ pid: 999_999_999, startedAt: '1', space: processSpace(), host: 'here', ...changes })

const leftBehind: readonly (readonly [string, string])[] = [
  ['of a process that is gone', leftOver()],
  ['of a process whose number is ours now', leftOver({ pid: process.pid })],
  ['that a full disk left empty', ''],
  ['that holds something else', '"hello"'],
  ['that was cut off', '{"pid": 12'],
]

for (const [what, content] of leftBehind) {
  test(`a lock ${what} is taken over at once`, async () => {
    using folder = temporaryFolder()
    writeFileSync(join(folder.path, 'owner.lock'), content)
    using _lock = await lockFolder(folder.path)
    expect(JSON.parse(readFileSync(join(folder.path, 'owner.lock'), 'utf8'))).toMatchObject({
      pid: process.pid,
      startedAt: seeProcess(process.pid)?.startedAt,
    })
  })
}

test('a lock of another container is taken over once it has been silent', async () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'owner.lock')
  writeFileSync(path, leftOver({ space: 'another container' }))
  const longAgo = new Date(Date.now() - 60_000)
  utimesSync(path, longAgo, longAgo)
  using _lock = await lockFolder(folder.path)
  expect(readFileSync(path, 'utf8')).toContain(`"pid":${process.pid}`)
})

test('of several who take over a dead lock at the same moment exactly one gets it', async () => {
  using parent = temporaryFolder()
  const racers = 3
  const folders = Array.from({ length: 60 }, (_, round) => join(parent.path, String(round)))
  for (const folder of folders) {
    mkdirSync(folder)
    writeFileSync(join(folder, 'owner.lock'), leftOver())
  }
  const arrived = new Int32Array(new SharedArrayBuffer(4 * folders.length))
  const race: Race = { folders, racers, arrived }
  const outcomes: boolean[][] = await Promise.all(
    Array.from({ length: racers }, async () => {
      const racer = new Worker(new URL('./postgres-lock-racer.ts', import.meta.url), { workerData: race })
      const [taken] = await once(racer, 'message')
      return taken
    }),
  )
  for (const round of folders.keys()) {
    expect(outcomes.filter((taken) => taken[round])).toHaveLength(1)
  }
})

test('giving the lock back leaves the folder as it was and free for the next', async () => {
  using folder = temporaryFolder()
  const first = await lockFolder(folder.path)
  first[Symbol.dispose]()
  expect(readdirSync(folder.path)).toEqual([])
  using _second = await lockFolder(folder.path)
})
