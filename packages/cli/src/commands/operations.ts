/** `apportion operations`: requests to Apple and their outcome, newest first. */
import { type Item, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../connection.ts'
import { findAsset } from '../lookup/asset.ts'
import { findToken } from '../lookup/token.ts'
import { fromNow } from '../output/moment.ts'
import type { Color } from '../output/paint.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../output/report.ts'
import { type Column, table } from '../output/table.ts'
import { fetchPages, moreRows, type PageFlags, pageFlags } from '../pages.ts'
import type { CommandLine } from '../world.ts'

type Operation = Item<'listOperations'>

interface Flags extends JsonFlag, PageFlags {
  readonly token: string | undefined
  readonly app: string | undefined
  readonly open: boolean
}

export const operations = buildCommand<Flags, [], CommandLine>({
  docs: { brief: 'Requests to Apple and their outcome, newest first' },
  parameters: {
    flags: {
      token: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Only of this content token, by id or name',
        placeholder: 'TOKEN',
      },
      app: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Only of this app, by id, adamId or name',
        placeholder: 'APP',
      },
      open: { kind: 'boolean', brief: 'Only those that have not ended', default: false, withNegated: false },
      ...pageFlags,
      json: jsonFlag,
    },
  },
  async func({ token, app, open, json, ...pages }) {
    const { world } = this
    const client = await connect(world)
    const tokenId = token === undefined ? undefined : (await findToken(client, token)).id
    const assetId = app === undefined ? undefined : (await findAsset(client, { app, tokenId })).id
    const query = {
      ...(tokenId === undefined ? {} : { tokenId }),
      ...(assetId === undefined ? {} : { assetId }),
      ...(open ? { open: 'true' } : {}),
    }
    const found = await fetchPages(pages, async (page) =>
      unwrap(await client.GET('/api/v1/operations', { params: { query: { ...query, ...page } } })),
    )
    report(world, json, found, () =>
      found.items.length === 0
        ? 'No operation fits.'
        : table(found.items, columns(world.now()), world.stdout),
    )
    const more = moreRows(found)
    if (more !== null && !json) remark(world, more)
  },
})

const stateColors: Readonly<Record<Operation['state'], Color>> = {
  recorded: 'dim',
  sending: 'dim',
  sent: 'dim',
  unknown: 'yellow',
  done: 'green',
  partly: 'yellow',
  failed: 'red',
}

function columns(now: Date): readonly Column<Operation>[] {
  return [
    { title: 'RECORDED', of: ({ recordedAt }) => fromNow(recordedAt, now) },
    { title: 'KIND', of: ({ kind }) => kind },
    { title: 'STATE', of: ({ state }) => ({ text: state, color: stateColors[state] }) },
    { title: 'APPS', of: ({ assets }) => assets.map(({ name }) => name).join(', '), flexible: true },
    { title: 'HOLDERS', of: ({ holders }) => holders },
    { title: 'DONE', of: ({ completed, tasks }) => `${completed} of ${tasks}`, align: 'right' },
    { title: 'PROBLEM', of: ({ problem }) => problem?.detail ?? null, flexible: true },
  ]
}
