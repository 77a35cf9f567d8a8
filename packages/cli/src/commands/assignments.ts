/** `apportion assignments`: which groups get which apps (A2). */
import { type Item, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../connection.ts'
import { findAsset } from '../lookup/asset.ts'
import { findGroup } from '../lookup/group.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../output/report.ts'
import { type Column, table } from '../output/table.ts'
import { fetchPages, moreRows, type PageFlags, pageFlags } from '../pages.ts'
import type { CommandLine } from '../world.ts'

interface Flags extends JsonFlag, PageFlags {
  readonly app: string | undefined
  readonly group: string | undefined
}

export const assignments = buildCommand<Flags, [], CommandLine>({
  docs: { brief: 'Which groups get which apps' },
  parameters: {
    flags: {
      app: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Only of this app, by id, adamId or name',
        placeholder: 'APP',
      },
      group: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Only of this group, by name or id',
        placeholder: 'GROUP',
      },
      ...pageFlags,
      json: jsonFlag,
    },
  },
  async func({ app, group, json, ...pages }) {
    const { world } = this
    const client = await connect(world)
    const query = {
      ...(app === undefined ? {} : { assetId: (await findAsset(client, { app })).id }),
      ...(group === undefined ? {} : { groupId: (await findGroup(client, group)).id }),
    }
    const found = await fetchPages(pages, async (page) =>
      unwrap(await client.GET('/api/v1/assignments', { params: { query: { ...query, ...page } } })),
    )
    report(world, json, found, () =>
      found.items.length === 0 ? 'No assignment fits.' : table(found.items, columns, world.stdout),
    )
    const more = moreRows(found)
    if (more !== null && !json) remark(world, more)
  },
})

const columns: readonly Column<Item<'listAssignments'>>[] = [
  { title: 'APP', of: ({ assetName }) => assetName, flexible: true },
  { title: 'TOKEN', of: ({ tokenName }) => tokenName, flexible: true },
  { title: 'GROUP', of: ({ group }) => group.name, flexible: true },
  {
    title: 'INTENT',
    of: ({ mode, intent }) => (mode === 'exclude' ? { text: 'excluded', color: 'yellow' } : intent),
  },
  { title: 'BY', of: ({ createdBy }) => createdBy, flexible: true },
]
