/** `apportion devices show`: one device with its groups and the licenses it holds or waits for, and why. */
import { type Answer, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { findDevice } from '../../lookup/device.ts'
import { fromNow } from '../../output/moment.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import { facts, table } from '../../output/table.ts'
import type { CommandLine, World } from '../../world.ts'

type Device = Answer<'getDevice'>

export const show = buildCommand<JsonFlag, [string], CommandLine>({
  docs: { brief: 'One device with its groups and licenses' },
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
    const device = unwrap(await client.GET('/api/v1/devices/{id}', { params: { path: { id } } }))
    report(
      world,
      json,
      device,
      () => `${describeDevice(device, world)}\n\n${describeLicenses(device, world)}`,
    )
  },
})

function describeDevice(device: Device, { stdout, now }: World): string {
  return facts(
    [
      ['Serial number', device.serialNumber],
      ['Name', device.name],
      ['Model', device.model],
      ['Platform', [device.platform, device.osVersion].filter(Boolean).join(' ') || null],
      ['Ownership', device.ownership],
      ['Supervised', device.supervised ? 'yes' : 'no'],
      ['Kiosk', device.kiosk ? 'yes' : 'no'],
      ['Enrollment', device.enrollmentType],
      ['Country', device.country],
      ['Site', device.site],
      ['Tags', device.tags.join(', ') || null],
      ['Last seen', device.lastSeenAt === null ? null : fromNow(device.lastSeenAt, now())],
      ['User', device.user?.name ?? device.user?.userName ?? null],
      ['Groups', device.groups.map(({ name }) => name).join(', ') || null],
    ],
    stdout.paint,
  )
}

function describeLicenses({ licenses }: Device, { stdout, now }: World): string {
  if (licenses.length === 0) return 'Holds no license and waits for none.'
  return table(
    licenses,
    [
      { title: 'APP', of: ({ name }) => name, flexible: true },
      { title: 'TOKEN', of: ({ tokenName }) => tokenName, flexible: true },
      { title: 'STATE', of: ({ state, ours }) => (state === 'held' && !ours ? 'held outside' : state) },
      { title: 'SINCE', of: ({ since }) => fromNow(since, now()) },
      { title: 'WHY', of: ({ why }) => why, flexible: true },
    ],
    stdout,
  )
}
