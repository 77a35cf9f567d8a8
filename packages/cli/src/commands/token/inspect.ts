/** `apportion token inspect`: what a token file says, and what Apple says of its location; stores nothing (T1, T4). */
import { type Answer, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { holderName } from '../../output/holder.ts'
import { fromNow, localMoment } from '../../output/moment.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import { facts } from '../../output/table.ts'
import { readTokenFile } from '../../token-file.ts'
import type { CommandLine, World } from '../../world.ts'

export const inspect = buildCommand<JsonFlag, [string], CommandLine>({
  docs: { brief: 'Read a token file and ask Apple about its location, without storing anything' },
  parameters: {
    flags: { json: jsonFlag },
    positional: {
      kind: 'tuple',
      parameters: [
        { brief: 'The .vpptoken file from Apple; - for standard input', parse: String, placeholder: 'FILE' },
      ],
    },
  },
  async func({ json }, path) {
    const { world } = this
    const content = await readTokenFile(world, path)
    const client = await connect(world)
    const found = unwrap(await client.POST('/api/v1/tokens/inspections', { body: { content } }))
    report(world, json, found, () => describeInspection(found, world))
  },
})

export type Inspection = Answer<'inspectToken'>

/** Names and values of what was found; a holder and a known token last, since they decide. */
export function describeInspection(found: Inspection, { now, timeZone, stdout }: World): string {
  const holder = found.holder === null ? null : holderName(found.holder)
  return facts(
    [
      ['Organization', found.organizationName],
      ['Location', found.locationName],
      ['Country', found.country],
      ['Account type', found.accountType],
      ['Expires', `${localMoment(found.expiresAt, timeZone)} (${fromNow(found.expiresAt, now())})`],
      ['Managed by', holder === null ? 'nobody else' : { text: holder, color: 'yellow' }],
      [
        'Known here',
        found.known === null
          ? 'no'
          : { text: `as ${found.known.name} (${found.known.tokenId})`, color: 'yellow' },
      ],
    ],
    stdout.paint,
  )
}
