import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { systemClock } from '../../src/platform/clock.ts'
import { clientConfig } from '../../src/platform/db/database.ts'
import { type LocationStep, startLocationWork } from '../../src/platform/location-work.ts'
import { addLocation } from '../support/license-scene.ts'
import { createTestDatabase } from '../support/test-database.ts'

test('a step that is always due leaves the others their turns', async () => {
  await using database = await createTestDatabase()
  const db = database.kysely
  await addLocation(db)
  const ran: string[] = []
  const endless = (name: string): LocationStep => ({
    name,
    alone: true,
    due: () => sql`SELECT id AS location_id FROM locations`,
    run: async () => {
      ran.push(name)
    },
  })
  const steps = ['flood', 'second', 'third'].map(endless)
  const log = { warn: () => {}, error: () => {} }
  const listen = clientConfig(database.connection)
  const work = await startLocationWork({ db, listen, clock: systemClock, owner: randomUUID(), steps, log })
  const end = Date.now() + 20_000
  while (ran.length < 30 && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20))
  await work[Symbol.asyncDispose]()
  const turns = steps.map(({ name }) => ran.slice(0, 30).filter((each) => each === name).length)
  expect(turns).toEqual([10, 10, 10])
})
