/** Finds a title that several pools share, by its adamId or its name (C3). */
import { type Answer, type ApiClient, unwrap } from '@apportion/api-client/client'
import { fetchPages } from '../pages.ts'

/** A title with all its pools. */
export type TitleWithPools = Answer<'getTitle'>

/** The title that is meant by its adamId or its whole name, if more than one pool has it; else null. */
export async function titleOfSeveral(client: ApiClient, app: string): Promise<TitleWithPools | null> {
  const query = { q: app, limit: 500 }
  const { items } = unwrap(await client.GET('/api/v1/titles', { params: { query } }))
  const byAdamId = items.filter(({ adamId }) => adamId === app)
  const same = (name: string) => name.toLocaleLowerCase() === app.toLocaleLowerCase()
  const meant = byAdamId.length > 0 ? byAdamId : items.filter(({ name }) => same(name))
  const [only, another] = meant
  if (only === undefined || another !== undefined || only.pools < 2) return null
  return await wholeTitle(client, only.adamId)
}

async function wholeTitle(client: ApiClient, adamId: string): Promise<TitleWithPools> {
  const path = { adamId }
  const read = async (page: { limit: number; cursor?: string }) =>
    unwrap(await client.GET('/api/v1/titles/{adamId}', { params: { path, query: page } }))
  const title = await read({ limit: 1 })
  const pools = await fetchPages({ limit: 1, all: true }, async (page) => (await read(page)).pools)
  return { ...title, pools: { items: [...pools.items], nextCursor: null } }
}
