/** `apportion devices remove-from-management`: takes a device out of management, for good (D1). */
import { type Answer, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { agree, requireYes, yesFlag } from '../../consent.ts'
import { exitCode } from '../../exit-codes.ts'
import { CommandFailure, usageFailure } from '../../failure.ts'
import { type Device, findDevice } from '../../lookup/device.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../../output/report.ts'
import type { CommandLine } from '../../world.ts'

interface Flags extends JsonFlag {
  readonly yes: boolean
}

const consequences = [
  'At its next contact the device removes its profile, and the apps whose assignment says that they are removed when',
  'management ends. Other apps stay and are no longer managed. What waits for it is dropped. To be managed again it',
  'has to be enrolled again.',
].join('\n')

export const removeFromManagement = buildCommand<Flags, [string], CommandLine>({
  docs: {
    brief: 'Take a device out of management, with its profile and the apps that go with it',
    fullDescription: `${consequences}\nA device that is enrolled at NanoMDM is removed there.`,
  },
  parameters: {
    flags: { yes: yesFlag, json: jsonFlag },
    aliases: { y: 'yes' },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'Serial number, written out', parse: String, placeholder: 'SERIAL' }],
    },
  },
  async func({ yes, json }, wanted) {
    const { world } = this
    requireYes(world, yes, 'remove the device from management')
    const client = await connect(world)
    const device = await findDevice(client, wanted)
    refuseAnother(device, wanted)
    const enrollment = unwrap(
      await client.GET('/api/v1/devices/{id}/enrollment', { params: { path: { id: device.id } } }),
    )
    refuseElsewhere(enrollment, device)
    if (!yes) remark(world, consequences)
    const called = [device.serialNumber, device.name].filter((part) => part !== '').join(', ')
    await agree(world, yes, {
      question: `Remove ${called} from management?`,
      declined: 'enrollment.declined',
      outcome: 'Nothing was removed.',
    })
    const removed = unwrap(
      await client.POST('/api/v1/enrollments/{id}/remove', {
        params: { path: { id: enrollment.id } },
        body: { confirmName: device.serialNumber },
      }),
    )
    report(
      world,
      json,
      removed,
      () => `${device.serialNumber} was taken out of management. It is told at its next contact.`,
    )
  },
})

/** The start of a serial number can mean another device tomorrow. */
function refuseAnother({ serialNumber }: Device, wanted: string): void {
  if (serialNumber.toLowerCase() === wanted.trim().toLowerCase()) return
  throw usageFailure(
    'device.not_written_out',
    `“${wanted}” is the start of ${serialNumber}. Write the serial number out to remove that device.`,
  )
}

/** Known before anybody is asked. */
function refuseElsewhere({ channel }: Answer<'getDeviceEnrollment'>, { serialNumber }: Device): void {
  if (channel === 'mdm') return
  const advice = `${serialNumber} is enrolled at NanoMDM. Remove it there; it leaves here when NanoMDM tells so.`
  throw new CommandFailure('enrollment.elsewhere', advice, { exits: exitCode.refused })
}
