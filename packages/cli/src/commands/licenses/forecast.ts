/** `apportion licenses forecast`: how long the licenses of one app last, or of all of them, soonest first (L10). */
import { type Answer, type Item, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { usageFailure } from '../../failure.ts'
import { findAsset } from '../../lookup/asset.ts'
import { findToken } from '../../lookup/token.ts'
import type { Color } from '../../output/paint.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../../output/report.ts'
import { type Cell, type Column, facts, table } from '../../output/table.ts'
import { fetchPages, moreRows, type PageFlags, pageFlags } from '../../pages.ts'
import type { CommandLine, World } from '../../world.ts'

type Line = Item<'listForecasts'>
type AssetForecast = Answer<'getForecast'>
type Told = Pick<Line, 'state' | 'daysLeft' | 'confidence' | 'usePerDay'>

interface Flags extends JsonFlag, PageFlags {
  readonly token: string | undefined
  readonly within: number | undefined
}

export const forecast = buildCommand<Flags, [string?], CommandLine>({
  docs: {
    brief: 'How many days licenses last: of one app, or of all, soonest first',
    fullDescription:
      'Taken from the last 90 days, who waits now and the waves of rollouts that lie ahead. With little history there is no range.',
  },
  parameters: {
    flags: {
      token: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'Of this content token',
        placeholder: 'TOKEN',
      },
      within: {
        kind: 'parsed',
        parse: parseDays,
        optional: true,
        brief: 'Only what is expected to run out within so many days',
        placeholder: 'DAYS',
      },
      ...pageFlags,
      json: jsonFlag,
    },
    positional: {
      kind: 'tuple',
      parameters: [{ brief: 'Id, adamId or name', parse: String, placeholder: 'APP', optional: true }],
    },
  },
  async func({ token, within, json, ...pages }, app) {
    const { world } = this
    const client = await connect(world)
    const tokenId = token === undefined ? undefined : (await findToken(client, token)).id
    if (app !== undefined) {
      const { id, title } = await findAsset(client, { app, tokenId })
      const params = { path: { id } }
      const found = unwrap(await client.GET('/api/v1/assets/{id}/forecast', { params }))
      return report(world, json, found, () => describe(title.name, found, world))
    }
    const query = {
      ...(tokenId === undefined ? {} : { tokenId }),
      ...(within === undefined ? {} : { within }),
    }
    const found = await fetchPages(pages, async (page) =>
      unwrap(await client.GET('/api/v1/forecast', { params: { query: { ...query, ...page } } })),
    )
    report(world, json, found, () =>
      found.items.length === 0 ? 'Nothing runs out.' : table(found.items, columns, world.stdout),
    )
    const more = moreRows(found)
    if (more !== null && !json) remark(world, more)
  },
})

function parseDays(text: string): number {
  const days = Number(text)
  if (Number.isInteger(days) && days >= 0 && days <= 365) return days
  throw usageFailure('usage.days', `“${text}” is no number of days from 0 to 365`)
}

const columns: readonly Column<Line>[] = [
  { title: 'APP', of: ({ name }) => name, flexible: true },
  { title: 'TOKEN', of: ({ token }) => token.name, flexible: true },
  { title: 'LASTS', of: daysOf },
  { title: 'RANGE', of: rangeOf },
  { title: 'A DAY', of: ({ usePerDay }) => usePerDay },
  { title: 'FREE', of: ({ free }) => free },
  { title: 'WAITING', of: ({ waiting }) => waiting },
  { title: 'PLANNED', of: ({ planned }) => planned },
]

const colors: Readonly<Record<Told['state'], Color>> = {
  short_now: 'red',
  runs_out: 'yellow',
  lasts: 'green',
  never: 'green',
}

function daysOf({ state, daysLeft, confidence }: Told): Cell {
  if (state === 'never' && confidence === 'little_history') return { text: 'not known yet', color: 'dim' }
  const words = {
    short_now: 'short now',
    runs_out: `${daysLeft.expected ?? 0} days`,
    lasts: 'over a year',
    never: 'no end',
  }
  return { text: words[state], color: colors[state] }
}

function rangeOf({ daysLeft: { earliest, latest }, confidence, state }: Told): Cell {
  if (confidence === 'little_history') return { text: 'little history', color: 'dim' }
  if (earliest === null || state === 'short_now') return null
  return `${earliest} to ${latest ?? 'over 365'} days`
}

function describe(name: string, { owned, used, forecast: made }: AssetForecast, { stdout }: World): string {
  if (made === null) return `${name}: nothing can run out.`
  const rows: [string, Cell][] = [
    ['App', name],
    ['Forecast', { text: made.text, color: colors[made.state] }],
    ['Runs out on', made.runsOutOn],
    ['Licenses', `${used} of ${owned ?? 0} used, ${made.free} free, ${made.waiting} waiting`],
    ['Use a day', made.usePerDay === null ? null : `${made.usePerDay}, over ${made.historyDays} days`],
  ]
  if (made.burst !== null) {
    const { licenses, from, to } = made.burst
    rows.push(['Left out', `${licenses} licenses from ${from} to ${to}: a rollout that does not repeat`])
  }
  const needs = table(
    made.needs,
    [
      { title: 'TO LAST', of: ({ horizon }) => `${horizon} days` },
      { title: 'EXPECTED', of: ({ expected }) => expected },
      { title: 'CAUTIOUS', of: ({ cautious }) => cautious },
    ],
    stdout,
  )
  const waves = made.planned.map(
    ({ at, licenses, groupName, percent }) =>
      `${at.slice(0, 10)}: about ${licenses} licenses, when ${groupName} goes to ${percent} %`,
  )
  return [facts(rows, stdout.paint), ...(waves.length === 0 ? [] : [waves.join('\n')]), needs].join('\n\n')
}
