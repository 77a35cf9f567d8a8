import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { contractClashes, type FoundContract, findContracts } from '@apportion/openapi-tool/contracts'
import { differencesOf } from '@apportion/openapi-tool/difference'
import { documentOf } from '@apportion/openapi-tool/document'
import { sortedDocument } from '@apportion/openapi-tool/sorted'
import { typesOf } from '@apportion/openapi-tool/types'
import { features } from '@apportion/server/features'
import { expect, test } from 'vitest'
import { startTestServer } from '../packages/server/test/support/test-server.ts'

const root = join(import.meta.dirname, '..')
const committed = async (file: string): Promise<string> =>
  await readFile(join(root, 'packages/api-client', file), 'utf8')

function contract(operationId: string, url: string): FoundContract {
  const shape = {
    method: 'GET',
    url,
    operationId,
    summary: '',
    tags: [],
    access: 'public',
    response: {},
  } as const
  return { contract: shape, file: 'made-up.ts', exportName: operationId }
}

test('every operation has a name and a path of its own', async () => {
  const found = await findContracts(root)
  expect(found.length).toBeGreaterThan(40)
  expect(contractClashes(found)).toEqual([])
})

test('two operations of one name are found', () => {
  const clashes = contractClashes([contract('readThing', '/api/v1/a'), contract('readThing', '/api/v1/b')])
  expect(clashes).toEqual([
    'operationId readThing is declared twice: readThing in made-up.ts and readThing in made-up.ts',
  ])
})

test('two operations of one path are found, whatever their parameters are called', () => {
  const clashes = contractClashes([
    contract('a', '/api/v1/things/:id'),
    contract('b', '/api/v1/things/:serial'),
  ])
  expect(clashes).toHaveLength(1)
})

test('the order of the contracts does not matter to the document', async () => {
  const contracts = (await findContracts(root)).map(({ contract: each }) => each)
  const there = JSON.stringify(await documentOf(contracts, '1'))
  const back = JSON.stringify(await documentOf(contracts.toReversed(), '1'))
  expect(back === there).toBe(true)
})

test('the document and the types that are committed follow from the contracts', async () => {
  const contracts = (await findContracts(root)).map(({ contract: each }) => each)
  const document: unknown = JSON.parse(await committed('openapi.json'))
  const version = String(Reflect.get(Object(Reflect.get(Object(document), 'info')), 'version'))
  const built = await documentOf(contracts, version)
  expect(differencesOf(document, built)).toEqual([])
  expect((await committed('src/schema.d.ts')) === (await typesOf(built))).toBe(true)
})

test('a running server serves the document that is committed', async () => {
  await using server = await startTestServer({ features })
  const served: unknown = await (await fetch(`${server.url}/api/v1/openapi.json`)).json()
  const document: unknown = JSON.parse(await committed('openapi.json'))
  expect(differencesOf(document, apiOf(sortedDocument(Object(served))))).toEqual([])
})

/** Without addresses beside the API, such as the one that Apple notifies. */
function apiOf(document: Record<string, unknown>): Record<string, unknown> {
  const paths = Object.entries(Object(document.paths)).filter(([path]) => path.startsWith('/api/'))
  return { ...document, paths: Object.fromEntries(paths) }
}

const differences: [string, unknown, unknown, string[]][] = [
  ['nothing when equal', { a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
  ['a value', { a: { b: 1 } }, { a: { b: 2 } }, ['a.b: 1 is now 2']],
  ['a member that is new', {}, { a: 1 }, ['a: new']],
  ['a member that is gone', { a: 1 }, {}, ['a: gone']],
  ['an element of a list', ['x', 'y'], ['x', 'z'], ['1: "y" is now "z"']],
  ['another kind of thing', { a: [] }, { a: {} }, ['a: [] is now {}']],
]
for (const [title, before, after, expected] of differences) {
  test(`a difference names ${title}`, () => expect(differencesOf(before, after)).toEqual(expected))
}
