/** `apportion devices put`: adds a device, or changes what is said of the one with this serial number (D2). */
import { type Body, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { optionalText, yesOrNo } from '../../fact-flags.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import type { CommandLine } from '../../world.ts'

type Facts = Body<'putDevice'>

interface Flags extends JsonFlag {
  readonly name: string | undefined
  readonly model: string | undefined
  readonly platform: NonNullable<Facts['platform']> | undefined
  readonly osVersion: string | undefined
  readonly ownership: 'corporate' | 'personal' | undefined
  readonly supervised: 'yes' | 'no' | undefined
  readonly kiosk: 'yes' | 'no' | undefined
  readonly enrollment: 'device' | 'user' | 'shared' | undefined
  readonly country: string | undefined
  readonly site: string | undefined
  readonly tags: string | undefined
  readonly user: string | undefined
}

export const put = buildCommand<Flags, [string], CommandLine>({
  docs: {
    brief: 'Add a device, or change the one with this serial number',
    fullDescription: 'What is not given stays as it is. An empty text clears a fact: --site ""',
  },
  parameters: {
    flags: {
      name: optionalText('What people call it', 'NAME'),
      model: optionalText('For example iPad14,8', 'MODEL'),
      platform: {
        kind: 'enum',
        values: ['iOS', 'iPadOS', 'macOS', 'tvOS', 'visionOS', 'watchOS'],
        optional: true,
        brief: 'Operating system',
      },
      osVersion: optionalText('For example 26.2', 'VERSION'),
      ownership: { kind: 'enum', values: ['corporate', 'personal'], optional: true, brief: 'Whose it is' },
      supervised: yesOrNo('Whether it is supervised'),
      kiosk: yesOrNo('Whether it is used without a person'),
      enrollment: {
        kind: 'enum',
        values: ['device', 'user', 'shared'],
        optional: true,
        brief: 'How it is enrolled: as a device, by its user, or as a Shared iPad',
      },
      country: optionalText('Two letters, as NL', 'CC'),
      site: optionalText('Where it is', 'SITE'),
      tags: optionalText('All its tags, separated by |', 'TAGS'),
      user: optionalText('User name of the person who has it', 'USER'),
      json: jsonFlag,
    },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'Serial number', parse: String, placeholder: 'SERIAL' }],
    },
  },
  async func({ json, ...flags }, serialNumber) {
    const { world } = this
    const client = await connect(world)
    const { response, ...answer } = await client.POST('/api/v1/devices', {
      body: factsIn(flags, serialNumber),
    })
    const device = unwrap({ response, ...answer })
    const added = response.status === 201
    report(world, json, device, () => `${added ? 'Added' : 'Changed'} ${device.serialNumber} (${device.id}).`)
  },
})

function factsIn(flags: Omit<Flags, 'json'>, serialNumber: string): Facts {
  const { name, model, platform, osVersion, ownership, supervised, kiosk, enrollment, tags, user } = flags
  return {
    serialNumber,
    ...(name === undefined ? {} : { name }),
    ...(model === undefined ? {} : { model: model || null }),
    ...(platform === undefined ? {} : { platform }),
    ...(osVersion === undefined ? {} : { osVersion: osVersion || null }),
    ...(ownership === undefined ? {} : { ownership }),
    ...(supervised === undefined ? {} : { supervised: supervised === 'yes' }),
    ...(kiosk === undefined ? {} : { kiosk: kiosk === 'yes' }),
    ...(enrollment === undefined ? {} : { enrollmentType: enrollment }),
    ...(flags.country === undefined ? {} : { country: flags.country || null }),
    ...(flags.site === undefined ? {} : { site: flags.site || null }),
    ...(tags === undefined ? {} : { tags: tags.split('|').filter((tag) => tag.trim() !== '') }),
    ...(user === undefined ? {} : { userName: user || null }),
  }
}
