/** Imports work on sets: what they cost and what they leave behind does not depend on how rows are ordered or how many. */
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { importCsv } from '../../src/directory/import-csv.ts'
import { createIdSource } from '../../src/platform/ids.ts'
import { countStatements } from '../support/count-statements.ts'
import { type DirectoryScene, openDirectory } from './directory-scene.ts'

let scene: DirectoryScene

beforeAll(async () => {
  scene = await openDirectory()
})
afterAll(async () => {
  await scene[Symbol.asyncDispose]()
})
beforeEach(async () => {
  await scene.clear()
  await scene.importFile('groups', 'name,kind\nCarts,device\nSpare,device\nStaff,user\n')
  await scene.importFile('users', 'user\nada\nbob\n')
})

/** Imports without HTTP, so that nothing else queries. */
async function importRows(kind: 'devices' | 'users' | 'groups', file: string) {
  const { clock, database } = scene.server
  return await importCsv(
    { pool: database.pool, clock, newId: createIdSource(clock) },
    {
      kind,
      bytes: new TextEncoder().encode(file),
      onError: 'keep_good_rows',
      fileName: null,
      actor: { kind: 'api_key', id: 'k', name: 'Key', administratorId: 'a' },
    },
  )
}

describe('the number of statements does not depend on the number of rows', () => {
  const files = {
    devices: (n: number) => lines('serial,name,user,groups', n, (i) => `SER${i},iPad ${i},ada,Carts|Spare`),
    users: (n: number) => lines('user,name,groups', n, (i) => `user${i},User ${i},Staff`),
    groups: (n: number) => lines('name,kind,member', n, (i) => `Group ${i},user,ada`),
  }

  for (const kind of ['devices', 'users', 'groups'] as const) {
    test(`of ${kind}`, async () => {
      const counts: number[] = []
      for (const rows of [3, 4000]) {
        const count = await countStatements(async () => {
          expect(await importRows(kind, files[kind](rows))).toMatchObject({ kept: true, rejected: 0 })
        })
        counts.push(count)
      }
      expect(counts[1]).toBe(counts[0])
      expect(counts[0]).toBeGreaterThan(10)
      expect(counts[0]).toBeLessThan(40)
    })
  }
})

describe('a file imported twice changes nothing the second time', () => {
  const blank = fc.constant('')
  const cell = (...values: string[]) => fc.oneof(blank, fc.constant('-'), fc.constantFrom(...values))
  const anyText = fc.oneof(blank, fc.string({ unit: 'binary', maxLength: 12 }))
  const rowsOf = {
    devices: fc.record({
      serial_number: fc.oneof(fc.constantFrom('AAAA', 'aaaa', 'BBBB', 'CCCC-1'), anyText),
      name: fc.oneof(cell('iPad'), anyText),
      platform: cell('ios', 'Mac', 'Android'),
      ownership: cell('BYOD', 'company'),
      supervised: cell('yes', 'nee', '?'),
      user: cell('ada', 'BOB', 'nobody'),
      groups: cell('Carts', 'carts|Spare', 'Nowhere', 'Staff'),
    }),
    users: fc.record({
      user_name: fc.oneof(fc.constantFrom('ada', 'ADA', 'carol'), anyText),
      name: fc.oneof(cell('Ada'), anyText),
      email: cell('ada@example.org', 'no address'),
      groups: cell('Staff', 'Carts'),
    }),
    groups: fc.record({
      name: fc.oneof(fc.constantFrom('Carts', 'New', 'new', 'All users'), anyText),
      kind: cell('device', 'user', 'printer'),
      description: fc.oneof(cell('One'), anyText),
      member: cell('ada', 'BOB', 'nobody', 'AAAA'),
    }),
  }

  for (const kind of ['devices', 'users', 'groups'] as const) {
    test(`of ${kind}`, async () => {
      const files = fc.array<Record<string, string>>(rowsOf[kind], { minLength: 1, maxLength: 12 })
      await fc.assert(
        fc.asyncProperty(files, async (rows) => {
          const file = asCsv(rows)
          const first = await attempt(kind, file)
          if (first === 'refused') return
          expect(first.created + first.updated + first.unchanged + first.rejected).toBe(
            first.kept ? first.rows : first.rejected,
          )
          const second = await attempt(kind, file)
          expect(second).toMatchObject({
            kept: first.kept,
            rows: first.rows,
            created: 0,
            updated: 0,
            unchanged: first.created + first.updated + first.unchanged,
            rejected: first.rejected,
          })
        }),
        { numRuns: 40 },
      )
    })
  }

  async function attempt(kind: 'devices' | 'users' | 'groups', file: string) {
    try {
      return await importRows(kind, file)
    } catch (error) {
      // A file of nothing but blank rows, or one that looks like no text at all.
      expect(error).toMatchObject({ code: expect.stringMatching(/^import\.(empty|encoding)$/) })
      return 'refused' as const
    }
  }
})

test('two imports of the same file at once add each device once', async () => {
  const file = lines('serial', 500, (i) => `SER${i}`)
  const [one, other] = await Promise.all([importRows('devices', file), importRows('devices', file)])
  expect([one.created, other.created].sort((a, b) => a - b)).toEqual([0, 500])
  expect([one.unchanged, other.unchanged].sort((a, b) => a - b)).toEqual([0, 500])
})

test('an import and changes through the API at once all succeed', async () => {
  const file = lines('serial,groups', 300, (i) => `SER${i},Carts`)
  const [imported, ...puts] = await Promise.all([
    importRows('devices', file),
    ...Array.from({ length: 20 }, (_, i) =>
      scene.post('/devices', { serialNumber: `SER${i * 10}`, name: 'Put' }),
    ),
  ])
  expect(puts.every(({ status }) => status === 200 || status === 201)).toBe(true)
  expect(imported.created + imported.updated + imported.unchanged).toBe(300)
  expect(await scene.rows('SELECT count(*)::int AS devices FROM devices')).toEqual([{ devices: 300 }])
})

function lines(header: string, rows: number, row: (index: number) => string): string {
  return [header, ...Array.from({ length: rows }, (_, i) => row(i))].join('\n')
}

function asCsv(rows: readonly Record<string, string>[]): string {
  const columns = Object.keys(rows[0] ?? {})
  const quoted = (text: string) => `"${text.toWellFormed().replaceAll('"', '""')}"`
  return [columns.join(','), ...rows.map((row) => columns.map((c) => quoted(row[c] ?? '')).join(','))].join(
    '\n',
  )
}
