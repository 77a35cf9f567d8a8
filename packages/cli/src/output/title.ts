/** A title with its pools as text (C3). */
import type { TitleWithPools } from '../lookup/title.ts'
import type { World } from '../world.ts'
import { noticedOf } from './noticed.ts'
import { type Column, facts, table } from './table.ts'

type Pool = TitleWithPools['pools']['items'][number]

/** What is known of the title, the sums, and a row for each pool. */
export function describeTitle(title: TitleWithPools, { stdout }: World): string {
  const { counts, names, platforms } = title
  const known = facts(
    [
      ['Name', title.name],
      ...names.map(({ country, name }): [string, string] => [`Name in ${country}`, name]),
      ['adamId', title.adamId],
      ['Publisher', title.publisher],
      ['Bundle id', title.bundleId],
      ['Platforms', platforms.join(', ') || null],
      ['Needs at least', title.minimumOs],
      ['Licenses', describeSums(counts)],
      ['Waiting', counts.waiting === 0 ? 'nobody' : { text: String(counts.waiting), color: 'yellow' }],
      ['Noticed', noticedOf(title.notices) ?? 'nothing'],
    ],
    stdout.paint,
  )
  const advice = 'For the assignments of one, add --token or use its id.'
  return `${known}\n\n${table(title.pools.items, columns, stdout)}\n\n${advice}`
}

/** S7: pools without a limit are never added to those with one. */
function describeSums({
  total,
  used,
  usedUnlimited,
  available,
  unlimitedPools,
  heldOutside,
}: TitleWithPools['counts']): string {
  const limited = total === null ? [] : [`${used} of ${total} used, ${available ?? 0} available`]
  const unlimited = unlimitedPools === 0 ? [] : [`${usedUnlimited} used, unlimited`]
  const outside = heldOutside === 0 ? [] : [`${heldOutside} held outside Apportion`]
  return [...limited, ...unlimited, ...outside].join(', ')
}

const columns: readonly Column<Pool>[] = [
  { title: 'ID', of: ({ id }) => id },
  { title: 'TOKEN', of: ({ token }) => token.name, flexible: true },
  { title: 'COUNTRY', of: ({ country }) => country },
  { title: 'QUALITY', of: ({ pricingParam }) => pricingParam },
  { title: 'TOTAL', of: ({ counts }) => counts.total ?? 'unlimited', align: 'right' },
  { title: 'USED', of: ({ counts }) => counts.used },
  { title: 'AVAILABLE', of: ({ counts }) => counts.available ?? 'unlimited', align: 'right' },
  { title: 'WAITING', of: ({ counts }) => counts.waiting },
  { title: 'NOTICED', of: ({ notices }) => noticedOf(notices) },
]
