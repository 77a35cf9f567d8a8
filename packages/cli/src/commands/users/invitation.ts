/** `apportion users invitation`: the address at which a person joins (U1). */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { findToken } from '../../lookup/token.ts'
import { findUser } from '../../lookup/user.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import type { CommandLine } from '../../world.ts'

export const invitation = buildCommand<JsonFlag, [string, string], CommandLine>({
  docs: {
    brief: 'The address at which a person joins',
    fullDescription:
      'Whoever has the address can join in the person’s place, so give it to nobody else. That you asked is recorded.',
  },
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
    const { id } = await findUser(client, wanted)
    const { id: tokenId } = await findToken(client, token)
    const path = { id, tokenId }
    const shown = unwrap(
      await client.POST('/api/v1/users/{id}/joins/{tokenId}/invitation', { params: { path } }),
    )
    report(world, json, shown, () => shown.url)
  },
})
