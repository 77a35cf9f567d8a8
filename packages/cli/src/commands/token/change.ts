/** `apportion token change`: what an administrator said about a content token, its store included (T1, T7, S1). */
import { type ApiClient, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { agree, requireYes, yesFlag } from '../../consent.ts'
import { usageFailure } from '../../failure.ts'
import { findToken } from '../../lookup/token.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../../output/report.ts'
import { parseCount } from '../../pages.ts'
import type { CommandLine, World } from '../../world.ts'
import { describeToken } from './show.ts'

interface Flags extends JsonFlag {
  readonly name: string | undefined
  readonly account: string | undefined
  readonly automaticUpdates: 'on' | 'off' | undefined
  readonly syncEvery: number | undefined
  readonly country: string | undefined
  readonly accountType: 'business' | 'education' | undefined
  readonly yes: boolean
}

export const change = buildCommand<Flags, [string], CommandLine>({
  docs: { brief: 'Change the name, the account, the store, automatic updates or the sync interval' },
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
      country: {
        kind: 'parsed',
        parse: (text: string) => text.toUpperCase(),
        optional: true,
        brief: 'Country of the store, as NL; names, icons and links follow',
        placeholder: 'CC',
      },
      accountType: {
        kind: 'enum',
        values: ['business', 'education'],
        optional: true,
        brief: 'Kind of account',
      },
      yes: yesFlag,
      json: jsonFlag,
    },
    aliases: { y: 'yes' },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'Id or name of the content token', parse: String, placeholder: 'TOKEN' }],
    },
  },
  async func({ json, yes, name, account, automaticUpdates, syncEvery, country, accountType }, wanted) {
    const { world } = this
    const body = {
      ...(name === undefined ? {} : { name }),
      ...(account === undefined ? {} : { account: account === '' ? null : account }),
      ...(automaticUpdates === undefined ? {} : { automaticUpdates: automaticUpdates === 'on' }),
      ...(syncEvery === undefined ? {} : { syncEveryMinutes: syncEvery }),
      ...(country === undefined ? {} : { country }),
      ...(accountType === undefined ? {} : { accountType }),
    }
    if (Object.keys(body).length === 0) {
      throw usageFailure(
        'usage.no_change',
        'Nothing was asked for. Give --name, --account, --automatic-updates, --sync-every, --country or --account-type',
      )
    }
    const client = await connect(world)
    const { id } = await findToken(client, wanted)
    if (country !== undefined) await agreeToCountry(client, { world, id, country, yes })
    const token = unwrap(await client.PATCH('/api/v1/tokens/{id}', { params: { path: { id } }, body }))
    report(world, json, token, () => describeToken(token, world))
  },
})

/** Says what another country changes, and asks. */
async function agreeToCountry(
  client: ApiClient,
  change: { readonly world: World; readonly id: number; readonly country: string; readonly yes: boolean },
): Promise<void> {
  const { world, id, country, yes } = change
  const params = { path: { id }, query: { country } }
  const { warnings, missing, titles, renamed } = unwrap(
    await client.GET('/api/v1/tokens/{id}/country-change', { params }),
  )
  if (warnings.length === 0) return
  const known = missing === 0 ? [] : [`${missing} of ${titles} titles are known not to be sold there.`]
  const names = renamed.map(({ from, to }) => `  ${from} becomes ${to}`)
  remark(world, [...warnings, ...known, ...names].join('\n'))
  requireYes(world, yes, 'change the country')
  await agree(world, yes, {
    question: `Change the store to ${country}?`,
    declined: 'token.declined',
    outcome: 'Nothing was changed.',
  })
}
