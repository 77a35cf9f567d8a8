/** Finds a user of the directory by user name or name. */
import { type ApiClient, type Item, unwrap } from '@apportion/api-client/client'
import { chooseByName } from './choose.ts'

export type User = Item<'listUsers'>

/** The user with this user name, else the only one whose name or user name begins so. Throws `user.unknown` or `user.ambiguous`. */
export async function findUser(client: ApiClient, wanted: string): Promise<User> {
  const { items } = unwrap(
    await client.GET('/api/v1/users', { params: { query: { q: wanted, limit: 500 } } }),
  )
  const byUserName = items.filter(({ userName }) => userName.toLowerCase() === wanted.toLowerCase())
  return chooseByName({
    what: 'user',
    wanted,
    candidates: byUserName.length > 0 ? byUserName : items,
    nameOf: ({ userName, name }) => (byUserName.length > 0 || name === '' ? userName : name),
    describe: ({ userName, name }) => `${userName}  ${name}`,
    advice: 'See the users with: apportion users',
  })
}
