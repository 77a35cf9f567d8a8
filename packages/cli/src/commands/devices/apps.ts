/** `apportion devices apps`: how the apps stand on a device under management (D4). */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { findDevice } from '../../lookup/device.ts'
import { type DeviceInstall, stateCell } from '../../output/install.ts'
import { fromNow } from '../../output/moment.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import { type Column, table } from '../../output/table.ts'
import type { CommandLine } from '../../world.ts'

export const apps = buildCommand<JsonFlag, [string], CommandLine>({
  docs: { brief: 'How the apps stand on a device under management, and what comes next' },
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
    const { id } = await findDevice(client, wanted)
    const found = unwrap(await client.GET('/api/v1/devices/{id}/installs', { params: { path: { id } } }))
    report(world, json, found, () =>
      found.items.length === 0
        ? 'Nothing is under way: nothing is meant for it, or it is not under management.'
        : table(found.items, columns(world.now()), world.stdout),
    )
  },
})

const columns = (now: Date): readonly Column<DeviceInstall>[] => [
  { title: 'APP', of: ({ assetName }) => assetName, flexible: true },
  { title: 'TOKEN', of: ({ tokenName }) => tokenName, flexible: true },
  { title: 'STATE', of: ({ state }) => stateCell(state) },
  { title: 'SINCE', of: ({ since }) => fromNow(since, now) },
  { title: 'NEXT', of: ({ nextAt }) => (nextAt === null ? null : fromNow(nextAt, now)) },
  {
    title: 'WHAT IS KNOWN',
    of: ({ cause }) => cause?.text ?? 'No license is free for it yet.',
    flexible: true,
  },
]
