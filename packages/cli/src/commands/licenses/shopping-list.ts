/** `apportion licenses shopping-list`: what to buy at Apple so that nobody waits, location by location (L10). */
import { type Item, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { saveCsv } from '../../csv.ts'
import { findToken } from '../../lookup/token.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../../output/report.ts'
import { type Column, table } from '../../output/table.ts'
import { fetchPages, moreRows, type PageFlags, pageFlags } from '../../pages.ts'
import type { CommandLine } from '../../world.ts'

type Line = Item<'listShoppingList'>
const horizons = ['30', '60', '90', '180', '365'] as const

interface Flags extends JsonFlag, PageFlags {
  readonly horizon: (typeof horizons)[number]
  readonly cautious: boolean
  readonly token: string | undefined
  readonly csv: boolean
}

export const shoppingList = buildCommand<Flags, [], CommandLine>({
  docs: { brief: 'What to buy at Apple so that nobody waits, location by location' },
  parameters: {
    flags: {
      horizon: { kind: 'enum', values: horizons, default: '90', brief: 'Days that it should last' },
      cautious: {
        kind: 'boolean',
        brief: 'Enough in nine of ten cases, instead of in half of them',
        default: false,
        withNegated: false,
      },
      token: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Of this content token',
        placeholder: 'TOKEN',
      },
      csv: { kind: 'boolean', brief: 'All of it, as CSV', default: false, withNegated: false },
      ...pageFlags,
      json: jsonFlag,
    },
  },
  async func({ horizon, cautious, token, csv, json, ...pages }) {
    const { world } = this
    const client = await connect(world)
    const query = {
      horizon: Number(horizon),
      ...(cautious ? { cautious: 'true' } : {}),
      ...(token === undefined ? {} : { tokenId: (await findToken(client, token)).id }),
    }
    if (csv) {
      const params = { query }
      return await saveCsv(
        world,
        await client.GET('/api/v1/shopping-list.csv', { params, parseAs: 'stream' }),
      )
    }
    const found = await fetchPages(pages, async (page) =>
      unwrap(await client.GET('/api/v1/shopping-list', { params: { query: { ...query, ...page } } })),
    )
    report(world, json, found, () =>
      found.items.length === 0
        ? `Nothing to buy: what is free is expected to last ${horizon} days.`
        : table(found.items, columns, world.stdout),
    )
    const more = moreRows(found)
    if (more !== null && !json) remark(world, more)
  },
})

const columns: readonly Column<Line>[] = [
  { title: 'TOKEN', of: ({ token }) => token.name, flexible: true },
  { title: 'APP', of: ({ name }) => name, flexible: true },
  { title: 'WAITING', of: ({ waiting }) => waiting },
  { title: 'FREE', of: ({ free }) => free },
  { title: 'EXPECTED', of: ({ needed }) => needed },
  {
    title: 'CAUTIOUS',
    of: ({ neededCautious }) => neededCautious ?? { text: 'little history', color: 'dim' },
    align: 'right',
  },
  { title: 'EACH', of: ({ priceText }) => priceText, align: 'right' },
  { title: 'COST', of: ({ cost }) => (cost === null ? null : cost.toFixed(2)), align: 'right' },
]
