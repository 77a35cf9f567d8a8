/** `apportion assignments show`: one assignment with everything that it says. */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { describeAssignment } from '../../output/assignment.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import { parseCount } from '../../pages.ts'
import type { CommandLine } from '../../world.ts'

/** The assignment, by the id that the list shows. */
export const assignmentId = {
  kind: 'tuple',
  parameters: [{ brief: 'Id, as the list shows it', parse: parseCount, placeholder: 'ID' }],
} as const

export const show = buildCommand<JsonFlag, [number], CommandLine>({
  docs: { brief: 'One assignment with everything that it says' },
  parameters: { flags: { json: jsonFlag }, positional: assignmentId },
  async func({ json }, id) {
    const { world } = this
    const client = await connect(world)
    const assignment = unwrap(await client.GET('/api/v1/assignments/{id}', { params: { path: { id } } }))
    report(world, json, assignment, () => describeAssignment(assignment, world))
  },
})
