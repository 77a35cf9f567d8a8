/** `apportion licenses give-again`: ends withholding what was taken back although it is required (L6). */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { optionalText } from '../../fact-flags.ts'
import { usageFailure } from '../../failure.ts'
import { findAsset } from '../../lookup/asset.ts'
import { findToken } from '../../lookup/token.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import type { CommandLine } from '../../world.ts'

interface Flags extends JsonFlag {
  readonly record: string | undefined
  readonly device: string | undefined
  readonly app: string | undefined
  readonly token: string | undefined
}

export const giveAgain = buildCommand<Flags, [], CommandLine>({
  docs: {
    brief: 'Give again what was taken back although it is required',
    fullDescription:
      'Of all that is withheld, what fits everything that is named. Each has its old place in the queue.',
  },
  parameters: {
    flags: {
      record: optionalText('All that this record withholds', 'ID'),
      device: optionalText('On this device', 'SERIAL'),
      app: optionalText('Of this app: id, adamId or name', 'APP'),
      token: optionalText('Of this content token', 'TOKEN'),
      json: jsonFlag,
    },
  },
  async func({ record, device, app, token, json }) {
    const { world } = this
    if ([record, device, app, token].every((part) => part === undefined)) {
      throw usageFailure('usage.scope', 'Say what: --record, --device, --app or --token')
    }
    const client = await connect(world)
    const tokenId = token === undefined ? undefined : (await findToken(client, token)).id
    const body = {
      ...(record === undefined ? {} : { interventionId: record }),
      ...(device === undefined ? {} : { serialNumber: device }),
      ...(app === undefined ? {} : { assetId: (await findAsset(client, { app, tokenId })).id }),
      ...(tokenId === undefined ? {} : { tokenId }),
    }
    const answer = unwrap(await client.POST('/api/v1/give-again', { body }))
    report(world, json, answer, () =>
      answer.given === 0
        ? 'Nothing of this is withheld.'
        : `${answer.given} withheld no longer; licenses follow as far as there are any.`,
    )
  },
})
