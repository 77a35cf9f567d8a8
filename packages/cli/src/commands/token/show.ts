/** `apportion token show`: one content token, its health, what both ask for, and its last syncs (T3, T8, S1). */
import { type Item, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { findToken, type Token } from '../../lookup/token.ts'
import { exactMoment, fromNow, localMoment } from '../../output/moment.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import { facts, table } from '../../output/table.ts'
import { syncLine, tokenHealth, tokenState } from '../../output/token-state.ts'
import type { CommandLine, World } from '../../world.ts'

export const show = buildCommand<JsonFlag, [string], CommandLine>({
  docs: { brief: 'One content token with its last syncs' },
  parameters: {
    flags: { json: jsonFlag },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'Id or name of the content token', parse: String, placeholder: 'TOKEN' }],
    },
  },
  async func({ json }, wanted) {
    const { world } = this
    const client = await connect(world)
    const token = await findToken(client, wanted)
    if (json) return report(world, json, token, () => '')
    const params = { path: { id: token.id }, query: { limit: 5 } }
    const { items } = unwrap(await client.GET('/api/v1/tokens/{id}/syncs', { params }))
    report(world, json, token, () => `${describeToken(token, world)}\n\n${describeSyncs(items, world)}`)
  },
})

/** Names and values of a content token. */
export function describeToken(token: Token, { now, timeZone, stdout }: World): string {
  const { counts, health, country, appleCountry } = token
  const ago = (at: string | null) =>
    at === null ? 'never' : `${localMoment(at, timeZone)} (${fromNow(at, now())})`
  const others = counts.heldOutside === 0 ? '' : ` (${counts.heldOutside} held outside Apportion)`
  return facts(
    [
      ['Name', token.name],
      ['Id', String(token.id)],
      ['State', tokenState(token)],
      ['', token.stateReason],
      ['Health', tokenHealth(token)],
      ...health.reasons
        .filter(({ text }) => text !== token.stateReason)
        .map(({ text }): readonly [string, string] => ['', text]),
      ['Organization', token.organizationName],
      ['Location', token.locationName],
      [
        'Country',
        appleCountry === null || appleCountry === country
          ? country
          : `${country} (Apple says ${appleCountry})`,
      ],
      ['Account', token.account],
      ['Account type', token.accountType],
      ['Expires', `${localMoment(token.expiresAt, timeZone)} (${fromNow(token.expiresAt, now())})`],
      [
        'Licenses',
        `${counts.used} of ${counts.total} used${others}, ${counts.available} available, ${counts.waiting} waiting`,
      ],
      ['Exact as of', `${exactMoment(token.exactAsOf, timeZone)} (${fromNow(token.exactAsOf, now())})`],
      [
        'Compared',
        token.comparedAt === null
          ? 'not completely yet'
          : `every license, ${localMoment(token.comparedAt, timeZone)}`,
      ],
      ['Last look', token.sweep.problem === null ? null : `failed: ${token.sweep.problem.detail}`],
      ['Next sync', localMoment(token.nextSyncAt, timeZone)],
      ['Notifications', token.notifications === 'on' ? `on, last ${ago(token.lastNotificationAt)}` : 'off'],
      ...(token.notificationsOff === null ? [] : [['', token.notificationsOff.text] as const]),
      ['Last answer', ago(token.lastAnswerAt)],
    ],
    stdout.paint,
  )
}

function describeSyncs(runs: readonly Item<'listSyncs'>[], { timeZone, stdout }: World): string {
  if (runs.length === 0) return 'Not synced yet.'
  return table(
    runs,
    [
      { title: 'SYNC ASKED', of: ({ askedAt }) => localMoment(askedAt, timeZone) },
      { title: 'BY', of: ({ cause }) => cause },
      { title: 'OUTCOME', of: syncLine, flexible: true },
    ],
    stdout,
  )
}
