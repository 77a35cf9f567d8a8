/** `apportion users list`. */
import { type Item, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { findGroup } from '../../lookup/group.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../../output/report.ts'
import { type Column, table } from '../../output/table.ts'
import { fetchPages, moreRows, type PageFlags, pageFlags } from '../../pages.ts'
import type { CommandLine } from '../../world.ts'

interface Flags extends JsonFlag, PageFlags {
  readonly search: string | undefined
  readonly group: string | undefined
  readonly join: (typeof states)[number] | undefined
}

const states = ['not_registered', 'registering', 'waiting_to_join', 'joined', 'refused', 'retired'] as const

export const list = buildCommand<Flags, [], CommandLine>({
  docs: { brief: 'Users by user name' },
  parameters: {
    flags: {
      search: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Start of the user name or name',
        placeholder: 'TEXT',
      },
      group: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Only of this group, by name or id',
        placeholder: 'GROUP',
      },
      join: {
        kind: 'enum',
        values: states,
        optional: true,
        brief: 'Only who is in this state at some location',
      },
      ...pageFlags,
      json: jsonFlag,
    },
  },
  async func({ search, group, join, json, ...pages }) {
    const { world } = this
    const client = await connect(world)
    const query = {
      ...(search === undefined ? {} : { q: search }),
      ...(group === undefined ? {} : { groupId: (await findGroup(client, group)).id }),
      ...(join === undefined ? {} : { joinState: join }),
    }
    const found = await fetchPages(pages, async (page) =>
      unwrap(await client.GET('/api/v1/users', { params: { query: { ...query, ...page } } })),
    )
    report(world, json, found, () =>
      found.items.length === 0
        ? 'No user fits. Import some with: apportion users import FILE'
        : table(found.items, columns, world.stdout),
    )
    const more = moreRows(found)
    if (more !== null && !json) remark(world, more)
  },
})

const columns: readonly Column<Item<'listUsers'>>[] = [
  { title: 'USER NAME', of: ({ userName }) => userName, flexible: true },
  { title: 'NAME', of: ({ name }) => name, flexible: true },
  { title: 'EMAIL', of: ({ email }) => email, flexible: true },
  { title: 'DEPARTMENT', of: ({ department }) => department, flexible: true },
  { title: 'DEVICES', of: ({ devices }) => devices },
]
