/** `apportion token list`: the content tokens with state, health, counts and freshness (T3, T8, S6). */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import type { Token } from '../../lookup/token.ts'
import { exactMoment, localMoment } from '../../output/moment.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../../output/report.ts'
import { type Column, table } from '../../output/table.ts'
import { tokenHealth, tokenState } from '../../output/token-state.ts'
import { fetchPages, moreRows, type PageFlags, pageFlags } from '../../pages.ts'
import type { CommandLine, World } from '../../world.ts'

interface Flags extends JsonFlag, PageFlags {
  readonly search: string | undefined
}

export const list = buildCommand<Flags, [], CommandLine>({
  docs: { brief: 'Content tokens with their state, health, counts and freshness' },
  parameters: {
    flags: {
      search: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Part of the name',
        placeholder: 'TEXT',
      },
      ...pageFlags,
      json: jsonFlag,
    },
  },
  async func({ search, json, ...pages }) {
    const { world } = this
    const client = await connect(world)
    const found = await fetchPages(pages, async (page) =>
      unwrap(
        await client.GET('/api/v1/tokens', {
          params: { query: { ...page, ...(search === undefined ? {} : { q: search }) } },
        }),
      ),
    )
    report(world, json, found, () =>
      found.items.length === 0
        ? 'No content token yet. Add one with: apportion token add FILE'
        : table(found.items, columns(world), world.stdout),
    )
    const more = moreRows(found)
    if (more !== null && !json) remark(world, more)
  },
})

function columns({ timeZone }: World): readonly Column<Token>[] {
  return [
    { title: 'ID', of: ({ id }) => id },
    { title: 'NAME', of: ({ name }) => name, flexible: true },
    { title: 'STATE', of: tokenState },
    { title: 'HEALTH', of: tokenHealth },
    { title: 'EXPIRES', of: ({ expiresAt }) => localMoment(expiresAt, timeZone).slice(0, 10) },
    { title: 'APPS', of: ({ counts }) => counts.assets },
    { title: 'TOTAL', of: ({ counts }) => counts.total },
    { title: 'USED', of: ({ counts }) => counts.used },
    { title: 'AVAILABLE', of: ({ counts }) => counts.available },
    { title: 'WAITING', of: ({ counts }) => counts.waiting },
    { title: 'EXACT AS OF', of: ({ exactAsOf }) => exactMoment(exactAsOf, timeZone) },
  ]
}
