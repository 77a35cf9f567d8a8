/** `apportion plan members`: what another set of members of a group would do to licenses; with `--apply` changes it (A1, A4). */
import { type Answer, type ApiClient, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { agreeToPlan, apply, requireYesToApply } from '../../applying.ts'
import { connect } from '../../connection.ts'
import { yesFlag } from '../../consent.ts'
import { optionalText } from '../../fact-flags.ts'
import { usageFailure } from '../../failure.ts'
import { findGroup } from '../../lookup/group.ts'
import { linesOf } from '../../members.ts'
import { describePlan } from '../../output/plan.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../../output/report.ts'
import { refuseLeftOut, type StrictFlag, strictFlag } from '../../planning.ts'
import type { CommandLine, World } from '../../world.ts'

interface Flags extends StrictFlag, JsonFlag {
  readonly add: readonly string[] | undefined
  readonly remove: readonly string[] | undefined
  readonly addFrom: string | undefined
  readonly removeFrom: string | undefined
  readonly apply: boolean
  readonly yes: boolean
}

const memberFlag = (brief: string) =>
  ({ kind: 'parsed', parse: String, variadic: true, optional: true, brief, placeholder: 'MEMBER' }) as const

export const members = buildCommand<Flags, [string], CommandLine>({
  docs: {
    brief: 'Show what a change of a group would do to licenses; with --apply make it',
    fullDescription:
      'Members are serial numbers of devices or names of users; at most 10000 of each in one plan.',
  },
  parameters: {
    flags: {
      add: memberFlag('Add this member; may be repeated'),
      remove: memberFlag('Remove this member; may be repeated'),
      addFrom: optionalText('Add those of this file, one on each line; - for standard input', 'FILE'),
      removeFrom: optionalText('Remove those of this file', 'FILE'),
      apply: { kind: 'boolean', brief: 'Ask, then change the group', default: false, withNegated: false },
      yes: { ...yesFlag, brief: 'With --apply, without asking' },
      strict: strictFlag,
      json: jsonFlag,
    },
    aliases: { y: 'yes' },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'The group, by name or id', parse: String, placeholder: 'GROUP' }],
    },
  },
  async func({ apply: applies, yes, strict, json, ...flags }, group) {
    const { world } = this
    if (yes && !applies) throw usageFailure('usage.yes', '--yes answers the question of --apply: add --apply')
    if (applies) requireYesToApply(world, yes)
    const change = await changeIn(world, flags)
    const client = await connect(world)
    const { id, name } = await findGroup(client, group)
    const plan = unwrap(await client.POST('/api/v1/plans', { body: { group: { id, ...change } } }))
    if (!applies) {
      report(world, json, plan, () => describePlan(plan, world.stdout))
      if (strict) refuseLeftOut(plan)
      return
    }
    if (!json) remark(world, describePlan(plan, world.stderr))
    if (strict) refuseLeftOut(plan)
    await agreeToPlan(world, yes)
    const { saved } = await apply({ client, world }, plan)
    const { members: count } = await groupWith(client, id)
    report(world, json, saved, () => `${name}: saved, ${count} members now.`)
  },
})

interface MemberChange {
  readonly add: string[]
  readonly remove: string[]
}

/** Throws `usage.members` when nobody is named. */
async function changeIn(
  world: World,
  flags: Pick<Flags, 'add' | 'remove' | 'addFrom' | 'removeFrom'>,
): Promise<MemberChange> {
  const inFile = async (path: string | undefined) => (path === undefined ? [] : await linesOf(world, path))
  const add = [...(flags.add ?? []), ...(await inFile(flags.addFrom))]
  const remove = [...(flags.remove ?? []), ...(await inFile(flags.removeFrom))]
  if (add.length + remove.length > 0) return { add, remove }
  throw usageFailure(
    'usage.members',
    'Name members with --add, --remove, --add-from FILE or --remove-from FILE',
  )
}

async function groupWith(client: ApiClient, id: number): Promise<Answer<'getGroup'>> {
  return unwrap(await client.GET('/api/v1/groups/{id}', { params: { path: { id } } }))
}
