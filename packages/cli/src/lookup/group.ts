/** Finds a group by its name or id. */
import { type ApiClient, type Item, unwrap } from '@apportion/api-client/client'
import { fetchPages } from '../pages.ts'
import { chooseByName } from './choose.ts'

export type Group = Item<'listGroups'>

/** The group with this name, else the one with this id. Throws `group.unknown` or `group.ambiguous`. */
export async function findGroup(client: ApiClient, wanted: string): Promise<Group> {
  const { items } = await fetchPages({ limit: 0, all: true }, async (page) =>
    unwrap(await client.GET('/api/v1/groups', { params: { query: { ...page, q: wanted } } })),
  )
  const named = items.some(({ name }) => name.toLocaleLowerCase() === wanted.toLocaleLowerCase())
  if (!named && /^\d{1,15}$/.test(wanted)) {
    const result = await client.GET('/api/v1/groups/{id}', { params: { path: { id: Number(wanted) } } })
    if (result.response.status !== 404) return unwrap(result)
  }
  return chooseByName({
    what: 'group',
    wanted,
    candidates: items,
    nameOf: ({ name }) => name,
    describe: ({ id, name, kind, members }) => `${id}  ${name} (${members} ${kind}s)`,
    advice: 'See the groups with: apportion groups list',
  })
}
