/** `apportion licenses idle` and `idle free`: licenses that nobody can use, and freeing them (L11). */
import { type Answer, type Item, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { type CarryOutFlags, carryOut, carryOutFlags, refuseUnasked } from '../../carrying-out.ts'
import { connect } from '../../connection.ts'
import { optionalText } from '../../fact-flags.ts'
import { findAsset } from '../../lookup/asset.ts'
import { findToken } from '../../lookup/token.ts'
import { fromNow, localMoment } from '../../output/moment.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../../output/report.ts'
import { type Column, table } from '../../output/table.ts'
import { fetchPages, moreRows, type PageFlags, pageFlags } from '../../pages.ts'
import type { CommandLine, World } from '../../world.ts'

type IdleLicense = Item<'listIdleLicenses'>
type Summary = Answer<'summarizeIdleLicenses'>

const reasons = [
  'serial_unknown',
  'user_unknown',
  'user_left',
  'device_unseen',
  'not_assigned',
  'outside_and_unknown',
] as const satisfies readonly IdleLicense['reason'][]

const narrowing = {
  app: optionalText('Of this app: id, adamId or name', 'APP'),
  token: optionalText('Of this content token', 'TOKEN'),
} as const

interface ListFlags extends JsonFlag, PageFlags {
  readonly reason: (typeof reasons)[number] | undefined
  readonly search: string | undefined
  readonly app: string | undefined
  readonly token: string | undefined
  readonly look: boolean
}

export const listIdle = buildCommand<ListFlags, [], CommandLine>({
  docs: {
    brief: 'Licenses that nobody can use, as the last look found them, and why',
    fullDescription: 'Looks come once a day; --look asks for one now.',
  },
  parameters: {
    flags: {
      reason: { kind: 'enum', values: reasons, optional: true, brief: 'Only for this reason' },
      search: optionalText('Start of the serial number or user id', 'TEXT'),
      ...narrowing,
      look: { kind: 'boolean', brief: 'Ask for a look now', default: false, withNegated: false },
      ...pageFlags,
      json: jsonFlag,
    },
  },
  async func({ reason, search, app, token, look, json, ...pages }) {
    const { world } = this
    const client = await connect(world)
    const tokenId = token === undefined ? undefined : (await findToken(client, token)).id
    const assetId = app === undefined ? undefined : (await findAsset(client, { app, tokenId })).id
    const where = {
      ...(tokenId === undefined ? {} : { tokenId }),
      ...(assetId === undefined ? {} : { assetId }),
    }
    if (look) {
      const body = tokenId === undefined ? {} : { tokenId }
      unwrap(await client.POST('/api/v1/idle-licenses/look', { body }))
    }
    const summary = unwrap(await client.GET('/api/v1/idle-licenses/summary', { params: { query: where } }))
    const query = {
      ...where,
      ...(reason === undefined ? {} : { reason }),
      ...(search === undefined ? {} : { q: search }),
    }
    const found = await fetchPages(pages, async (page) =>
      unwrap(await client.GET('/api/v1/idle-licenses', { params: { query: { ...query, ...page } } })),
    )
    if (!json) remark(world, describeSummary(summary, world))
    report(world, json, { ...found, summary }, () =>
      found.items.length === 0 ? 'No license is idle.' : table(found.items, columns(world), world.stdout),
    )
    const more = moreRows(found)
    if (more !== null && !json) remark(world, more)
  },
})

function describeSummary({ reasons: counted, asOf, looking }: Summary, world: World): string {
  const when = asOf === null ? 'not looked yet' : `as of ${fromNow(asOf, world.now())}`
  const lines = counted
    .filter(({ licenses }) => licenses > 0)
    .map(
      ({ reason, licenses, canComeBack }) =>
        `  ${reason}: ${licenses}, of which ${canComeBack} can come back`,
    )
  return [`Idle, ${when}${looking ? '; a look is under way' : ''}`, ...lines].join('\n')
}

function columns(world: World): readonly Column<IdleLicense>[] {
  return [
    { title: 'HOLDER', of: ({ id }) => id },
    { title: 'NAME', of: ({ name }) => name, flexible: true },
    { title: 'APP', of: ({ asset }) => asset.name, flexible: true },
    { title: 'TOKEN', of: ({ token }) => token.name, flexible: true },
    { title: 'REASON', of: ({ reason }) => reason },
    { title: 'SEEN', of: ({ lastSeenAt }) => (lastSeenAt === null ? '–' : fromNow(lastSeenAt, world.now())) },
    {
      title: 'KEPT UNTIL',
      of: ({ keepUntil }) => (keepUntil === null ? '–' : localMoment(keepUntil, world.timeZone)),
    },
    { title: 'NOTES', of: notesOf },
  ]
}

function notesOf({ required, ours, revocable }: IdleLicense): string {
  const notes = [required && 'still required', !ours && 'held outside', !revocable && 'cannot come back']
  return notes.filter((note) => note !== false).join(', ')
}

interface FreeFlags extends CarryOutFlags {
  readonly reason: readonly (typeof reasons)[number][]
  readonly app: string | undefined
  readonly token: string | undefined
  readonly withhold: boolean
  readonly includeOutside: boolean
}

export const freeIdle = buildCommand<FreeFlags, [], CommandLine>({
  docs: {
    brief: 'Free idle licenses: show what it does, ask, do it',
    fullDescription: [
      'Takes back what is idle for one of the reasons, and still is when it is taken. What an assignment still requires',
      'is left unless --withhold, what is held outside unless --include-outside says otherwise. It can be undone for 30',
      'days: apportion licenses undo.',
    ].join('\n'),
  },
  parameters: {
    flags: {
      reason: {
        kind: 'enum',
        values: reasons,
        variadic: ',',
        brief: 'For these reasons, with commas between them',
      },
      ...narrowing,
      withhold: {
        kind: 'boolean',
        brief: 'Also what an assignment still requires; it is withheld until given again',
        default: false,
        withNegated: false,
      },
      includeOutside: {
        kind: 'boolean',
        brief: 'Also what is held outside Apportion',
        default: false,
        withNegated: false,
      },
      ...carryOutFlags,
    },
    aliases: { y: 'yes' },
  },
  async func({ reason, app, token, withhold, includeOutside, ...flags }) {
    const { world } = this
    refuseUnasked(world, flags)
    const client = await connect(world)
    const tokenId = token === undefined ? undefined : (await findToken(client, token)).id
    const scope = {
      idle: [...reason],
      ...(app === undefined ? {} : { assetId: (await findAsset(client, { app, tokenId })).id }),
      ...(tokenId === undefined ? {} : { tokenId }),
    }
    const required = withhold ? 'withhold' : 'leave'
    const body = { kind: 'take_back', scope, required, includeOutside } as const
    const preview = unwrap(await client.POST('/api/v1/interventions', { body }))
    await carryOut({ client, world }, preview, flags)
  },
})
