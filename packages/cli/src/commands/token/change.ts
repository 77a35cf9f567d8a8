/** `apportion token change`: the name, the account, automatic updates or the sync interval of a content token (T1, S1). */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { usageFailure } from '../../failure.ts'
import { findToken } from '../../lookup/token.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import { parseCount } from '../../pages.ts'
import type { CommandLine } from '../../world.ts'
import { describeToken } from './show.ts'

interface Flags extends JsonFlag {
  readonly name: string | undefined
  readonly account: string | undefined
  readonly automaticUpdates: 'on' | 'off' | undefined
  readonly syncEvery: number | undefined
}

export const change = buildCommand<Flags, [string], CommandLine>({
  docs: { brief: 'Change the name, the account, automatic updates or the sync interval' },
  parameters: {
    flags: {
      name: { kind: 'parsed', parse: String, optional: true, brief: 'New name', placeholder: 'NAME' },
      account: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Managed Apple Account; empty for none',
        placeholder: 'ACCOUNT',
      },
      automaticUpdates: {
        kind: 'enum',
        values: ['on', 'off'],
        optional: true,
        brief: 'Update its apps automatically',
      },
      syncEvery: {
        kind: 'parsed',
        parse: parseCount,
        optional: true,
        brief: 'Minutes between two syncs, 15 to 10080',
        placeholder: 'MINUTES',
      },
      json: jsonFlag,
    },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'Id or name of the content token', parse: String, placeholder: 'TOKEN' }],
    },
  },
  async func({ json, name, account, automaticUpdates, syncEvery }, wanted) {
    const { world } = this
    const body = {
      ...(name === undefined ? {} : { name }),
      ...(account === undefined ? {} : { account: account === '' ? null : account }),
      ...(automaticUpdates === undefined ? {} : { automaticUpdates: automaticUpdates === 'on' }),
      ...(syncEvery === undefined ? {} : { syncEveryMinutes: syncEvery }),
    }
    if (Object.keys(body).length === 0) {
      throw usageFailure(
        'usage.no_change',
        'Nothing was asked for. Give --name, --account, --automatic-updates or --sync-every',
      )
    }
    const client = await connect(world)
    const { id } = await findToken(client, wanted)
    const token = unwrap(await client.PATCH('/api/v1/tokens/{id}', { params: { path: { id } }, body }))
    report(world, json, token, () => describeToken(token, world))
  },
})
