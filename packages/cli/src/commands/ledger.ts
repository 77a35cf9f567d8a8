/** `apportion ledger`: every change of a license with its cause, and who held what at a moment (L13). */
import { type ApiClient, type Item, type operations, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../connection.ts'
import { saveCsv } from '../csv.ts'
import { optionalText } from '../fact-flags.ts'
import { usageFailure } from '../failure.ts'
import { findAsset } from '../lookup/asset.ts'
import { findToken } from '../lookup/token.ts'
import { findUser } from '../lookup/user.ts'
import { localMoment } from '../output/moment.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../output/report.ts'
import { type Column, table } from '../output/table.ts'
import { fetchPages, moreRows, type PageFlags, pageFlags } from '../pages.ts'
import { parseMoment } from '../values.ts'
import type { CommandLine, World } from '../world.ts'

const changes = ['granted', 'released', 'refused', 'found', 'vanished', 'adopted'] as const

interface Flags extends JsonFlag, PageFlags {
  readonly app: string | undefined
  readonly token: string | undefined
  readonly device: string | undefined
  readonly user: string | undefined
  readonly change: (typeof changes)[number] | undefined
  readonly from: string | undefined
  readonly to: string | undefined
  readonly at: string | undefined
  readonly record: string | undefined
  readonly csv: boolean
}

const moment = (brief: string) =>
  ({ kind: 'parsed', parse: parseMoment, optional: true, brief, placeholder: 'MOMENT' }) as const

export const ledger = buildCommand<Flags, [], CommandLine>({
  docs: {
    brief: 'Every change of a license with its cause, newest first; or who held what at a moment',
    fullDescription: 'A moment is a day such as 2027-03-01, or a time such as 2027-03-01T14:02.',
  },
  parameters: {
    flags: {
      app: optionalText('Of this app: id, adamId or name', 'APP'),
      token: optionalText('Of this content token', 'TOKEN'),
      device: optionalText('Of this device', 'SERIAL'),
      user: optionalText('Of this user, and the devices of that user', 'USER'),
      change: { kind: 'enum', values: changes, optional: true, brief: 'Only this kind of change' },
      from: moment('At this moment or later'),
      to: moment('Before this moment'),
      at: moment('Who held a license then; with --app or --device'),
      record: optionalText('Of this record of what was done by hand', 'ID'),
      csv: { kind: 'boolean', brief: 'All of it, as CSV', default: false, withNegated: false },
      ...pageFlags,
      json: jsonFlag,
    },
  },
  async func({ json, csv, at, limit, all, ...flags }) {
    const { world } = this
    const client = await connect(world)
    const query = await queryOf(client, flags)
    if (csv) {
      const params = { query }
      return await saveCsv(world, await client.GET('/api/v1/ledger.csv', { params, parseAs: 'stream' }))
    }
    const pages = { limit, all }
    if (at !== undefined) return await showHolders({ client, world, json }, { at, query, pages })
    const found = await fetchPages(pages, async (page) =>
      unwrap(await client.GET('/api/v1/ledger', { params: { query: { ...query, ...page } } })),
    )
    report(world, json, found, () =>
      found.items.length === 0
        ? 'No license changed hands.'
        : table(found.items, lineColumns(world.timeZone), world.stdout),
    )
    const more = moreRows(found)
    if (more !== null && !json) remark(world, more)
  },
})

type Query = NonNullable<operations['exportLedger']['parameters']['query']>

async function queryOf(
  client: ApiClient,
  {
    app,
    token,
    device,
    user,
    change,
    from,
    to,
    record,
  }: Omit<Flags, 'json' | 'csv' | 'at' | 'limit' | 'all'>,
): Promise<Query> {
  const tokenId = token === undefined ? undefined : (await findToken(client, token)).id
  return {
    ...(app === undefined ? {} : { assetId: (await findAsset(client, { app, tokenId })).id }),
    ...(tokenId === undefined ? {} : { tokenId }),
    ...(device === undefined ? {} : { serialNumber: device }),
    ...(user === undefined ? {} : { userId: (await findUser(client, user)).id }),
    ...(change === undefined ? {} : { change }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(record === undefined ? {} : { interventionId: record }),
  }
}

interface Showing {
  readonly client: ApiClient
  readonly world: World
  readonly json: boolean
}

/** Throws `usage.scope` when it is not said of which app or device. */
async function showHolders(
  { client, world, json }: Showing,
  asked: { readonly at: string; readonly query: Query; readonly pages: PageFlags },
): Promise<void> {
  const { assetId, serialNumber } = asked.query
  if (assetId === undefined && serialNumber === undefined) {
    throw usageFailure('usage.scope', 'Say who held what then: --at MOMENT with --app or --device')
  }
  const query = {
    at: asked.at,
    ...(assetId === undefined ? {} : { assetId }),
    ...(serialNumber === undefined ? {} : { serialNumber }),
  }
  const found = await fetchPages(asked.pages, async (page) =>
    unwrap(await client.GET('/api/v1/ledger/holders', { params: { query: { ...query, ...page } } })),
  )
  report(world, json, found, () =>
    found.items.length === 0
      ? 'Nobody held one then, or nothing was known yet.'
      : table(found.items, holderColumns, world.stdout),
  )
  const more = moreRows(found)
  if (more !== null && !json) remark(world, more)
}

const holderColumns: readonly Column<Item<'listHoldersAt'>>[] = [
  { title: 'HOLDER', of: ({ id }) => id },
  { title: 'NAME', of: ({ name }) => name, flexible: true },
  { title: 'APP', of: ({ asset }) => asset.name, flexible: true },
  { title: 'TOKEN', of: ({ token }) => token.name, flexible: true },
]

function lineColumns(timeZone: string): readonly Column<Item<'listLedger'>>[] {
  return [
    { title: 'AT', of: ({ at }) => localMoment(at, timeZone) },
    { title: 'CHANGE', of: ({ change }) => change },
    { title: 'HOLDER', of: ({ id }) => id },
    { title: 'APP', of: ({ asset }) => asset.name, flexible: true },
    { title: 'WHY', of: ({ cause }) => causeOf(cause), flexible: true },
  ]
}

function causeOf({ text, errorNumber }: Item<'listLedger'>['cause']): string {
  return errorNumber === null ? text : `${text} (error ${errorNumber})`
}
