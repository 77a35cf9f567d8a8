/** `apportion links list` (D1). */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { linkColumns } from '../../output/link.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../../output/report.ts'
import { table } from '../../output/table.ts'
import { fetchPages, moreRows, type PageFlags, pageFlags } from '../../pages.ts'
import type { CommandLine } from '../../world.ts'

interface Flags extends JsonFlag, PageFlags {}

export const list = buildCommand<Flags, [], CommandLine>({
  docs: { brief: 'Enrollment links, newest first, without their addresses' },
  parameters: { flags: { ...pageFlags, json: jsonFlag } },
  async func({ json, ...pages }) {
    const { world } = this
    const client = await connect(world)
    const found = await fetchPages(pages, async (query) =>
      unwrap(await client.GET('/api/v1/enrollment-links', { params: { query } })),
    )
    report(world, json, found, () =>
      found.items.length === 0
        ? 'There are no links. Make one with: apportion links create'
        : table(found.items, linkColumns(world.timeZone), world.stdout),
    )
    const more = moreRows(found)
    if (more !== null && !json) remark(world, more)
  },
})
