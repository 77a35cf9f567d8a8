/** `apportion audit verify`: whether the audit log was changed behind the server (M4). */
import { type Answer, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { CommandFailure } from '../../failure.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import type { CommandLine } from '../../world.ts'

export const verify = buildCommand<JsonFlag, [], CommandLine>({
  docs: {
    brief: 'Check that the audit log was not changed behind the server',
    fullDescription:
      'Reads the whole log. Keep the head elsewhere to notice entries that were cut off at the end.',
  },
  parameters: { flags: { json: jsonFlag } },
  async func({ json }) {
    const { world } = this
    const client = await connect(world)
    const found = unwrap(await client.GET('/api/v1/audit/chain'))
    report(world, json, found, () => describe(found))
    if (found.brokenAt !== null)
      throw new CommandFailure('audit.broken', `Entry ${found.brokenAt} does not follow from the one before.`)
  },
})

function describe({ entries, brokenAt, head }: Answer<'checkAuditChain'>): string {
  return brokenAt === null
    ? `All ${entries} entries follow from each other; head ${head}`
    : `${entries} entries follow from each other; head ${head}`
}
