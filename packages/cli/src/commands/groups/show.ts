/** `apportion groups show`: one group with its rule, the groups in it and those it is in (A1). */
import { type Answer, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { findGroup } from '../../lookup/group.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import { facts } from '../../output/table.ts'
import type { CommandLine, World } from '../../world.ts'

export const show = buildCommand<JsonFlag, [string], CommandLine>({
  docs: { brief: 'One group with its rule, the groups in it and those it is in' },
  parameters: {
    flags: { json: jsonFlag },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'Name or id of the group', parse: String, placeholder: 'GROUP' }],
    },
  },
  async func({ json }, wanted) {
    const { world } = this
    const client = await connect(world)
    const { id } = await findGroup(client, wanted)
    const group = unwrap(await client.GET('/api/v1/groups/{id}', { params: { path: { id } } }))
    report(world, json, group, () => describeGroup(group, world))
  },
})

/** What there is to say of a group. */
export function describeGroup(group: Answer<'getGroup'>, { stdout }: World): string {
  const names = (groups: readonly { readonly name: string }[]) =>
    groups.map(({ name }) => name).join(', ') || null
  return facts(
    [
      ['Id', group.id],
      ['Name', group.name],
      ['Description', group.description || null],
      ['Of', `${group.kind}s`],
      ['Rule', group.ruleText],
      ['Members', group.members],
      ['Groups in it', names(group.memberGroups)],
      ['Is in', names(group.isIn)],
      ['Assignments', group.assignments],
    ],
    stdout.paint,
  )
}
