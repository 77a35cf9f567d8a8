/** `apportion licenses undo`: gives what a record took back to the same holders again, within 30 days (L11). */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { type CarryOutFlags, carryOut, carryOutFlags, refuseUnasked } from '../../carrying-out.ts'
import { connect } from '../../connection.ts'
import type { CommandLine } from '../../world.ts'

export const undo = buildCommand<CarryOutFlags, [string], CommandLine>({
  docs: {
    brief: 'Undo taking back or freeing, within 30 days: show what it does, ask, do it',
    fullDescription: [
      'The licenses go to the same holders again, as far as any are free, and are ours from then on. What no assignment',
      'requires stays with its holder for 30 days.',
    ].join('\n'),
  },
  parameters: {
    flags: carryOutFlags,
    aliases: { y: 'yes' },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'Id of the record', parse: String, placeholder: 'ID' }],
    },
  },
  async func(flags, id) {
    const { world } = this
    refuseUnasked(world, flags)
    const client = await connect(world)
    const params = { path: { id } }
    const preview = unwrap(await client.POST('/api/v1/interventions/{id}/undo', { params }))
    await carryOut({ client, world }, preview, flags)
  },
})
