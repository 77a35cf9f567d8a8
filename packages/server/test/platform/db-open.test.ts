import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { openDatabase } from '@apportion/server/platform/db/database'
import { silentLog } from '@apportion/server/platform/db/log'
import { isPassing } from '@apportion/server/platform/db/pool'
import { expect, test } from 'vitest'
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts'

const log = silentLog

const wrongUrls: readonly (readonly [string, string, string])[] = [
  ['is no URL', 'apportion on localhost', 'DATABASE_URL is no URL'],
  ['names another kind of database', 'mysql://localhost/apportion', 'DATABASE_URL starts with "mysql:"'],
]

for (const [what, url, message] of wrongUrls) {
  test(`a DATABASE_URL that ${what} is refused with an example of a right one`, async () => {
    const opening = openDatabase(url, { log })
    await expect(opening).rejects.toMatchObject({ code: 'database.url_invalid' })
    await expect(opening).rejects.toThrow(message)
    await expect(opening).rejects.toThrow('postgresql://user:password@host:5432/database')
  })
}

test('a server that cannot be reached fails after the time given, without showing the password', async () => {
  const url = 'postgresql://apportion:secret@127.0.0.1:1/apportion'
  const opening = openDatabase(url, { log, connectRetryMs: 100 })
  await expect(opening).rejects.toMatchObject({ code: 'database.unavailable' })
  await expect(opening).rejects.not.toThrow('secret')
})

test('a server that appears within that time is waited for', async () => {
  await using database = await createTestDatabase({ migrated: false })
  await using relay = await relayTo(database)
  relay.refuse()
  setTimeout(relay.accept, 200)
  await using late = await openDatabase(relay.url, { log, connectRetryMs: 5000 })
  expect((await late.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }])
})

test('a ping fails within some seconds when the database hangs, and is answered when it goes on', async () => {
  await using database = await createTestDatabase({ migrated: false })
  await using relay = await relayTo(database)
  await using behind = await openDatabase(relay.url, { log })
  await behind.ping()
  relay.hang()
  const askedAt = performance.now()
  await expect(behind.ping()).rejects.toMatchObject({ code: 'database.unavailable' })
  expect(performance.now() - askedAt).toBeLessThan(5000)
  relay.accept()
  await behind.ping()
})

test('a wrong password or a missing database is not tried again', () => {
  const failures: readonly (readonly [string, boolean])[] = [
    ['ECONNREFUSED', true],
    ['ENOENT', true],
    ['57P03', true],
    ['53300', true],
    ['28P01', false],
    ['3D000', false],
    ['ENOTFOUND', false],
  ]
  for (const [code, expected] of failures) {
    expect(isPassing(Object.assign(new Error(code), { code })), code).toBe(expected)
  }
})

/** A way to the database over TCP that a test can close and block. */
async function relayTo({ connection }: TestDatabase) {
  if (typeof connection === 'string') throw new TypeError('the embedded database has no URL of its own')
  const { host, port, user, database } = connection
  let way: 'open' | 'refusing' | 'hanging' = 'open'
  const ends = new Set<Socket>()
  const listener = createServer((near) => {
    if (way === 'refusing') return near.destroy()
    const far = connect(`${host}/.s.PGSQL.${port}`)
    for (const [from, to] of [[near, far] as const, [far, near] as const]) {
      ends.add(from)
      from.on('data', (part) => way === 'hanging' || to.write(part))
      from.on('close', () => to.destroy())
      from.on('error', () => {})
    }
  })
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  const at = typeof address === 'object' ? address?.port : undefined
  const set = (next: typeof way) => () => {
    way = next
  }
  return {
    url: `postgresql://${user}@127.0.0.1:${at}/${database}`,
    accept: set('open'),
    refuse: set('refusing'),
    hang: set('hanging'),
    async [Symbol.asyncDispose]() {
      for (const end of ends) end.destroy()
      listener.close()
    },
  }
}
