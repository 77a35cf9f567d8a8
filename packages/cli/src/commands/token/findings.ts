/** `apportion token findings`: what a sync found that was not known, license by license (S2). */
import { type Item, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { localMoment } from '../../output/moment.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../../output/report.ts'
import { type Column, table } from '../../output/table.ts'
import { fetchPages, moreRows, type PageFlags, pageFlags } from '../../pages.ts'
import type { CommandLine } from '../../world.ts'

export const findings = buildCommand<JsonFlag & PageFlags, [string], CommandLine>({
  docs: { brief: 'What a sync found that was not known: licenses that turned up or vanished' },
  parameters: {
    flags: { ...pageFlags, json: jsonFlag },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'Id of the sync, from `token syncs`', parse: String, placeholder: 'SYNC' }],
    },
  },
  async func({ json, ...pages }, id) {
    const { world } = this
    const client = await connect(world)
    const found = await fetchPages(pages, async (page) =>
      unwrap(await client.GET('/api/v1/syncs/{id}/findings', { params: { path: { id }, query: page } })),
    )
    report(world, json, found, () =>
      found.items.length === 0
        ? 'Nothing that was not known.'
        : table(found.items, columns(world.timeZone), world.stdout),
    )
    const more = moreRows(found)
    if (more !== null && !json) remark(world, more)
  },
})

function columns(timeZone: string): readonly Column<Item<'listSyncFindings'>>[] {
  return [
    { title: 'AT', of: ({ at }) => localMoment(at, timeZone) },
    { title: 'CHANGE', of: ({ change }) => change },
    { title: 'APP OR BOOK', of: ({ asset }) => asset.name, flexible: true },
    { title: 'HOLDER', of: ({ holder }) => `${holder.kind} ${holder.id}` },
    { title: 'NAME', of: ({ holder }) => holder.name ?? '', flexible: true },
    { title: 'WHY', of: ({ cause }) => cause, flexible: true },
  ]
}
