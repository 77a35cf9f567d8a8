/** `apportion audit list`: who changed what, newest first (M4). */
import { type Item, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { localMoment } from '../../output/moment.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../../output/report.ts'
import { type Column, table } from '../../output/table.ts'
import { fetchPages, moreRows, type PageFlags, pageFlags } from '../../pages.ts'
import type { CommandLine } from '../../world.ts'

interface Flags extends JsonFlag, PageFlags {
  readonly subject: string | undefined
}

export const list = buildCommand<Flags, [], CommandLine>({
  docs: { brief: 'Who changed what, newest first' },
  parameters: {
    flags: {
      subject: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'A kind of thing or one thing: token, token:12',
        placeholder: 'SUBJECT',
      },
      ...pageFlags,
      json: jsonFlag,
    },
  },
  async func({ subject, json, ...pages }) {
    const { world } = this
    const client = await connect(world)
    const query = subject === undefined ? {} : { subject }
    const found = await fetchPages(pages, async (page) =>
      unwrap(await client.GET('/api/v1/audit', { params: { query: { ...query, ...page } } })),
    )
    report(world, json, found, () =>
      found.items.length === 0 ? 'No entry fits.' : table(found.items, columns(world.timeZone), world.stdout),
    )
    const more = moreRows(found)
    if (more !== null && !json) remark(world, more)
  },
})

function columns(timeZone: string): readonly Column<Item<'listAuditEntries'>>[] {
  return [
    { title: 'AT', of: ({ at }) => localMoment(at, timeZone) },
    { title: 'WHO', of: ({ actor }) => actor.name, flexible: true },
    { title: 'ACTION', of: ({ action }) => action },
    {
      title: 'WHAT',
      of: ({ subject }) => `${subject.kind} ${subject.name ?? subject.id ?? ''}`.trim(),
      flexible: true,
    },
  ]
}
