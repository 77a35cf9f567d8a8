/** `apportion token syncs`: past syncs of a content token, newest first (S1). */
import { type Item, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { findToken } from '../../lookup/token.ts'
import { localMoment } from '../../output/moment.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../../output/report.ts'
import { type Column, table } from '../../output/table.ts'
import { syncLine } from '../../output/token-state.ts'
import { fetchPages, moreRows, type PageFlags, pageFlags } from '../../pages.ts'
import type { CommandLine } from '../../world.ts'

export const syncs = buildCommand<JsonFlag & PageFlags, [string], CommandLine>({
  docs: { brief: 'Past syncs of a content token, newest first' },
  parameters: {
    flags: { ...pageFlags, json: jsonFlag },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'Id or name of the content token', parse: String, placeholder: 'TOKEN' }],
    },
  },
  async func({ json, ...pages }, wanted) {
    const { world } = this
    const client = await connect(world)
    const { id } = await findToken(client, wanted)
    const found = await fetchPages(pages, async (page) =>
      unwrap(await client.GET('/api/v1/tokens/{id}/syncs', { params: { path: { id }, query: page } })),
    )
    report(world, json, found, () =>
      found.items.length === 0
        ? 'Not synced yet.'
        : table(found.items, columns(world.timeZone), world.stdout),
    )
    const more = moreRows(found)
    if (more !== null && !json) remark(world, more)
  },
})

function columns(timeZone: string): readonly Column<Item<'listSyncs'>>[] {
  return [
    { title: 'ID', of: ({ id }) => id },
    { title: 'ASKED', of: ({ askedAt }) => localMoment(askedAt, timeZone) },
    { title: 'BY', of: ({ cause }) => cause },
    { title: 'READ', of: ({ scope }) => scope },
    { title: 'NEW', of: ({ licensesFound }) => licensesFound },
    { title: 'GONE', of: ({ licensesGone }) => licensesGone },
    { title: 'OUTCOME', of: syncLine, flexible: true },
  ]
}
