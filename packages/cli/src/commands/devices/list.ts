/** `apportion devices list`. */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { findGroup } from '../../lookup/group.ts'
import { deviceColumns } from '../../output/device.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../../output/report.ts'
import { table } from '../../output/table.ts'
import { fetchPages, moreRows, type PageFlags, pageFlags } from '../../pages.ts'
import type { CommandLine } from '../../world.ts'

interface Flags extends JsonFlag, PageFlags {
  readonly search: string | undefined
  readonly group: string | undefined
}

export const list = buildCommand<Flags, [], CommandLine>({
  docs: { brief: 'Devices by serial number' },
  parameters: {
    flags: {
      search: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Start of the serial number, name or user',
        placeholder: 'TEXT',
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
  async func({ search, group, json, ...pages }) {
    const { world } = this
    const client = await connect(world)
    const query = {
      ...(search === undefined ? {} : { q: search }),
      ...(group === undefined ? {} : { groupId: (await findGroup(client, group)).id }),
    }
    const found = await fetchPages(pages, async (page) =>
      unwrap(await client.GET('/api/v1/devices', { params: { query: { ...query, ...page } } })),
    )
    report(world, json, found, () =>
      found.items.length === 0
        ? 'No device fits. Import some with: apportion devices import FILE'
        : table(found.items, deviceColumns, world.stdout),
    )
    const more = moreRows(found)
    if (more !== null && !json) remark(world, more)
  },
})
