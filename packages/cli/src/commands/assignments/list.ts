/** `apportion assignments list`: which groups get which apps, and how (A2). */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { findAsset } from '../../lookup/asset.ts'
import { findGroup } from '../../lookup/group.ts'
import { describeAssignments } from '../../output/assignment.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../../output/report.ts'
import { fetchPages, moreRows, type PageFlags, pageFlags } from '../../pages.ts'
import type { CommandLine } from '../../world.ts'

interface Flags extends JsonFlag, PageFlags {
  readonly app: string | undefined
  readonly group: string | undefined
}

export const list = buildCommand<Flags, [], CommandLine>({
  docs: { brief: 'Which groups get which apps, and how' },
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
      found.items.length === 0
        ? 'No assignment fits.'
        : describeAssignments(found.items, { world, withApps: true }),
    )
    const more = moreRows(found)
    if (more !== null && !json) remark(world, more)
  },
})
