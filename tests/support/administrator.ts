/** An administrator who works through the HTTP API with an API key, as a script would. */
import { type ApiClient, type Body, createApiClient, type Item, unwrap } from '@apportion/api-client/client'
import type { RunningServer } from '@apportion/server/server'

/** One assignment as it is wanted, with the group by name. */
export interface Wish {
  readonly group: string
  readonly mode?: 'include' | 'exclude'
  readonly intent?: 'required' | 'uninstall'
  readonly removeWhenManagementEnds?: boolean
  readonly configuration?: Record<string, unknown>
}

export type Asset = Item<'listAssets'>

export class Administrator {
  readonly api: ApiClient
  readonly apiKey: string
  readonly #url: string

  private constructor(url: string, apiKey: string) {
    this.#url = url
    this.apiKey = apiKey
    this.api = createApiClient({ baseUrl: url, apiKey })
  }

  /** Makes the first administrator, and an API key for the rest of the story. */
  static async setUp(
    server: Pick<RunningServer, 'url' | 'setupCode'>,
    person: { readonly name: string; readonly email: string; readonly password: string },
  ): Promise<Administrator> {
    const setup = await post(`${server.url}/api/v1/setup`, { code: server.setupCode, ...person }, {})
    const cookie = setup.headers
      .getSetCookie()
      .map((line) => line.split(';', 1)[0])
      .join('; ')
    const { csrfToken } = JSON.parse(await setup.text())
    const made = await post(
      `${server.url}/api/v1/api-keys`,
      { name: 'story' },
      { cookie, 'x-csrf-token': csrfToken },
    )
    return new Administrator(server.url, JSON.parse(await made.text()).key)
  }

  /** Works at another server process of the same installation. */
  at(server: { readonly url: string }): Administrator {
    return new Administrator(server.url, this.apiKey)
  }

  /** Adds a content token and gives its id. */
  async addToken(
    file: string,
    more: { readonly name?: string; readonly takeOver?: boolean } = {},
  ): Promise<number> {
    const body = { content: file, consent: true, automaticUpdates: false, takeOver: false, ...more }
    return unwrap(await this.api.POST('/api/v1/tokens', { body })).id
  }

  /** Imports CSV and gives the result. */
  async importCsv(
    kind: 'devices' | 'users' | 'groups',
    csv: string | Uint8Array<ArrayBuffer>,
    onError: 'keep_good_rows' | 'keep_nothing' = 'keep_nothing',
  ) {
    const response = await fetch(`${this.#url}/api/v1/imports?kind=${kind}&onError=${onError}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.apiKey}`, 'content-type': 'text/csv' },
      body: csv,
    })
    return { status: response.status, body: JSON.parse(await response.text()) }
  }

  /** The id of a group by its name. */
  async groupId(name: string): Promise<number> {
    const { items } = unwrap(
      await this.api.GET('/api/v1/groups', { params: { query: { q: name, limit: 500 } } }),
    )
    const group = items.find((each) => each.name === name)
    if (group === undefined) throw new Error(`There is no group called "${name}"`)
    return group.id
  }

  /** An asset by its adamId. */
  async asset(adamId: string, tokenId?: number): Promise<Asset> {
    const query = { q: adamId, limit: 500, ...(tokenId === undefined ? {} : { tokenId }) }
    const { items } = unwrap(await this.api.GET('/api/v1/assets', { params: { query } }))
    const asset = items.find((each) => each.adamId === adamId)
    if (asset === undefined) throw new Error(`There is no asset ${adamId}`)
    return asset
  }

  /** Plans these to be all assignments of an asset, of the content token where it is one of several pools. */
  async plan(adamId: string, wishes: readonly Wish[], tokenId?: number) {
    const { id: assetId } = await this.asset(adamId, tokenId)
    const wanted = await Promise.all(
      wishes.map(async ({ group, mode = 'include', intent, ...settings }) => ({
        groupId: await this.groupId(group),
        mode,
        ...(intent === undefined ? {} : { intent }),
        ...(Object.keys(settings).length === 0 ? {} : { settings }),
      })),
    )
    return unwrap(await this.api.POST('/api/v1/plans', { body: { assetId, wanted } }))
  }

  /** Saves a plan. */
  async apply(planId: string) {
    return unwrap(await this.api.POST('/api/v1/plans/{id}/apply', { params: { path: { id: planId } } }))
  }

  /** Plans and saves. */
  async assign(adamId: string, wishes: readonly Wish[], tokenId?: number): Promise<void> {
    const plan = await this.plan(adamId, wishes, tokenId)
    await this.apply(plan.id)
  }

  /** All holders of an asset and those who wait, in the order of the list. */
  async holders(adamId: string): Promise<readonly Item<'listHolders'>[]> {
    const { id } = await this.asset(adamId)
    const found: Item<'listHolders'>[] = []
    let cursor: string | undefined
    do {
      const query = { limit: 500, ...(cursor === undefined ? {} : { cursor }) }
      const page = unwrap(
        await this.api.GET('/api/v1/assets/{id}/holders', { params: { path: { id }, query } }),
      )
      found.push(...page.items)
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    return found
  }

  /** Previews taking back, freeing or adopting. */
  async intervention(body: Body<'createIntervention'>) {
    return unwrap(await this.api.POST('/api/v1/interventions', { body }))
  }

  /** Begins what was previewed. */
  async applyIntervention(id: string) {
    return unwrap(await this.api.POST('/api/v1/interventions/{id}/apply', { params: { path: { id } } }))
  }

  /** A preview or record as it is now. */
  async readIntervention(id: string) {
    return unwrap(await this.api.GET('/api/v1/interventions/{id}', { params: { path: { id } } }))
  }

  /** Asks for a sync. */
  async sync(tokenId: number): Promise<void> {
    unwrap(await this.api.POST('/api/v1/tokens/{id}/syncs', { params: { path: { id: tokenId } } }))
  }

  /** Whether nothing is open: no sync waits or runs, no operation has not ended, no license is on its way. */
  async isQuiet(): Promise<boolean> {
    const overview = unwrap(await this.api.GET('/api/v1/overview'))
    const { items } = unwrap(await this.api.GET('/api/v1/tokens', { params: { query: { limit: 500 } } }))
    const syncing = items.some((token) => ['waiting', 'running'].includes(token.latestSync?.state ?? 'done'))
    const { granting, releasing } = overview.licenses
    return !syncing && overview.operations.open === 0 && granting === 0 && releasing === 0
  }
}

function post(url: string, body: object, headers: Record<string, string>): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
}
