/** `apportion plan rows`: everybody whom one kind of change of a plan concerns (A4). */
import { type operations, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { findAsset } from '../../lookup/asset.ts'
import { findToken } from '../../lookup/token.ts'
import { holderOf, type PlanRow } from '../../output/plan-outcome.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../../output/report.ts'
import { type Column, table } from '../../output/table.ts'
import { fetchPages, moreRows, type PageFlags, pageFlags } from '../../pages.ts'
import type { CommandLine } from '../../world.ts'

type Part = operations['listPlanRows']['parameters']['query']['part']

interface Flags extends JsonFlag, PageFlags {
  readonly part: Part
  readonly app: string
  readonly token: string | undefined
  readonly search: string | undefined
}

export const rows = buildCommand<Flags, [string], CommandLine>({
  docs: {
    brief: 'Everybody whom one kind of change of a plan concerns',
    fullDescription: 'Worked out again as the facts are now, so it can differ from what the plan showed.',
  },
  parameters: {
    flags: {
      part: {
        kind: 'enum',
        values: ['grants', 'waits', 'releases', 'kept', 'cannot'],
        brief: 'Who gets a license, waits, gives it back, keeps it by policy, or cannot get it',
      },
      app: { kind: 'parsed', parse: String, brief: 'The app: id, adamId or name', placeholder: 'APP' },
      token: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'The content token, when several own it',
        placeholder: 'TOKEN',
      },
      search: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Start of the serial number or user name',
        placeholder: 'TEXT',
      },
      ...pageFlags,
      json: jsonFlag,
    },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'Id of the plan, as plan shows it', parse: String, placeholder: 'PLAN' }],
    },
  },
  async func({ part, app, token, search, json, ...pages }, id) {
    const { world } = this
    const client = await connect(world)
    const tokenId = token === undefined ? undefined : (await findToken(client, token)).id
    const { id: assetId } = await findAsset(client, { app, tokenId })
    const query = { part, assetId, ...(search === undefined ? {} : { q: search }) }
    const found = await fetchPages(pages, async (page) =>
      unwrap(
        await client.GET('/api/v1/plans/{id}/rows', {
          params: { path: { id }, query: { ...query, ...page } },
        }),
      ),
    )
    report(world, json, found, () =>
      found.items.length === 0 ? 'It concerns nobody.' : table(found.items, columns(part), world.stdout),
    )
    const more = moreRows(found)
    if (more !== null && !json) remark(world, more)
  },
})

/** Only who waits has a place. */
function columns(part: Part): readonly Column<PlanRow>[] {
  const place: readonly Column<PlanRow>[] =
    part === 'waits' ? [{ title: 'PLACE', of: ({ place }) => place }] : []
  return [
    ...place,
    { title: 'DEVICE OR PERSON', of: holderOf, flexible: true },
    { title: 'CODE', of: ({ code }) => code },
    { title: 'WHY', of: ({ reason }) => reason, flexible: true },
  ]
}
