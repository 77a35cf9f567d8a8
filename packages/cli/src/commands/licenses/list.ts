/** `apportion licenses list`, or `apportion licenses`: who holds or waits for a license of an app, since when and why (L1). */
import { type Item, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { saveCsv } from '../../csv.ts'
import { findAsset } from '../../lookup/asset.ts'
import { findToken } from '../../lookup/token.ts'
import { fromNow } from '../../output/moment.ts'
import type { Color } from '../../output/paint.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../../output/report.ts'
import { type Column, table } from '../../output/table.ts'
import { fetchPages, moreRows, type PageFlags, pageFlags } from '../../pages.ts'
import type { CommandLine } from '../../world.ts'

type Holder = Item<'listHolders'>
const states = ['all', 'held', 'outside', 'granting', 'releasing', 'waiting', 'withheld'] as const

interface Flags extends JsonFlag, PageFlags {
  readonly state: (typeof states)[number]
  readonly search: string | undefined
  readonly token: string | undefined
  readonly csv: boolean
}

export const list = buildCommand<Flags, [string], CommandLine>({
  docs: { brief: 'Who holds or waits for a license of an app, since when and why' },
  parameters: {
    flags: {
      state: { kind: 'enum', values: states, default: 'all', brief: 'Only in this state' },
      search: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Start of the serial number',
        placeholder: 'TEXT',
      },
      token: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'The content token, when several own it',
        placeholder: 'TOKEN',
      },
      csv: {
        kind: 'boolean',
        brief: 'All holders and those who wait, as CSV',
        default: false,
        withNegated: false,
      },
      ...pageFlags,
      json: jsonFlag,
    },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'Id, adamId or name', parse: String, placeholder: 'APP' }],
    },
  },
  async func({ state, search, token, csv, json, ...pages }, app) {
    const { world } = this
    const client = await connect(world)
    const tokenId = token === undefined ? undefined : (await findToken(client, token)).id
    const path = { id: (await findAsset(client, { app, tokenId })).id }
    if (csv) {
      return await saveCsv(
        world,
        await client.GET('/api/v1/assets/{id}/holders.csv', { params: { path }, parseAs: 'stream' }),
      )
    }
    const query = { state, ...(search === undefined ? {} : { q: search }) }
    const found = await fetchPages(pages, async (page) =>
      unwrap(
        await client.GET('/api/v1/assets/{id}/holders', { params: { path, query: { ...query, ...page } } }),
      ),
    )
    report(world, json, found, () =>
      found.items.length === 0
        ? 'Nobody holds or waits for a license.'
        : table(found.items, columns(world.now()), world.stdout),
    )
    const more = moreRows(found)
    if (more !== null && !json) remark(world, more)
  },
})

const stateColors: Readonly<Record<Holder['state'], Color>> = {
  held: 'green',
  granting: 'dim',
  releasing: 'dim',
  waiting: 'yellow',
  refused: 'red',
  withheld: 'yellow',
}

function columns(now: Date): readonly Column<Holder>[] {
  return [
    { title: 'HOLDER', of: ({ id }) => id },
    { title: 'DEVICE', of: ({ deviceName }) => deviceName, flexible: true },
    { title: 'USER', of: ({ userName }) => userName, flexible: true },
    { title: 'STATE', of: stateOf },
    { title: 'SINCE', of: ({ since }) => fromNow(since, now) },
    { title: 'WHY', of: ({ why }) => why.text, flexible: true },
  ]
}

function stateOf({ state, position, ours }: Holder): { readonly text: string; readonly color: Color } {
  const place = position === null ? '' : ` (place ${position})`
  return { text: state === 'held' && !ours ? 'held outside' : `${state}${place}`, color: stateColors[state] }
}
