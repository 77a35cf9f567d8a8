/** Titles come from three services of Apple, each asked for what those before did not know (C1). */
import { generateKeyPairSync } from 'node:crypto'
import organizationApps from '@apportion/apple-wire/fixtures/organization-apps.json' with { type: 'json' }
import publicLookup from '@apportion/apple-wire/fixtures/public-lookup.json' with { type: 'json' }
import { readDeveloperKey } from '@apportion/apps-books/developer-token'
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { type StoreServices, startStoreServices } from '../support/store-services.ts'
import { type Story, startStory } from '../support/story.ts'

const pem = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString()
const developerKey = readDeveloperKey({ pem, keyId: 'SAMPLEKEY1', teamId: 'SAMPLETEAM' })

/** The API for organizations knows 900001, the content lookup 900002, the public one 900007, and nobody 900009. */
const owned = ['900001', '900002', '900007', '900009']

test('each title remembers the service that told of it, and each service gets its own secrets only', async () => {
  await using services = await startStoreServices((path) => {
    if (path.startsWith('/lookup')) return { body: publicLookup }
    return { body: path.includes('-apps?') ? { data: organizationApps.data.slice(0, 1) } : { data: [] } }
  })
  await using story = await storyWith(services)
  const token = await addLocation(story)
  expect(await titlesOf(story)).toEqual([
    ['900001', 'Field Notes', 'organization-api'],
    ['900002', 'Route Book', 'content-lookup'],
    ['900007', 'Workshop Desk', 'public-lookup'],
    ['900009', null, null],
  ])
  const [catalog, everybody] = [askedAt(services, '/v1'), askedAt(services, '/lookup')]
  // Once for the titles, once more for those that nobody knew, beside some that are known.
  expect(catalog.map(({ path }) => path.split('?')[0])).toEqual([
    '/v1/catalog/nl/stoken-authenticated-apps',
    '/v1/catalog/nl/stoken-authenticated-books',
    '/v1/catalog/nl/stoken-authenticated-apps',
    '/v1/catalog/nl/stoken-authenticated-books',
  ])
  for (const { headers } of catalog) expect(headers.cookie).toBe(`itvt=${token}`)
  expect(everybody).toHaveLength(2)
  expect(everybody[0]?.path).toContain('id=900007,900009')
  for (const { headers } of everybody) {
    expect(headers).not.toHaveProperty('cookie')
    expect(headers).not.toHaveProperty('authorization')
  }
  const logged = story.logged.join('\n')
  for (const secret of [token, catalog[0]?.headers.authorization?.slice(7) ?? '-', pem.slice(30, 80)]) {
    expect(logged).not.toContain(secret)
  }
})

test('a developer key that Apple refuses costs nothing but a warning; what nobody knows is asked again', async () => {
  await using services = await startStoreServices((path) =>
    path.startsWith('/lookup') ? { body: { results: [] } } : { status: 401, body: {} },
  )
  await using story = await storyWith(services)
  await addLocation(story)
  expect(await titlesOf(story)).toEqual([['900002', 'Route Book', 'content-lookup']])
  expect(story.logged.filter((line) => line.includes('titles could not be read')).join()).toMatch(
    /organization-api: Apple refused the developer key/,
  )
  const before = askedAt(services, '/lookup').length
  await story.admin.sync(1)
  await story.settle()
  expect(askedAt(services, '/lookup').length).toBeGreaterThan(before)
})

test('without a developer key and with the public lookup switched off neither is asked', async () => {
  await using services = await startStoreServices(() => ({ body: {} }))
  await using story = await startStory({ environment: { APPORTION_PUBLIC_LOOKUP_URL: 'off' } })
  await addLocation(story)
  expect((await titlesOf(story)).map(([id, name]) => [id, name])).toEqual([
    ['900001', null],
    ['900002', 'Route Book'],
    ['900007', null],
    ['900009', null],
  ])
  expect(services.asked).toEqual([])
})

function storyWith({ catalogUrl, lookupUrl }: StoreServices): Promise<Story> {
  return startStory({
    developerKey,
    environment: { APPORTION_APPLE_CATALOG_URL: catalogUrl, APPORTION_PUBLIC_LOOKUP_URL: lookupUrl },
  })
}

/** Adds a location that owns the titles, reads it, and gives the text of its token. */
async function addLocation({ apple, admin, settle }: Story): Promise<string> {
  apple.world.addTitle({
    adamId: '900002',
    name: 'Route Book',
    publisher: 'Example Works',
    kind: 'iosSoftware',
  })
  const location = apple.world.addLocation({ name: 'Utrecht', organizationName: 'Meridian College' })
  for (const adamId of owned) location.own({ adamId, total: 3 })
  const { file } = location.mintToken()
  await admin.addToken(file)
  await settle()
  return file
}

async function titlesOf({ database }: Story): Promise<[string, string | null, string | null][]> {
  const { rows } = await sql<{ adam_id: string; name: string | null; source: string | null }>`
    SELECT adam_id, name, source FROM titles ORDER BY adam_id`.execute(database.kysely)
  return rows.map(({ adam_id, name, source }) => [adam_id, name, source])
}

const askedAt = ({ asked }: StoreServices, root: string) => asked.filter(({ path }) => path.startsWith(root))
