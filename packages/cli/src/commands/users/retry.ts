/** `apportion users retry`: tries again to register somebody whom Apple refused (U1). */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { findToken } from '../../lookup/token.ts'
import { findUser } from '../../lookup/user.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import type { CommandLine } from '../../world.ts'

export const retry = buildCommand<JsonFlag, [string, string], CommandLine>({
  docs: { brief: 'Try again to register somebody whom Apple refused' },
  parameters: {
    flags: { json: jsonFlag },
    positional: {
      kind: 'tuple',
      parameters: [
        { brief: 'User name or name', parse: String, placeholder: 'USER' },
        { brief: 'Id or name of the content token', parse: String, placeholder: 'TOKEN' },
      ],
    },
  },
  async func({ json }, wanted, token) {
    const { world } = this
    const client = await connect(world)
    const { id, userName } = await findUser(client, wanted)
    const { id: tokenId, name } = await findToken(client, token)
    const path = { id, tokenId }
    unwrap(await client.POST('/api/v1/users/{id}/joins/{tokenId}/retry', { params: { path } }))
    report(world, json, { id, tokenId }, () => `${userName} is registered at "${name}" again, soon.`)
  },
})
