/** `apportion groups list` (A1). */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import type { Group } from '../../lookup/group.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../../output/report.ts'
import { type Column, table } from '../../output/table.ts'
import { fetchPages, moreRows, type PageFlags, pageFlags } from '../../pages.ts'
import type { CommandLine } from '../../world.ts'

interface Flags extends JsonFlag, PageFlags {
  readonly search: string | undefined
  readonly kind: 'device' | 'user' | undefined
}

export const list = buildCommand<Flags, [], CommandLine>({
  docs: { brief: 'Groups of devices and of users' },
  parameters: {
    flags: {
      search: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Part of the name',
        placeholder: 'TEXT',
      },
      kind: { kind: 'enum', values: ['device', 'user'], optional: true, brief: 'Only of this kind' },
      ...pageFlags,
      json: jsonFlag,
    },
  },
  async func({ search, kind, json, ...pages }) {
    const { world } = this
    const client = await connect(world)
    const query = { ...(search === undefined ? {} : { q: search }), ...(kind === undefined ? {} : { kind }) }
    const found = await fetchPages(pages, async (page) =>
      unwrap(await client.GET('/api/v1/groups', { params: { query: { ...query, ...page } } })),
    )
    report(world, json, found, () =>
      found.items.length === 0 ? 'No group fits.' : table(found.items, columns, world.stdout),
    )
    const more = moreRows(found)
    if (more !== null && !json) remark(world, more)
  },
})

const columns: readonly Column<Group>[] = [
  { title: 'ID', of: ({ id }) => id },
  { title: 'NAME', of: ({ name }) => name, flexible: true },
  { title: 'OF', of: ({ kind }) => `${kind}s` },
  { title: 'MEMBERS', of: ({ members }) => members },
  { title: 'RULE', of: ({ ruleText }) => ruleText, flexible: true },
  { title: 'ASSIGNMENTS', of: ({ assignments }) => assignments },
  { title: 'DESCRIPTION', of: ({ description }) => description || null, flexible: true },
]
