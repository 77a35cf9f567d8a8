/** `apportion apps`: what is owned, one row per location or each title once, with counts (L1, C1, C3, S7). */
import { type ApiClient, type Item, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { saveCsv } from '../../csv.ts'
import type { Asset } from '../../lookup/asset.ts'
import { findToken } from '../../lookup/token.ts'
import { noticedOf } from '../../output/noticed.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../../output/report.ts'
import { type Column, table } from '../../output/table.ts'
import { fetchPages, moreRows, type Page, type PageFlags, pageFlags } from '../../pages.ts'
import type { CommandLine } from '../../world.ts'

const shows = [
  'all',
  'waiting',
  'shortage',
  'unused',
  'not_licensed',
  'not_in_store',
  'not_device_assignable',
  'changed',
] as const
type Shown = (typeof shows)[number]

interface Flags extends JsonFlag, PageFlags {
  readonly search: string | undefined
  readonly token: string | undefined
  readonly kind: 'app' | 'mac_app' | 'book' | undefined
  readonly waiting: boolean
  readonly shortage: boolean
  readonly unused: boolean
  readonly show: Shown
  readonly by: 'token' | 'title'
  readonly sort: 'name' | 'available' | 'used' | 'waiting'
  readonly csv: boolean
}

export const list = buildCommand<Flags, [], CommandLine>({
  docs: { brief: 'Apps and books that are owned, with counts' },
  parameters: {
    flags: {
      search: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Part of the name, publisher, bundle id or adamId',
        placeholder: 'TEXT',
      },
      token: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Only of this content token, by id or name',
        placeholder: 'TOKEN',
      },
      kind: { kind: 'enum', values: ['app', 'mac_app', 'book'], optional: true, brief: 'Only of this kind' },
      waiting: {
        kind: 'boolean',
        brief: 'Only those that somebody waits for',
        default: false,
        withNegated: false,
      },
      shortage: { kind: 'boolean', brief: 'Only those that run short', default: false, withNegated: false },
      unused: { kind: 'boolean', brief: 'Only those that nobody uses', default: false, withNegated: false },
      show: {
        kind: 'enum',
        values: shows,
        default: 'all',
        brief: 'Only those with such counts, or of which this was noticed',
      },
      by: { kind: 'enum', values: ['token', 'title'], default: 'token', brief: 'One row for each' },
      sort: {
        kind: 'enum',
        values: ['name', 'available', 'used', 'waiting'],
        default: 'name',
        brief: 'Order',
      },
      csv: { kind: 'boolean', brief: 'Use as CSV, all rows', default: false, withNegated: false },
      ...pageFlags,
      json: jsonFlag,
    },
  },
  async func({ search, token, kind, sort, json, csv, by, ...flags }) {
    const { world } = this
    const client = await connect(world)
    const tokenId = token === undefined ? undefined : (await findToken(client, token)).id
    const filter = {
      show: shownOf(flags),
      ...(tokenId === undefined ? {} : { tokenId }),
      ...(search === undefined ? {} : { q: search }),
      ...(kind === undefined ? {} : { kind }),
    }
    if (csv) return await saveCsv(world, await csvOf(client, by, filter))
    const print = <Row>(found: Page<Row>, columns: readonly Column<Row>[]) => {
      report(world, json, found, () =>
        found.items.length === 0 ? 'No app or book fits.' : table(found.items, columns, world.stdout),
      )
      const more = moreRows(found)
      if (more !== null && !json) remark(world, more)
    }
    if (by === 'title') print(await fetchTitles(client, flags, { sort, ...filter }), titleColumns)
    else print(await fetchAssets(client, flags, { sort, ...filter }), columns)
  },
})

interface Filter {
  readonly show: Shown
  readonly tokenId?: number
  readonly q?: string
  readonly kind?: 'app' | 'mac_app' | 'book'
}

type Sorted = Filter & { readonly sort: Flags['sort'] }

/** By title the file has what the list shows; by token all of one token or of all. */
async function csvOf(client: ApiClient, by: Flags['by'], filter: Filter) {
  if (by === 'title')
    return await client.GET('/api/v1/titles.csv', { params: { query: filter }, parseAs: 'stream' })
  const query = filter.tokenId === undefined ? {} : { tokenId: filter.tokenId }
  return await client.GET('/api/v1/assets.csv', { params: { query }, parseAs: 'stream' })
}

async function fetchAssets(client: ApiClient, pages: PageFlags, query: Sorted): Promise<Page<Asset>> {
  return await fetchPages(pages, async (page) =>
    unwrap(await client.GET('/api/v1/assets', { params: { query: { ...query, ...page } } })),
  )
}

async function fetchTitles(
  client: ApiClient,
  pages: PageFlags,
  query: Sorted,
): Promise<Page<Item<'listTitles'>>> {
  return await fetchPages(pages, async (page) =>
    unwrap(await client.GET('/api/v1/titles', { params: { query: { ...query, ...page } } })),
  )
}

function shownOf({
  waiting,
  shortage,
  unused,
  show,
}: Pick<Flags, 'waiting' | 'shortage' | 'unused' | 'show'>): Shown {
  if (waiting) return 'waiting'
  if (shortage) return 'shortage'
  return unused ? 'unused' : show
}

const columns: readonly Column<Asset>[] = [
  { title: 'ID', of: ({ id }) => id },
  { title: 'NAME', of: ({ title }) => title.name, flexible: true },
  { title: 'PUBLISHER', of: ({ title }) => title.publisher, flexible: true },
  { title: 'ADAM ID', of: ({ adamId }) => adamId, align: 'right' },
  { title: 'TOKEN', of: ({ token }) => token.name, flexible: true },
  { title: 'TOTAL', of: ({ counts }) => counts.total ?? 'unlimited', align: 'right' },
  { title: 'USED', of: ({ counts }) => counts.used },
  { title: 'AVAILABLE', of: ({ counts }) => counts.available ?? 'unlimited', align: 'right' },
  {
    title: 'WAITING',
    of: ({ counts }) => (counts.waiting === 0 ? 0 : { text: String(counts.waiting), color: 'yellow' }),
    align: 'right',
  },
  { title: 'NOTICED', of: ({ notices }) => noticedOf(notices) },
]

const titleColumns: readonly Column<Item<'listTitles'>>[] = [
  { title: 'ADAM ID', of: ({ adamId }) => adamId, align: 'right' },
  { title: 'NAME', of: ({ name }) => name, flexible: true },
  { title: 'PUBLISHER', of: ({ publisher }) => publisher, flexible: true },
  { title: 'POOLS', of: ({ pools }) => pools },
  { title: 'TOTAL', of: ({ counts }) => counts.total ?? 'unlimited', align: 'right' },
  { title: 'USED', of: ({ counts }) => counts.used + counts.usedUnlimited },
  { title: 'AVAILABLE', of: ({ counts }) => availableOf(counts), align: 'right' },
  {
    title: 'WAITING',
    of: ({ counts }) => (counts.waiting === 0 ? 0 : { text: String(counts.waiting), color: 'yellow' }),
    align: 'right',
  },
  { title: 'NOTICED', of: ({ notices }) => noticedOf(notices) },
]

/** S7: pools without a limit are named beside the number of those with one. */
function availableOf({ available, unlimitedPools }: Item<'listTitles'>['counts']): string {
  if (available === null) return 'unlimited'
  return unlimitedPools === 0 ? String(available) : `${available} + unlimited`
}
