/** A plan as text: what cannot be undone first, then what changes for how many, who is left out and why (A4, A5). */
import type { Plan } from '../planning.ts'
import type { Output } from '../world.ts'
import { describeOutcome } from './plan-outcome.ts'
import { describePrompts } from './prompts.ts'
import { type Column, table } from './table.ts'

type PlannedAsset = Plan['assets'][number]

export function describePlan(plan: Plan, look: Pick<Output, 'paint' | 'width'>): string {
  const { outcome, assets } = plan
  if (assets.length === 0) return 'No app is assigned to this group, so no license changes hands.'
  const { irrevocable } = outcome
  const sections = [
    irrevocable === 0
      ? null
      : look.paint('red', `${licenses(irrevocable)} will be used up for good: Apple never takes them back.`),
    ...assets.map((asset) => describeOutcome(asset, look)),
    describePrompts(outcome.prompts, look),
    table(assets, columns, look),
    describeForecast(outcome.forecast),
    `Requests to Apple: ${outcome.requests}, at least\n${whereAllAre(plan)}`,
  ]
  return sections.filter((section) => section !== null).join('\n\n')
}

/** How long the licenses last afterwards (L10); of several apps those that run out first. */
function describeForecast(forecast: Plan['outcome']['forecast']): string | null {
  if (forecast === null) return null
  const { daysLeft, earliest, latest } = forecast
  const range = earliest === null || latest === null ? '' : `, most likely ${earliest} to ${latest}`
  const sentences = {
    short_now: 'Afterwards more wait than are free.',
    runs_out: `Afterwards the licenses last about ${daysLeft ?? 0} days${range}.`,
    lasts: 'Afterwards the licenses last more than a year.',
    never: 'At the pace of the last 90 days the licenses do not run out afterwards.',
  }
  const doubt = forecast.confidence === 'little_history' ? ' There is little history to go by.' : ''
  return `${sentences[forecast.state]}${doubt}`
}

/** Lists are cut here; they can be read whole while the plan can be applied. */
function whereAllAre({ id, assets }: Plan): string {
  const app = assets.length === 1 ? (assets[0]?.assetId ?? 'APP') : 'APP'
  return `Everybody: apportion plan rows ${id} --app ${app} --part grants (waits, releases, kept, cannot)`
}

const columns: readonly Column<PlannedAsset>[] = [
  { title: 'APP', of: ({ name }) => name, flexible: true },
  { title: 'TOKEN', of: ({ tokenName }) => tokenName, flexible: true },
  { title: 'COUNTRY', of: ({ country }) => country },
  {
    title: 'USED',
    of: ({ outcome: { licenses } }) => `${licenses.usedBefore} → ${licenses.usedAfter}`,
    align: 'right',
  },
  { title: 'AVAILABLE', of: ({ outcome: { licenses } }) => availableOf(licenses), align: 'right' },
]

function availableOf({
  unlimited,
  availableBefore,
  availableAfter,
}: PlannedAsset['outcome']['licenses']): string {
  return unlimited ? 'unlimited' : `${availableBefore ?? 0} → ${availableAfter ?? 0}`
}

const licenses = (count: number): string => (count === 1 ? '1 license' : `${count} licenses`)
