/** `apportion token renew`: replaces the file of a content token; assignments and licenses stay (T5). */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { findToken } from '../../lookup/token.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import { readTokenFile } from '../../token-file.ts'
import type { CommandLine } from '../../world.ts'
import { describeToken } from './show.ts'

interface Flags extends JsonFlag {
  readonly acceptEarlier: boolean
}

export const renew = buildCommand<Flags, [string, string], CommandLine>({
  docs: { brief: 'Replace the file of a content token by a newer one for the same location' },
  parameters: {
    flags: {
      acceptEarlier: {
        kind: 'boolean',
        brief: 'Also when it expires before the present one',
        default: false,
        withNegated: false,
      },
      json: jsonFlag,
    },
    positional: {
      kind: 'tuple',
      parameters: [
        { brief: 'Id or name of the content token', parse: String, placeholder: 'TOKEN' },
        { brief: 'The new .vpptoken file; - for standard input', parse: String, placeholder: 'FILE' },
      ],
    },
  },
  async func({ json, acceptEarlier }, wanted, path) {
    const { world } = this
    const content = await readTokenFile(world, path)
    const client = await connect(world)
    const { id } = await findToken(client, wanted)
    const body = { content, acceptEarlier }
    const token = unwrap(await client.PUT('/api/v1/tokens/{id}/content', { params: { path: { id } }, body }))
    report(world, json, token, () => describeToken(token, world))
  },
})
