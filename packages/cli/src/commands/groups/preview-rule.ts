/** `apportion groups preview-rule`: which devices a rule finds now; nothing is saved (A1). */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { deviceColumns } from '../../output/device.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../../output/report.ts'
import { table } from '../../output/table.ts'
import { fetchPages, moreRows, type PageFlags, pageFlags } from '../../pages.ts'
import { readRuleFile } from '../../rule-file.ts'
import type { CommandLine } from '../../world.ts'

interface Flags extends JsonFlag, PageFlags {
  readonly search: string | undefined
}

export const previewRule = buildCommand<Flags, [string], CommandLine>({
  docs: { brief: 'The devices that a rule finds now, without saving anything' },
  parameters: {
    flags: {
      search: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Start of the serial number, name or user',
        placeholder: 'TEXT',
      },
      ...pageFlags,
      json: jsonFlag,
    },
    positional: {
      kind: 'tuple',
      parameters: [
        { brief: 'File with a rule in JSON; - for standard input', parse: String, placeholder: 'FILE' },
      ],
    },
  },
  async func({ search, json, ...pages }, file) {
    const { world } = this
    const rule = await readRuleFile(world, file)
    const client = await connect(world)
    let total = 0
    const found = await fetchPages(pages, async ({ limit, cursor }) => {
      const body = {
        rule,
        limit: Math.min(limit, mostAtOnce),
        ...(cursor === undefined ? {} : { cursor }),
        ...(search === undefined ? {} : { q: search }),
      }
      const page = unwrap(await client.POST('/api/v1/groups/preview-rule', { body }))
      total = page.total
      return page
    })
    report(world, json, { total, ...found }, () =>
      found.items.length === 0 ? 'No device fits.' : table(found.items, deviceColumns, world.stdout),
    )
    if (!json) remark(world, `${total} devices fit the rule.`)
    const more = moreRows(found)
    if (more !== null && !json) remark(world, more)
  },
})

/** Devices that the server shows on a page of a preview. */
const mostAtOnce = 200
