/** `apportion apps`: what is owned, one row per location, with counts (L1, C1, S7). */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { saveCsv } from '../../csv.ts'
import type { Asset } from '../../lookup/asset.ts'
import { findToken } from '../../lookup/token.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../../output/report.ts'
import { type Column, table } from '../../output/table.ts'
import { fetchPages, moreRows, type PageFlags, pageFlags } from '../../pages.ts'
import type { CommandLine } from '../../world.ts'

interface Flags extends JsonFlag, PageFlags {
  readonly search: string | undefined
  readonly token: string | undefined
  readonly kind: 'app' | 'mac_app' | 'book' | undefined
  readonly waiting: boolean
  readonly shortage: boolean
  readonly unused: boolean
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
      sort: {
        kind: 'enum',
        values: ['name', 'available', 'used', 'waiting'],
        default: 'name',
        brief: 'Order',
      },
      csv: { kind: 'boolean', brief: 'Use per app as CSV, all rows', default: false, withNegated: false },
      ...pageFlags,
      json: jsonFlag,
    },
  },
  async func({ search, token, kind, sort, json, csv, ...flags }) {
    const { world } = this
    const client = await connect(world)
    const tokenId = token === undefined ? undefined : (await findToken(client, token)).id
    const ofToken = tokenId === undefined ? {} : { tokenId }
    if (csv)
      return await saveCsv(
        world,
        await client.GET('/api/v1/assets.csv', { params: { query: ofToken }, parseAs: 'stream' }),
      )
    const query = {
      sort,
      show: shownOf(flags),
      ...ofToken,
      ...(search === undefined ? {} : { q: search }),
      ...(kind === undefined ? {} : { kind }),
    }
    const found = await fetchPages(flags, async (page) =>
      unwrap(await client.GET('/api/v1/assets', { params: { query: { ...query, ...page } } })),
    )
    report(world, json, found, () =>
      found.items.length === 0 ? 'No app or book fits.' : table(found.items, columns, world.stdout),
    )
    const more = moreRows(found)
    if (more !== null && !json) remark(world, more)
  },
})

function shownOf({
  waiting,
  shortage,
  unused,
}: Pick<Flags, 'waiting' | 'shortage' | 'unused'>): 'all' | 'waiting' | 'shortage' | 'unused' {
  if (waiting) return 'waiting'
  if (shortage) return 'shortage'
  return unused ? 'unused' : 'all'
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
]
