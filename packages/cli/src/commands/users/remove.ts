/** `apportion users remove`: takes a person out of the directory. */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { agree, requireYes, yesFlag } from '../../consent.ts'
import { findUser } from '../../lookup/user.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import type { CommandLine } from '../../world.ts'

interface Flags extends JsonFlag {
  readonly yes: boolean
}

export const remove = buildCommand<Flags, [string], CommandLine>({
  docs: {
    brief: 'Remove a user from the directory',
    fullDescription:
      'Devices of the person stay and belong to nobody; licenses that the person holds follow the assignments.',
  },
  parameters: {
    flags: {
      yes: yesFlag,
      json: jsonFlag,
    },
    aliases: { y: 'yes' },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'User name or name', parse: String, placeholder: 'USER' }],
    },
  },
  async func({ yes, json }, wanted) {
    const { world } = this
    requireYes(world, yes, 'remove the user')
    const client = await connect(world)
    const user = await findUser(client, wanted)
    await agree(world, yes, {
      question: `Remove ${user.userName}?`,
      declined: 'user.declined',
      outcome: 'Nobody was removed.',
    })
    unwrap(await client.DELETE('/api/v1/users/{id}', { params: { path: { id: user.id } } }))
    report(world, json, user, () => `Removed ${user.userName}.`)
  },
})
