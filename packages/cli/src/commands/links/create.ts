/** `apportion links create`: makes an address at which devices get their profile (D1). */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { optionalText } from '../../fact-flags.ts'
import { localMoment } from '../../output/moment.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../../output/report.ts'
import { wholeNumber } from '../../values.ts'
import type { CommandLine } from '../../world.ts'

interface Flags extends JsonFlag {
  readonly ownership: 'corporate' | 'personal'
  readonly user: string | undefined
  readonly device: string | undefined
  readonly uses: number
  readonly days: number
}

const dayMs = 86_400_000

export const create = buildCommand<Flags, [], CommandLine>({
  docs: {
    brief: 'Make an enrollment link, and show its address once',
    fullDescription:
      'Whoever has the address can bring a device under management with it. It goes to standard output alone, for a script.',
  },
  parameters: {
    flags: {
      ownership: {
        kind: 'enum',
        values: ['corporate', 'personal'],
        default: 'corporate',
        brief:
          'Whose the device is: a personal one counts as asking its person first, and rules of groups can go by it',
      },
      user: optionalText('User name of the person who gets the devices', 'USER'),
      device: optionalText('For the device with this serial number alone', 'SERIAL'),
      uses: {
        kind: 'parsed',
        parse: (text: string) => wholeNumber(text, 1, 10_000),
        default: '1',
        brief: 'Devices that may enroll with it',
        placeholder: 'COUNT',
      },
      days: {
        kind: 'parsed',
        parse: (text: string) => wholeNumber(text, 1, 365),
        default: '7',
        brief: 'How long it is good',
        placeholder: 'DAYS',
      },
      json: jsonFlag,
    },
  },
  async func({ ownership, user, device, uses, days, json }) {
    const { world } = this
    const client = await connect(world)
    const expiresAt = new Date(world.now().getTime() + days * dayMs).toISOString()
    const body = { ownership, userName: user ?? null, serialNumber: device ?? null, uses, expiresAt }
    const made = unwrap(await client.POST('/api/v1/enrollment-links', { body }))
    report(world, json, made, () => made.address)
    if (!json) {
      const until = localMoment(made.link.expiresAt, world.timeZone)
      remark(
        world,
        `Good until ${until}, for ${uses} ${uses === 1 ? 'device' : 'devices'}. It is not shown again.`,
      )
    }
  },
})
