/** `apportion licenses records`: what was taken back, freed and adopted by hand, and what became of it (L6, S5). */
import { type Item, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { saveCsv } from '../../csv.ts'
import { usageFailure } from '../../failure.ts'
import { describeRecord, scopeText } from '../../output/intervention.ts'
import { localMoment } from '../../output/moment.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../../output/report.ts'
import { type Column, table } from '../../output/table.ts'
import { fetchPages, moreRows, type PageFlags, pageFlags } from '../../pages.ts'
import type { CommandLine } from '../../world.ts'

interface Flags extends JsonFlag, PageFlags {
  readonly csv: boolean
}

export const records = buildCommand<Flags, [id?: string], CommandLine>({
  docs: { brief: 'What was taken back, freed and adopted by hand; with an id, one of them' },
  parameters: {
    flags: {
      csv: {
        kind: 'boolean',
        brief: 'Each license of one record, as CSV',
        default: false,
        withNegated: false,
      },
      ...pageFlags,
      json: jsonFlag,
    },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'Id of a record', parse: String, placeholder: 'ID', optional: true }],
    },
  },
  async func({ csv, json, ...pages }, id) {
    const { world } = this
    const client = await connect(world)
    if (id === undefined) {
      if (csv) throw usageFailure('usage.record', 'Say which record: apportion licenses records ID --csv')
      const found = await fetchPages(pages, async (page) =>
        unwrap(await client.GET('/api/v1/interventions', { params: { query: page } })),
      )
      report(world, json, found, () =>
        found.items.length === 0
          ? 'Nothing was taken back by hand yet.'
          : table(found.items, columns(world.timeZone), world.stdout),
      )
      const more = moreRows(found)
      if (more !== null && !json) remark(world, more)
      return
    }
    const params = { path: { id } }
    if (csv) {
      await saveCsv(
        world,
        await client.GET('/api/v1/interventions/{id}/licenses.csv', { params, parseAs: 'stream' }),
      )
      return
    }
    const record = unwrap(await client.GET('/api/v1/interventions/{id}', { params }))
    report(world, json, record, () => describeRecord(record, world))
  },
})

function columns(timeZone: string): readonly Column<Item<'listInterventions'>>[] {
  return [
    { title: 'ID', of: ({ id }) => id },
    { title: 'AT', of: ({ appliedAt }) => localMoment(appliedAt, timeZone) },
    { title: 'WHO', of: ({ appliedBy }) => appliedBy, flexible: true },
    { title: 'WHAT', of: ({ kind }) => kind.replace('_', ' ') },
    { title: 'SCOPE', of: ({ scope }) => scopeText(scope), flexible: true },
    { title: 'STATE', of: ({ state }) => state },
    { title: 'LICENSES', of: ({ preview }) => String(preview.licenses) },
  ]
}
