/** `apportion devices try-again`: tries again now what was declined or failed on a device (D4). */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { deviceAndApp, findAppOfDevice, tokenOfApp } from '../../lookup/app-of-device.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import type { CommandLine } from '../../world.ts'

interface Flags extends JsonFlag {
  readonly token: string | undefined
}

export const tryAgain = buildCommand<Flags, [string, string], CommandLine>({
  docs: { brief: 'Try again now what was declined or failed on a device' },
  parameters: {
    flags: { token: tokenOfApp, json: jsonFlag },
    positional: { kind: 'tuple', parameters: deviceAndApp },
  },
  async func({ token, json }, serialNumber, app) {
    const { world } = this
    const client = await connect(world)
    const { device, asset } = await findAppOfDevice(client, { serialNumber, app, token })
    const path = { id: device.id, assetId: asset.id }
    const result = unwrap(
      await client.POST('/api/v1/devices/{id}/installs/{assetId}/try-again', { params: { path } }),
    )
    report(
      world,
      json,
      result,
      () =>
        `${asset.title.name} is tried again on ${device.serialNumber}, which is told as soon as it connects.`,
    )
  },
})
