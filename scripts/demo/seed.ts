/** Enters the demo organization through the HTTP API, as an administrator would. What is there already is left alone. */
import { type ApiClient, csvUpload, type Item, unwrap } from '@apportion/api-client/client'
import { type DemoLocation, demoDirectory, demoOrganization } from '@apportion/apple-sim/demo-organization'
import { csvFiles } from '@apportion/apple-sim/directory-csv'
import { type DemoWish, demoWishes } from './wishes.ts'

export interface Seeding {
  readonly api: ApiClient
  /** Where the simulator is controlled. */
  readonly controlUrl: string
  readonly say: (text: string) => void
  readonly signal: AbortSignal
}

/** Content tokens, directory, assignments; resolves once the licenses have arrived. */
export async function seed(seeding: Seeding): Promise<void> {
  const organization = demoOrganization()
  for (const location of organization.locations) await addToken(seeding, location)
  await untilSynced(seeding)
  for (const { kind, lines } of csvFiles(demoDirectory(organization))) {
    const query = { kind, onError: 'keep_nothing' as const, fileName: `${kind}.csv` }
    const done = unwrap(
      await seeding.api.POST('/api/v1/imports', { params: { query }, ...csvUpload([...lines()].join('')) }),
    )
    if (!done.kept)
      throw new Error(`The demo's ${kind} were not imported: ${JSON.stringify(done.rejections[0])}`)
    seeding.say(`Imported ${done.rows} rows of ${kind}`)
  }
  for (const wish of demoWishes) await assign(seeding, wish)
  await untilGiven(seeding)
}

/** Days until the head office's token expires, so that the console has something to warn of. */
const officeTokenDays = 24

async function addToken({ api, controlUrl, say, signal }: Seeding, location: DemoLocation): Promise<void> {
  const { items } = unwrap(await api.GET('/api/v1/tokens', { params: { query: { limit: 500 } } }))
  if (items.some((token) => token.uid === location.uId)) return
  const short = location.platform === 'enterprisestore' ? { expiresInMs: officeTokenDays * 86_400_000 } : {}
  const minted = await fetch(`${controlUrl}/locations/${location.uId}/tokens`, {
    method: 'POST',
    body: JSON.stringify(short),
    signal,
  })
  const { file } = JSON.parse(await minted.text())
  const body = { content: file, consent: true, automaticUpdates: true, takeOver: false, name: location.name }
  unwrap(await api.POST('/api/v1/tokens', { body }))
  say(`Uploaded the content token of ${location.name}`)
}

async function untilSynced({ api, say, signal }: Seeding): Promise<void> {
  await until(signal, async () => {
    const { items } = unwrap(await api.GET('/api/v1/tokens', { params: { query: { limit: 500 } } }))
    return items.every((token) => token.latestSync?.state === 'done')
  })
  say('Read titles and licenses from Apple')
}

async function assign({ api, say }: Seeding, { title, location, groups }: DemoWish): Promise<void> {
  const asset = await assetOf(api, title, location)
  const wanted = await Promise.all(
    groups.map(async ({ name, ...how }) => ({ groupId: await groupId(api, name), ...how })),
  )
  const plan = unwrap(await api.POST('/api/v1/plans', { body: { assetId: asset.id, wanted } }))
  unwrap(await api.POST('/api/v1/plans/{id}/apply', { params: { path: { id: plan.id } } }))
  say(
    `Assigned ${title} to ${groups.map(({ name, mode }) => (mode === 'exclude' ? `not ${name}` : name)).join(', ')}`,
  )
}

async function assetOf(api: ApiClient, title: string, location: string): Promise<Item<'listAssets'>> {
  const tokens = unwrap(await api.GET('/api/v1/tokens', { params: { query: { limit: 500 } } }))
  const tokenId = tokens.items.find((token) => token.name === location)?.id
  if (tokenId === undefined) throw new Error(`The demo has no content token ${location}`)
  const query = { q: title, tokenId, limit: 100 }
  const { items } = unwrap(await api.GET('/api/v1/assets', { params: { query } }))
  const asset = items.find((each) => each.title.name === title)
  if (asset === undefined) throw new Error(`${title} is not among the apps of ${location}`)
  return asset
}

async function groupId(api: ApiClient, name: string): Promise<number> {
  const query = { q: name, limit: 100 }
  const { items } = unwrap(await api.GET('/api/v1/groups', { params: { query } }))
  const group = items.find((each) => each.name === name)
  if (group === undefined) throw new Error(`There is no group ${name}`)
  return group.id
}

async function untilGiven({ api, say, signal }: Seeding): Promise<void> {
  let shown = ''
  await until(signal, async () => {
    const { licenses, operations } = unwrap(await api.GET('/api/v1/overview'))
    const text = `${licenses.used} licenses used, ${licenses.granting} on their way, ${licenses.waiting} devices waiting`
    if (text !== shown) say(text)
    shown = text
    return licenses.used > 0 && licenses.granting === 0 && operations.open === 0
  })
}

/** Asks once a second, for two minutes at most. */
async function until(signal: AbortSignal, done: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 120; attempt++) {
    signal.throwIfAborted()
    if (await done()) return
    await new Promise((resolve) => setTimeout(resolve, 1000))
  }
  throw new Error('The demo did not come to rest within two minutes')
}
