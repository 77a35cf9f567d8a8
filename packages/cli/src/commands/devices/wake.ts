/** `apportion devices wake`: has a device under management woken now, so that it asks for what waits for it (D1). */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { findDevice } from '../../lookup/device.ts'
import { fromNow } from '../../output/moment.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import type { CommandLine } from '../../world.ts'

export const wake = buildCommand<JsonFlag, [string], CommandLine>({
  docs: { brief: 'Wake a device under management now' },
  parameters: {
    flags: { json: jsonFlag },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'Serial number, or the start of one', parse: String, placeholder: 'SERIAL' }],
    },
  },
  async func({ json }, wanted) {
    const { world } = this
    const client = await connect(world)
    const { id, serialNumber } = await findDevice(client, wanted)
    const enrollment = unwrap(
      await client.GET('/api/v1/devices/{id}/enrollment', { params: { path: { id } } }),
    )
    const path = { id: enrollment.id }
    const woken = unwrap(await client.POST('/api/v1/enrollments/{id}/wake', { params: { path } }))
    const { waiting, lastSeenAt } = woken
    const what = waiting === 1 ? '1 command waits' : `${waiting === 0 ? 'no' : waiting} commands wait`
    report(
      world,
      json,
      woken,
      () =>
        `${serialNumber} is being woken; ${what} for it. Last heard of ${fromNow(lastSeenAt, world.now())}.`,
    )
  },
})
