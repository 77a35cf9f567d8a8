/** `apportion apps show`: one app or book at one location with its assignments, or its pools at several (L1, C1, C3). */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { type Asset, findAsset } from '../../lookup/asset.ts'
import { titleOfSeveral } from '../../lookup/title.ts'
import { findToken } from '../../lookup/token.ts'
import { describeAssignments } from '../../output/assignment.ts'
import { exactMoment, fromNow } from '../../output/moment.ts'
import { noticedOf } from '../../output/noticed.ts'
import { type JsonFlag, jsonFlag, report } from '../../output/report.ts'
import { facts } from '../../output/table.ts'
import { describeTitle } from '../../output/title.ts'
import type { CommandLine, World } from '../../world.ts'

interface Flags extends JsonFlag {
  readonly token: string | undefined
}

export const show = buildCommand<Flags, [string], CommandLine>({
  docs: { brief: 'One app or book with its counts and assignments, or its pools' },
  parameters: {
    flags: {
      token: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'The content token, when several own it; without, all their pools are shown',
        placeholder: 'TOKEN',
      },
      json: jsonFlag,
    },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'Id, adamId or name', parse: String, placeholder: 'APP' }],
    },
  },
  async func({ json, token }, app) {
    const { world } = this
    const client = await connect(world)
    const tokenId = token === undefined ? undefined : (await findToken(client, token)).id
    const title = token === undefined ? await titleOfSeveral(client, app) : null
    if (title !== null) return report(world, json, title, () => describeTitle(title, world))
    const asset = await findAsset(client, { app, tokenId })
    if (json) return report(world, json, asset, () => '')
    const query = { assetId: asset.id, limit: 500 }
    const { items } = unwrap(await client.GET('/api/v1/assignments', { params: { query } }))
    report(
      world,
      json,
      asset,
      () => `${describeAsset(asset, world)}\n\n${describeAssignments(items, { world, withApps: false })}`,
    )
  },
})

function describeAsset(
  { id, title, token, counts, adamId, platforms, countedAt, ...asset }: Asset,
  world: World,
): string {
  return facts(
    [
      ['Name', title.name],
      ['Id', String(id)],
      ['adamId', adamId],
      ['Kind', title.isCustom ? `${kinds[title.kind]}, custom` : kinds[title.kind]],
      ['Publisher', title.publisher],
      ['Bundle id', title.bundleId],
      ['Version', title.version],
      ['Platforms', platforms.join(', ') || null],
      ['Content token', token.name],
      ['Licenses', describeCounts(counts)],
      ['Waiting', counts.waiting === 0 ? 'nobody' : { text: String(counts.waiting), color: 'yellow' }],
      ['Counted', fromNow(countedAt, world.now())],
      [
        'Exact as of',
        `${exactMoment(token.exactAsOf, world.timeZone)} (${fromNow(token.exactAsOf, world.now())})`,
      ],
      [
        'To devices',
        asset.deviceAssignable ? 'yes' : { text: 'no: Apple licenses it to users only', color: 'yellow' },
      ],
      [
        'Comes back',
        asset.revocable ? 'yes' : { text: 'no: once given it cannot be taken back', color: 'yellow' },
      ],
      ['Noticed', noticedOf(asset.notices) ?? 'nothing'],
      [
        'At Apple',
        asset.goneAt === null
          ? 'listed'
          : { text: `gone since ${fromNow(asset.goneAt, world.now())}`, color: 'red' },
      ],
    ],
    world.stdout.paint,
  )
}

const kinds: Readonly<Record<Asset['title']['kind'], string>> = {
  app: 'app',
  mac_app: 'Mac app',
  book: 'book',
}

function describeCounts({
  unlimited,
  total,
  used,
  available,
  heldOutside,
  granting,
}: Asset['counts']): string {
  const parts = [
    unlimited ? `${used} used, unlimited` : `${used} of ${total ?? 0} used, ${available ?? 0} available`,
  ]
  if (granting > 0) parts.push(`${granting} on their way`)
  if (heldOutside > 0) parts.push(`${heldOutside} held outside Apportion`)
  return parts.join(', ')
}
