import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { endRun, takeRun } from '../../src/licenses/sync/progress.ts'
import { inTransaction } from '../../src/platform/db/transaction.ts'
import { askForDriftSync, askForSync, pageOfSyncRuns } from '../../src/tokens/sync-runs.ts'
import { addLocation } from '../support/license-scene.ts'
import { createTestDatabase } from '../support/test-database.ts'

const at = new Date('2026-03-02T08:00:00Z')
const counts = {
  assets_seen: 0,
  users_seen: 0,
  licenses_seen: 0,
  licenses_found: 0,
  licenses_gone: 0,
  assets_reread: 0,
}
const ended = { at, counts, scope: 'changes' } as const

test('a sync that is asked for while one waits is that one; while one runs, another follows it', async () => {
  await using database = await createTestDatabase()
  const db = database.kysely
  const locationId = await addLocation(db)
  const ask = () =>
    inTransaction(db, (tx) => askForSync(tx, { locationId, cause: 'administrator', id: randomUUID(), at }))
  const first = await ask()
  expect((await ask()).id).toBe(first.id)
  expect(await takeRun(db, locationId, at)).toMatchObject({ id: first.id, state: 'running' })
  expect((await ask()).id).toBe(first.id)
  await endRun(db, first.id, { ...ended, problem: null })
  const second = await takeRun(db, locationId, at)
  expect(second).toMatchObject({ cause: 'administrator', state: 'running' })
  await inTransaction(db, (tx) => askForDriftSync(tx, locationId, at))
  await endRun(db, second?.id ?? '', { ...ended, problem: { code: 'apple.refused', detail: 'not now' } })
  const third = await takeRun(db, locationId, at)
  expect(third).toMatchObject({ cause: 'drift', wants_everything: false })
  await endRun(db, third?.id ?? '', { ...ended, problem: null })
  expect(await takeRun(db, locationId, at)).toBeUndefined()
  expect((await pageOfSyncRuns(db, locationId, { limit: 10, before: null })).length).toBe(3)
})

test('everything that is asked for while everything is compared is compared once more', async () => {
  await using database = await createTestDatabase()
  const db = database.kysely
  const locationId = await addLocation(db)
  const ask = (everything: boolean) =>
    inTransaction(db, (tx) =>
      askForSync(tx, { locationId, cause: 'administrator', id: randomUUID(), at, everything }),
    )
  await ask(false)
  await ask(true)
  const first = await takeRun(db, locationId, at)
  expect(first, 'asked for while it waited').toMatchObject({ wants_everything: true })
  await ask(true)
  await endRun(db, first?.id ?? '', { ...ended, problem: null })
  const second = await takeRun(db, locationId, at)
  expect(second, 'asked for while it ran').toMatchObject({ wants_everything: true })
  await ask(false)
  await endRun(db, second?.id ?? '', { ...ended, problem: null })
  expect(await takeRun(db, locationId, at), 'not asked for again').toMatchObject({ wants_everything: false })
})
