/** `apportion links revoke` (D1). */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { agree, requireYes, yesFlag } from '../../consent.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import type { CommandLine } from '../../world.ts'

interface Flags extends JsonFlag {
  readonly yes: boolean
}

export const revoke = buildCommand<Flags, [string], CommandLine>({
  docs: {
    brief: 'Revoke an enrollment link',
    fullDescription:
      'Devices that enrolled with it stay; profiles that it gave and that nobody used get nothing.',
  },
  parameters: {
    flags: { yes: yesFlag, json: jsonFlag },
    aliases: { y: 'yes' },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'The link, as the list names it', parse: String, placeholder: 'LINK' }],
    },
  },
  async func({ yes, json }, id) {
    const { world } = this
    requireYes(world, yes, 'revoke the link')
    const client = await connect(world)
    await agree(world, yes, {
      question: `Revoke the link ${id}?`,
      declined: 'link.declined',
      outcome: 'Nothing was revoked.',
    })
    unwrap(await client.DELETE('/api/v1/enrollment-links/{id}', { params: { path: { id } } }))
    report(world, json, { id }, () => `Revoked ${id}.`)
  },
})
