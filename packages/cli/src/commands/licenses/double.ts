/** `apportion licenses double`: licenses of which one would do, with what to do about each (L14). */
import { type Answer, type Item, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { findToken } from '../../lookup/token.ts'
import type { Color } from '../../output/paint.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../../output/report.ts'
import { type Column, table } from '../../output/table.ts'
import { fetchPages, moreRows, type PageFlags, pageFlags } from '../../pages.ts'
import type { CommandLine } from '../../world.ts'

type Pair = Item<'listDoubleSpend'>
const kinds = ['device_and_user', 'two_accounts', 'two_locations'] as const

interface Flags extends JsonFlag, PageFlags {
  readonly kind: (typeof kinds)[number] | undefined
  readonly token: string | undefined
}

export const double = buildCommand<Flags, [], CommandLine>({
  docs: {
    brief: 'Licenses of which one would do',
    fullDescription:
      'Without --kind, how many pairs there are of each kind: a device and its user both hold the app, one person holds it with two Apple Accounts, one holder has it from two locations.',
  },
  parameters: {
    flags: {
      kind: { kind: 'enum', values: kinds, optional: true, brief: 'The pairs of this kind' },
      token: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Only pairs with a license of this content token',
        placeholder: 'TOKEN',
      },
      ...pageFlags,
      json: jsonFlag,
    },
  },
  async func({ kind, token, json, ...pages }) {
    const { world } = this
    const client = await connect(world)
    const at = token === undefined ? {} : { tokenId: (await findToken(client, token)).id }
    if (kind === undefined) {
      const summary = unwrap(await client.GET('/api/v1/double-spend/summary', { params: { query: at } }))
      return report(world, json, summary, () => table(summary.kinds, sums, world.stdout))
    }
    const found = await fetchPages(pages, async (page) =>
      unwrap(await client.GET('/api/v1/double-spend', { params: { query: { kind, ...at, ...page } } })),
    )
    report(world, json, found, () =>
      found.items.length === 0 ? 'No license is spent twice.' : table(found.items, columns, world.stdout),
    )
    const more = moreRows(found)
    if (more !== null && !json) remark(world, more)
  },
})

const sums: readonly Column<Answer<'summarizeDoubleSpend'>['kinds'][number]>[] = [
  { title: 'KIND', of: ({ kind }) => kind },
  { title: 'FOUND', of: ({ found }) => found },
  { title: 'IN MIGRATION', of: ({ inMigration }) => inMigration },
]

const advice: Readonly<Record<Pair['advice'], { readonly text: string; readonly color: Color }>> = {
  in_migration: { text: 'in migration: one comes back by itself', color: 'dim' },
  free_first: { text: 'take back the first', color: 'yellow' },
  free_second: { text: 'take back the second', color: 'yellow' },
  choose: { text: 'change an assignment', color: 'yellow' },
  keep: { text: 'Apple takes neither back', color: 'dim' },
}

const side = ({ holder, token }: Pair['first']): string => `${holder.name ?? holder.id} (${token.name})`

const columns: readonly Column<Pair>[] = [
  { title: 'APP', of: ({ first }) => first.asset.name, flexible: true },
  { title: 'USER', of: ({ user }) => user?.userName ?? null, flexible: true },
  { title: 'FIRST', of: ({ first }) => side(first), flexible: true },
  { title: 'SECOND', of: ({ second }) => side(second), flexible: true },
  { title: 'WHAT TO DO', of: ({ advice: code }) => advice[code] },
]
