/** `apportion groups create` (A1). */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import { readRuleFile } from '../../rule-file.ts'
import type { CommandLine } from '../../world.ts'

interface Flags extends JsonFlag {
  readonly kind: 'device' | 'user'
  readonly description: string | undefined
  readonly rule: string | undefined
}

export const create = buildCommand<Flags, [string], CommandLine>({
  docs: { brief: 'Make a group of devices or of users' },
  parameters: {
    flags: {
      kind: { kind: 'enum', values: ['device', 'user'], default: 'device', brief: 'What its members are' },
      description: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'What it is for',
        placeholder: 'TEXT',
      },
      rule: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'File with a rule in JSON, by which its devices are found; - for standard input',
        placeholder: 'FILE',
      },
      json: jsonFlag,
    },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'Name of the group', parse: String, placeholder: 'NAME' }],
    },
  },
  async func({ kind, description, rule: file, json }, name) {
    const { world } = this
    const rule = file === undefined ? null : await readRuleFile(world, file)
    const client = await connect(world)
    const body = { kind, name, rule, ...(description === undefined ? {} : { description }) }
    const group = unwrap(await client.POST('/api/v1/groups', { body }))
    report(world, json, group, () =>
      group.ruleText === null
        ? `Made group ${group.name} (${group.id}), of ${group.kind}s.`
        : `Made group ${group.name} (${group.id}) of the devices where ${group.ruleText}: ${group.members} now.`,
    )
  },
})
