/** `apportion ask`: asks for an app that is available, for a device or a person; only then it takes a license (A2). */
import { type Answer, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../connection.ts'
import { optionalText } from '../fact-flags.ts'
import { usageFailure } from '../failure.ts'
import { findAsset } from '../lookup/asset.ts'
import { findDevice } from '../lookup/device.ts'
import { findToken } from '../lookup/token.ts'
import { findUser } from '../lookup/user.ts'
import { printable } from '../output/printable.ts'
import { type JsonFlag, jsonFlag, report } from '../output/report.ts'
import type { CommandLine } from '../world.ts'

interface Flags extends JsonFlag {
  readonly device: string | undefined
  readonly user: string | undefined
  readonly token: string | undefined
  readonly takeBack: boolean
}

export const ask = buildCommand<Flags, [string], CommandLine>({
  docs: {
    brief: 'Ask for an app that is available, for a device or a person',
    fullDescription: 'Only what is asked for takes a license. Asking twice takes no second one.',
  },
  parameters: {
    flags: {
      device: optionalText('For this device', 'SERIAL'),
      user: optionalText('For this person, by user name or name: books, and user licenses', 'USER'),
      token: optionalText('The content token, when several own it', 'TOKEN'),
      takeBack: {
        kind: 'boolean',
        brief: 'It is not asked for any more',
        default: false,
        withNegated: false,
      },
      json: jsonFlag,
    },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'The app: id, adamId or name', parse: String, placeholder: 'APP' }],
    },
  },
  async func({ device, user, token, takeBack, json }, app) {
    const { world } = this
    if ((device === undefined) === (user === undefined)) {
      throw usageFailure('usage.ask', 'Say for whom: --device SERIAL or --user USER, one of them')
    }
    const client = await connect(world)
    const tokenId = token === undefined ? undefined : (await findToken(client, token)).id
    const { id, title } = await findAsset(client, { app, tokenId })
    const holder =
      device === undefined
        ? { userName: (await findUser(client, user ?? '')).userName }
        : { serialNumber: (await findDevice(client, device)).serialNumber }
    const body = { ...holder, do: takeBack ? 'take_back' : 'ask' } as const
    const answer = unwrap(await client.POST('/api/v1/assets/{id}/asks', { params: { path: { id } }, body }))
    const name = 'userName' in holder ? holder.userName : holder.serialNumber
    report(world, json, answer, () => `${printable(title.name)} for ${printable(name)}: ${stands(answer)}.`)
  },
})

/** How it stands with the license. */
function stands({ state, place }: Answer<'askFor'>): string {
  if (state === 'waiting')
    return place === null ? 'waits for a license' : `waits for a license, number ${place} of the queue`
  return stateWords[state]
}

const stateWords: Readonly<Record<Exclude<Answer<'askFor'>['state'], 'waiting'>, string>> = {
  held: 'holds a license',
  granting: 'the license is on its way',
  releasing: 'the license is on its way back',
  none: 'no license is asked for',
}
