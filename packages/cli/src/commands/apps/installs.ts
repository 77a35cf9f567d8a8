/** `apportion apps installs`: how an app stands on the devices under management (D4). */
import { type Answer, type Item, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { tokenOfApp } from '../../lookup/app-of-device.ts'
import { findAsset } from '../../lookup/asset.ts'
import { findToken } from '../../lookup/token.ts'
import { installStates, stateCell } from '../../output/install.ts'
import { fromNow } from '../../output/moment.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../../output/report.ts'
import { type Column, table } from '../../output/table.ts'
import { fetchPages, moreRows, type PageFlags, pageFlags } from '../../pages.ts'
import type { CommandLine } from '../../world.ts'

interface Flags extends JsonFlag, PageFlags {
  readonly token: string | undefined
  readonly state: (typeof installStates)[number] | undefined
  readonly search: string | undefined
}

export const installs = buildCommand<Flags, [string], CommandLine>({
  docs: {
    brief: 'How an app stands on the devices under management',
    fullDescription: 'The counts by state come first; with --json there is "counts" beside the rows.',
  },
  parameters: {
    flags: {
      token: tokenOfApp,
      state: { kind: 'enum', values: installStates, optional: true, brief: 'Only devices in this state' },
      search: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Part of a name, or the start of a serial number',
        placeholder: 'TEXT',
      },
      ...pageFlags,
      json: jsonFlag,
    },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'Id, adamId or name', parse: String, placeholder: 'APP' }],
    },
  },
  async func({ token, state, search, json, ...pages }, app) {
    const { world } = this
    const client = await connect(world)
    const tokenId = token === undefined ? undefined : (await findToken(client, token)).id
    const { id } = await findAsset(client, { app, tokenId })
    const counts = unwrap(
      await client.GET('/api/v1/assets/{id}/installs/counts', { params: { path: { id } } }),
    )
    const filter = {
      ...(state === undefined ? {} : { state }),
      ...(search === undefined ? {} : { q: search }),
    }
    const found = await fetchPages(pages, async (page) =>
      unwrap(
        await client.GET('/api/v1/assets/{id}/installs', {
          params: { path: { id }, query: { ...filter, ...page } },
        }),
      ),
    )
    report(world, json, { counts, ...found }, () => {
      const rows =
        found.items.length === 0
          ? 'No device under management is like this.'
          : table(found.items, columns(world.now()), world.stdout)
      return `${describeCounts(counts)}\n\n${rows}`
    })
    const more = moreRows(found)
    if (more !== null && !json) remark(world, more)
  },
})

function describeCounts({ managedDevices, waitingForLicense, states }: Answer<'countAssetInstalls'>): string {
  const parts = installStates.flatMap((known) => {
    const devices = states.find(({ state }) => state === known)?.devices ?? 0
    return devices === 0 ? [] : [`${devices} ${known.replaceAll('_', ' ')}`]
  })
  if (waitingForLicense > 0) parts.push(`${waitingForLicense} waiting for a license`)
  const meant = `Meant for ${managedDevices} ${managedDevices === 1 ? 'device' : 'devices'} under management`
  return parts.length === 0 ? `${meant}.` : `${meant}: ${parts.join(', ')}.`
}

const columns = (now: Date): readonly Column<Item<'listAssetInstalls'>>[] => [
  { title: 'SERIAL NUMBER', of: ({ serialNumber }) => serialNumber },
  { title: 'NAME', of: ({ deviceName }) => deviceName, flexible: true },
  { title: 'USER', of: ({ userName }) => userName, flexible: true },
  { title: 'STATE', of: ({ state }) => stateCell(state) },
  { title: 'SINCE', of: ({ since }) => fromNow(since, now) },
  { title: 'NEXT', of: ({ nextAt }) => (nextAt === null ? null : fromNow(nextAt, now)) },
  { title: 'WHAT IS KNOWN', of: ({ cause }) => cause.text, flexible: true },
]
