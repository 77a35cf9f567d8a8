/** Finds a content token by its id or name. */
import { type ApiClient, type Item, unwrap } from '@apportion/api-client/client'
import { fetchPages } from '../pages.ts'
import { chooseByName } from './choose.ts'

export type Token = Item<'listTokens'>

/** All content tokens, by name. */
export async function allTokens(client: ApiClient): Promise<readonly Token[]> {
  const { items } = await fetchPages({ limit: 0, all: true }, async (page) =>
    unwrap(await client.GET('/api/v1/tokens', { params: { query: page } })),
  )
  return items
}

/** Digits are an id, anything else a name or part of one. Throws `token.unknown` or `token.ambiguous`. */
export async function findToken(client: ApiClient, wanted: string): Promise<Token> {
  if (/^\d{1,15}$/.test(wanted)) {
    return unwrap(await client.GET('/api/v1/tokens/{id}', { params: { path: { id: Number(wanted) } } }))
  }
  return chooseByName({
    what: 'token',
    wanted,
    candidates: await allTokens(client),
    nameOf: ({ name }) => name,
    describe: ({ id, name, organizationName }) => `${id}  ${name} of ${organizationName}`,
    advice: 'See the content tokens with: apportion token list',
  })
}
