/** `apportion assignments rollout`: stops a staged rollout, or goes on with it (A6). */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { usageFailure } from '../../failure.ts'
import { describeAssignment } from '../../output/assignment.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import type { CommandLine } from '../../world.ts'
import { assignmentId } from './show.ts'

interface Flags extends JsonFlag {
  readonly stop: boolean
  readonly goOn: boolean
}

export const rollout = buildCommand<Flags, [number], CommandLine>({
  docs: {
    brief: 'Stop a staged rollout, or go on with it',
    fullDescription: 'What was given stays. To change its waves: apportion assign --waves',
  },
  parameters: {
    flags: {
      stop: { kind: 'boolean', brief: 'No further wave begins', default: false, withNegated: false },
      goOn: {
        kind: 'boolean',
        brief: 'Go on, with the share that is due by now',
        default: false,
        withNegated: false,
      },
      json: jsonFlag,
    },
    positional: assignmentId,
  },
  async func({ stop, goOn, json }, id) {
    const { world } = this
    if (stop === goOn) throw usageFailure('usage.rollout', 'Say what: --stop or --go-on')
    const client = await connect(world)
    const body = { do: stop ? 'stop' : 'go_on' } as const
    const params = { path: { id } }
    const assignment = unwrap(await client.POST('/api/v1/assignments/{id}/rollout', { params, body }))
    report(world, json, assignment, () => describeAssignment(assignment, world))
  },
})
