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
}

/** The API takes this many members in one call; each call is all or nothing. */
const mostPerCall = 10_000

/** `apportion groups add|remove GROUP [MEMBER…] [--from FILE]`. */
export function membersCommand(direction: Direction): Command<CommandLine> {
  return buildCommand<Flags, [string, ...string[]], CommandLine>({
    docs: {
      brief: direction === 'add' ? 'Add members to a group' : 'Remove members from a group',
      fullDescription:
        'The first argument is the group; the others are serial numbers of devices or names of users.',
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
        json: jsonFlag,
      },
      positional: {
        kind: 'array',
        parameter: { brief: 'The group, then its members', parse: String, placeholder: 'GROUP MEMBER' },
        minimum: 1,
      },
    },
    async func({ from, json }, group, ...named) {
      const { world } = this
      const members = [...named, ...(from === undefined ? [] : await linesOf(world, from))]
      if (members.length === 0)
        throw usageFailure('usage.members', `Name the members to ${direction}, or give --from FILE`)
      const client = await connect(world)
      const { id, name } = await findGroup(client, group)
      const changed = await change(client, { id, direction, members })
      report(
        world,
        json,
        changed,
        () => `${name}: ${changed.added} added, ${changed.removed} removed, ${changed.members} members now.`,
      )
    },
  })
}

interface Change {
  readonly id: number
  readonly direction: Direction
  readonly members: readonly string[]
}

async function change(client: ApiClient, { id, direction, members }: Change): Promise<Changed> {
  let total: Changed = { added: 0, removed: 0, members: 0 }
  for (let start = 0; start < members.length; start += mostPerCall) {
    const some = members.slice(start, start + mostPerCall)
    const body = direction === 'add' ? { add: some } : { remove: some }
    const result = unwrap(
      await client.POST('/api/v1/groups/{id}/members', { params: { path: { id } }, body }),
    )
    total = {
      added: total.added + result.added,
      removed: total.removed + result.removed,
      members: result.members,
    }
  }
  return total
}

async function linesOf({ readFile }: World, path: string): Promise<readonly string[]> {
  const text = new TextDecoder().decode(await readFile(path))
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
}
