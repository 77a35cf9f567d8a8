/** `apportion push request`: the signing request for a push certificate (D1). */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../../output/report.ts'
import type { CommandLine } from '../../world.ts'

interface Flags extends JsonFlag {
  readonly replace: boolean
}

export const request = buildCommand<Flags, [], CommandLine>({
  docs: {
    brief: 'Print the signing request for a push certificate; makes one where none is open',
    fullDescription: 'Its key stays on the server. Save the request with: apportion push request > push.csr',
  },
  parameters: {
    flags: {
      replace: {
        kind: 'boolean',
        brief: 'Make a new one in place of one that is open; a certificate for that is then of no use',
        default: false,
        withNegated: false,
      },
      json: jsonFlag,
    },
  },
  async func({ replace, json }) {
    const { world } = this
    const client = await connect(world)
    const open = replace ? undefined : await client.GET('/api/v1/push-signing-request')
    const isMissing = open === undefined || open.response.status === 404
    const made = isMissing
      ? unwrap(await client.POST('/api/v1/push-signing-request', { body: { replace } }))
      : unwrap(open)
    report(world, json, made, () => made.request.trimEnd())
    if (!json) remark(world, made.advice)
  },
})
