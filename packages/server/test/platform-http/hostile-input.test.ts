import { afterAll, beforeAll, expect, test } from 'vitest'
import { features } from '../../src/features.ts'
import type { TestBrowser } from '../support/test-browser.ts'
import { startTestServer, type TestServer } from '../support/test-server.ts'

/** Values that no page of ours sends: each is refused as what it is, and is nobody's defect. */

let server: TestServer
let browser: TestBrowser
beforeAll(async () => {
  server = await startTestServer({ features })
  browser = await server.signedIn()
})
afterAll(() => server?.[Symbol.asyncDispose]())

const cursor = (key: unknown): string => Buffer.from(JSON.stringify(key)).toString('base64url')

test.each([
  ['an id beyond those of the database', '/api/v1/tokens/9999999999'],
  ['such an id in a filter', '/api/v1/ledger?assetId=9999999999'],
  ['a NUL character in a search', '/api/v1/titles?q=%00'],
  ['a NUL character in a filter', '/api/v1/ledger?serialNumber=a%00'],
  ['a moment that is none', '/api/v1/ledger/holders?assetId=1&at=foo'],
  ['an id of a sync that is none', '/api/v1/syncs/foo/findings'],
  ['a forged cursor of the ledger', `/api/v1/ledger?cursor=${cursor([9_999_999_999])}`],
  ['a forged cursor of records', `/api/v1/interventions?cursor=${cursor(['0000-01-01T00:00:00Z', 'x'])}`],
  ['a forged cursor with a NUL character', `/api/v1/tokens?cursor=${cursor(['\0', 1])}`],
])('%s is a bad request', async (_, path) => {
  const answer = await browser.get(path)
  expect(answer.json.code).toBe('request.invalid')
  expect(answer.status).toBe(400)
})

test('an unknown sync is not found, whatever its cursor says', async () => {
  const path = '/api/v1/syncs/0198f7e2-0000-7000-8000-000000000001/findings'
  expect((await browser.get(path)).json.code).toBe('sync.unknown')
})

test('an address for notifications that we never made is not looked for, and not logged', async () => {
  const post = (key: string) =>
    fetch(`${server.url}/apple/notifications/${key}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
  expect((await post('%00')).status).toBe(404)
  expect((await post('a-secret-address-of-some-length')).status).toBe(404)
  expect(server.logged.join('\n')).not.toContain('a-secret-address-of-some-length')
})

test('a page that ends at a long name can be gone on from', async () => {
  const name = '名'.repeat(200)
  const answer = await browser.get(`/api/v1/groups?cursor=${cursor([name, 1])}`)
  expect(answer.status).toBe(200)
})
