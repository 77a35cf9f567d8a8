/** Finds an app or book by what a person has at hand: its id, its adamId at Apple, or its name. */
import { type ApiClient, type Item, unwrap } from '@apportion/api-client/client'
import { chooseByName } from './choose.ts'

export type Asset = Item<'listAssets'>

export interface AssetWish {
  /** An id of Apportion, an adamId, or a name or part of one. */
  readonly app: string
  /** The content token, for a title that several locations own. */
  readonly tokenId?: number | undefined
}

/** Throws `app.unknown`, or `app.ambiguous` with what to type instead. */
export async function findAsset(client: ApiClient, { app, tokenId }: AssetWish): Promise<Asset> {
  const query = { q: app, limit: 500, ...(tokenId === undefined ? {} : { tokenId }) }
  const { items } = unwrap(await client.GET('/api/v1/assets', { params: { query } }))
  const byAdamId = items.filter(({ adamId }) => adamId === app)
  if (byAdamId.length === 0 && /^\d{1,9}$/.test(app)) {
    const byId = await assetWithId(client, Number(app))
    if (byId !== null) return byId
  }
  return chooseByName({
    what: 'app',
    wanted: app,
    candidates: byAdamId.length > 0 ? byAdamId : items,
    nameOf: byAdamId.length > 0 ? ({ adamId }) => adamId : ({ title }) => title.name,
    describe: ({ id, adamId, title, token }) => `${id}  ${title.name} (adamId ${adamId}) of ${token.name}`,
    advice: 'See the apps with: apportion apps',
  })
}

async function assetWithId(client: ApiClient, id: number): Promise<Asset | null> {
  const result = await client.GET('/api/v1/assets/{id}', { params: { path: { id } } })
  return result.response.status === 404 ? null : unwrap(result)
}
