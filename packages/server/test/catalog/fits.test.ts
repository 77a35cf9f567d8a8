import { fitCases } from '@apportion/core/catalog/fit-cases'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { createTestDatabase } from '../support/test-database.ts'

test('C2 the database decides what fits a device as the pure function does, on the same table of cases', async () => {
  await using database = await createTestDatabase()
  const decided: (string | null)[][] = []
  for (const { says, device, title } of fitCases) {
    const { rows } = await sql<{ reason: string | null }>`SELECT unfit_reason(${device.platform}::text,
      ${device.osVersion}::text, ${device.model}::text,
      title_platforms(${[...title.supportedPlatforms]}::text[], ${[...title.deviceFamilies]}::text[]),
      ${[...title.deviceFamilies]}::text[], ${title.kind}::text, os_minimum(${title.minimumOs}::text)) AS reason`.execute(
      database.kysely,
    )
    decided.push([says, rows[0]?.reason ?? null])
  }
  expect(decided).toEqual(fitCases.map(({ says, reason }) => [says, reason]))
})
