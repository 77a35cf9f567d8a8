/** How far people are (U1): a person shows the state by which lists find that person. */
import { joinStateNames, joinStates } from '@apportion/core/people/join-state'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isInState, joinsOf } from '../../src/people/read-joins.ts'
import { addLocation } from '../support/license-scene.ts'
import { createTestDatabase } from '../support/test-database.ts'

const database = await createTestDatabase()
const db = database.kysely
afterAll(() => database[Symbol.asyncDispose]())

const people = new Map<string, number>()
let here = 0
let elsewhere = 0

type Facts = ReturnType<typeof joinStates>[number]

const nameOf = ({ status, underWay, refused, wasRegistered }: Facts) =>
  [status ?? 'unknown', underWay && 'under way', refused && 'refused', wasRegistered && 'registered before']
    .filter(Boolean)
    .join(', ')

/** A person at the location with what Apple says and with a registration; whom Apple knows was registered. */
async function addPerson(facts: Facts): Promise<number> {
  const { rows } = await sql<{ id: number; client: string }>`
    INSERT INTO users (user_name, created_at, updated_at) VALUES (${nameOf(facts)}, now(), now())
    RETURNING id, client_user_id::text AS client`.execute(db)
  const [{ id, client } = { id: 0, client: '' }] = rows
  const problem = facts.refused ? 'No.' : null
  await sql`INSERT INTO registrations (location_id, user_id, due_at, registered_at, problem_detail, problem_at)
    VALUES (${here}, ${id}, CASE WHEN ${facts.underWay} THEN now() END, CASE WHEN ${facts.wasRegistered} THEN now() END,
      ${problem}, CASE WHEN ${facts.refused} THEN now() END)`.execute(db)
  if (facts.status !== null)
    await sql`INSERT INTO apple_users (location_id, client_user_id, status, seen_at, registered_at)
      VALUES (${here}, ${client}, ${facts.status}, now(), now())`.execute(db)
  return id
}

beforeAll(async () => {
  here = await addLocation(db)
  elsewhere = await addLocation(db)
  for (const facts of joinStates()) people.set(nameOf(facts), await addPerson(facts))
  await sql`INSERT INTO users (user_name, created_at, updated_at) VALUES ('nothing', now(), now())`.execute(
    db,
  )
})

test.each(joinStates().map((facts) => [nameOf(facts), facts.state] as const))(
  'somebody %s is %s, and found by that alone',
  async (name, state) => {
    const id = people.get(name) ?? 0
    expect((await joinsOf(db, id)).map((join) => join.state)).toEqual([state])
    for (const locationId of [here, null]) {
      const found = await Promise.all(
        joinStateNames.map(async (each) => {
          const { rows } =
            await sql`SELECT 1 FROM users u WHERE u.id = ${id} AND ${isInState(each, locationId)}`.execute(db)
          return rows.length > 0 ? each : []
        }),
      )
      expect(found.flat()).toEqual([state])
    }
  },
)

test('nobody is known at a location of which nothing was asked', async () => {
  const count = async (name: (typeof joinStateNames)[number], locationId: number | null) => {
    const { rows } = await sql`SELECT 1 FROM users u WHERE ${isInState(name, locationId)}`.execute(db)
    return rows.length
  }
  const all = people.size + 1
  expect(await Promise.all(joinStateNames.map((name) => count(name, elsewhere)))).toEqual([
    all,
    0,
    0,
    0,
    0,
    0,
  ])
  expect(await count('not_registered', here)).toBe(2)
})
