/** `apportion token renew`: replaces the file of a content token; assignments and licenses stay (T5). */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { findToken } from '../../lookup/token.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import { readTokenFile } from '../../token-file.ts'
import type { CommandLine } from '../../world.ts'
import { describeToken } from './show.ts'

export const renew = buildCommand<JsonFlag, [string, string], CommandLine>({
  docs: { brief: 'Replace the file of a content token by a newer one for the same location' },
  parameters: {
    flags: { json: jsonFlag },
    positional: {
      kind: 'tuple',
      parameters: [
        { brief: 'Id or name of the content token', parse: String, placeholder: 'TOKEN' },
        { brief: 'The new .vpptoken file; - for standard input', parse: String, placeholder: 'FILE' },
      ],
    },
  },
  async func({ json }, wanted, path) {
    const { world } = this
    const content = await readTokenFile(world, path)
    const client = await connect(world)
    const { id } = await findToken(client, wanted)
    const token = unwrap(
      await client.PUT('/api/v1/tokens/{id}/content', { params: { path: { id } }, body: { content } }),
    )
    report(world, json, token, () => describeToken(token, world))
  },
})
