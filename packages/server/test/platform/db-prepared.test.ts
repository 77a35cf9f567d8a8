import { prepared } from '@apportion/server/platform/db/prepared'
import { inTransaction } from '@apportion/server/platform/db/transaction'
import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await createTestDatabase({ migrated: false })
})
afterAll(() => database[Symbol.asyncDispose]())

const plans = sql<{ name: string; used: number }>`
  SELECT name, (generic_plans + custom_plans)::int AS used FROM pg_prepared_statements ORDER BY name`

test('a marked statement is planned once for each connection, and gives what its parameters ask for', async () => {
  await inTransaction(database.kysely, async (tx) => {
    const doubled = async (number: number) => {
      const { rows } = await sql<{
        twice: number
      }>`${prepared('doubled')} SELECT 2 * ${number}::int AS twice`.execute(tx)
      return rows[0]?.twice
    }
    expect([await doubled(1), await doubled(21)]).toEqual([2, 42])
    await sql`SELECT 2 * ${3}::int`.execute(tx)
    expect((await plans.execute(tx)).rows).toEqual([{ name: 'doubled', used: 2 }])
  })
})

test('a name belongs to one text', async () => {
  const twice = inTransaction(database.kysely, async (tx) => {
    await sql`${prepared('taken')} SELECT 1`.execute(tx)
    await sql`${prepared('taken')} SELECT 2`.execute(tx)
  })
  await expect(twice).rejects.toThrow(/prepared statements must be unique/i)
})
