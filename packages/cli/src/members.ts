/** Changing who is in a group (A1): `groups add` and `groups remove` differ in the direction alone. */
import { type Answer, type ApiClient, unwrap } from '@apportion/api-client/client'
import { buildCommand, type Command } from '@stricli/core'
import { connect } from './connection.ts'
import { usageFailure } from './failure.ts'
import { findGroup } from './lookup/group.ts'
import { type JsonFlag, jsonFlag, report } from './output/report.ts'
import type { CommandLine, World } from './world.ts'

type Direction = 'add' | 'remove'
type Changed = Answer<'changeMembers'>

interface Flags extends JsonFlag {
  readonly from: string | undefined
  readonly group: readonly string[] | undefined
}

/** The API takes this many members in one call; each call is all or nothing. */
const mostPerCall = 10_000

/** `apportion groups add|remove GROUP [MEMBER…] [--from FILE]`. */
export function membersCommand(direction: Direction): Command<CommandLine> {
  return buildCommand<Flags, [string, ...string[]], CommandLine>({
    docs: {
      brief: direction === 'add' ? 'Add members to a group' : 'Remove members from a group',
      fullDescription:
        'The first argument is the group; the others are serial numbers of devices or names of users. --group names a group that is a member as a whole.',
    },
    parameters: {
      flags: {
        from: {
          kind: 'parsed',
          parse: String,
          optional: true,
          brief: 'File with a member on each line; - for standard input',
          placeholder: 'FILE',
        },
        group: {
          kind: 'parsed',
          parse: String,
          optional: true,
          variadic: true,
          brief: 'A group of the same kind, as a member; may be given several times',
          placeholder: 'GROUP',
        },
        json: jsonFlag,
      },
      positional: {
        kind: 'array',
        parameter: { brief: 'The group, then its members', parse: String, placeholder: 'GROUP MEMBER' },
        minimum: 1,
      },
    },
    async func({ from, group: groups = [], json }, group, ...named) {
      const { world } = this
      const members = [...named, ...(from === undefined ? [] : await linesOf(world, from))]
      if (members.length + groups.length === 0) {
        throw usageFailure(
          'usage.members',
          `Name the members to ${direction}, or give --from FILE or --group GROUP`,
        )
      }
      const client = await connect(world)
      const { id, name } = await findGroup(client, group)
      const groupIds: number[] = []
      for (const wanted of groups) groupIds.push((await findGroup(client, wanted)).id)
      const changed = await change(client, { id, direction, members, groupIds })
      report(world, json, changed, () => `${name}: ${outcomeOf(changed)}`)
    },
  })
}

function outcomeOf(changed: Changed): string {
  const groups = changed.groupsAdded + changed.groupsRemoved
  const ofGroups =
    groups === 0 ? '' : `${changed.groupsAdded} groups added, ${changed.groupsRemoved} removed, `
  return `${changed.added} added, ${changed.removed} removed, ${ofGroups}${changed.members} members now.`
}

interface Change {
  readonly id: number
  readonly direction: Direction
  readonly members: readonly string[]
  readonly groupIds: readonly number[]
}

async function change(client: ApiClient, { id, direction, members, groupIds }: Change): Promise<Changed> {
  let total: Changed = { added: 0, removed: 0, groupsAdded: 0, groupsRemoved: 0, members: 0 }
  for (let start = 0; start === 0 || start < members.length; start += mostPerCall) {
    const some = members.slice(start, start + mostPerCall)
    const groups = start === 0 ? [...groupIds] : []
    const body =
      direction === 'add' ? { add: some, addGroups: groups } : { remove: some, removeGroups: groups }
    const result = unwrap(
      await client.POST('/api/v1/groups/{id}/members', { params: { path: { id } }, body }),
    )
    total = {
      added: total.added + result.added,
      removed: total.removed + result.removed,
      groupsAdded: total.groupsAdded + result.groupsAdded,
      groupsRemoved: total.groupsRemoved + result.groupsRemoved,
      members: result.members,
    }
  }
  return total
}

/** The lines of a file that are not empty; `-` is standard input. */
export async function linesOf({ readFile }: World, path: string): Promise<readonly string[]> {
  const text = new TextDecoder().decode(await readFile(path))
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
