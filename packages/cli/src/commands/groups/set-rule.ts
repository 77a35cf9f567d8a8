/** `apportion groups set-rule`: a group finds its devices by a rule, or has them picked by hand again (A1). */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { usageFailure } from '../../failure.ts'
import { findGroup } from '../../lookup/group.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import { readRuleFile } from '../../rule-file.ts'
import type { CommandLine } from '../../world.ts'
import { describeGroup } from './show.ts'

interface Flags extends JsonFlag {
  readonly none: boolean
}

export const setRule = buildCommand<Flags, [string, string?], CommandLine>({
  docs: {
    brief: 'Change the rule of a group, or pick its members by hand again',
    fullDescription:
      'A rule replaces all members by the devices that it finds; see them first with groups preview-rule. With --none the members stay, picked by hand from then on.',
  },
  parameters: {
    flags: {
      none: { kind: 'boolean', brief: 'No rule any more', default: false, withNegated: false },
      json: jsonFlag,
    },
    positional: {
      kind: 'tuple',
      parameters: [
        { brief: 'Name or id of the group', parse: String, placeholder: 'GROUP' },
        {
          brief: 'File with a rule in JSON; - for standard input',
          parse: String,
          placeholder: 'FILE',
          optional: true,
        },
      ],
    },
  },
  async func({ none, json }, wanted, file) {
    const { world } = this
    if (none === (file !== undefined))
      throw usageFailure('usage.rule', 'Give either a FILE with a rule, or --none')
    const rule = file === undefined ? null : await readRuleFile(world, file)
    const client = await connect(world)
    const { id } = await findGroup(client, wanted)
    const group = unwrap(
      await client.PATCH('/api/v1/groups/{id}', { params: { path: { id } }, body: { rule } }),
    )
    report(world, json, group, () => describeGroup(group, world))
  },
})
