/** `apportion token take-over`: takes a location over (again) that another service manages or has let go (T4). */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { agree, requireYes, yesFlag } from '../../consent.ts'
import { findToken } from '../../lookup/token.ts'
import { holderName } from '../../output/holder.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import type { CommandLine } from '../../world.ts'
import { describeToken } from './show.ts'

interface Flags extends JsonFlag {
  readonly yes: boolean
}

export const takeOver = buildCommand<Flags, [string], CommandLine>({
  docs: { brief: 'Take a location over that another service manages' },
  parameters: {
    flags: {
      yes: yesFlag,
      json: jsonFlag,
    },
    aliases: { y: 'yes' },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'Id or name of the content token', parse: String, placeholder: 'TOKEN' }],
    },
  },
  async func({ json, yes }, wanted) {
    const { world } = this
    const client = await connect(world)
    const { id, managedBy } = await findToken(client, wanted)
    const holder = managedBy === null ? 'another service' : holderName(managedBy)
    if (managedBy !== null) {
      requireYes(world, yes, `take it over from ${holder}`)
      const question = managedBy.letGo
        ? `${holder} has let this location go. Manage it from here again?`
        : `${holder} manages this location. Take it over? It must no longer be used for it.`
      await agree(world, yes, { question, declined: 'token.declined', outcome: 'Nothing was changed.' })
    }
    const body = { takeOver: true } as const
    const token = unwrap(await client.POST('/api/v1/tokens/{id}/claim', { params: { path: { id } }, body }))
    report(world, json, token, () => describeToken(token, world))
  },
})
