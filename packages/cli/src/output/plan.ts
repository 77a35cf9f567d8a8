/** A plan as text: what changes, for how many, and who is left out and why (A4). */
import type { Plan, PlannedChange } from '../planning.ts'
import type { Output } from '../world.ts'
import type { Color } from './paint.ts'
import { printable } from './printable.ts'
import { facts } from './table.ts'

type Part = Plan['outcome']['grants']

/** How many devices of each kind are named; the count says how many there are. */
const named = 5

export function describePlan({ asset, plan }: PlannedChange, { paint }: Pick<Output, 'paint'>): string {
  const { outcome } = plan
  const { licenses, keeps } = outcome
  const heading = `${paint('bold', printable(asset.title.name))} of ${printable(asset.token.name)}: ${devices(outcome.devicesReached)} reached`
  const sections = [
    describePart('get a license', outcome.grants, 'green', paint),
    describePart('wait: no license is left', outcome.waits, 'yellow', paint),
    describePart('give their license back', outcome.releases, 'yellow', paint),
    describePart(`cannot get it: ${whyNot(outcome.cannot.byReason)}`, outcome.cannot, 'red', paint),
  ].filter((section) => section !== null)
  const outside = keeps.outside === 0 ? '' : `, ${keeps.outside} of them held outside Apportion`
  if (keeps.count > 0) sections.push(`${devices(keeps.count)} keep their license${outside}`)
  const warnings = outcome.warnings.map(({ text }) => paint('yellow', `Note: ${printable(text)}`))
  const counted = facts(
    [
      ['Used', `${licenses.usedBefore} → ${licenses.usedAfter}`],
      [
        'Available',
        licenses.unlimited
          ? 'unlimited'
          : `${licenses.availableBefore ?? 0} → ${licenses.availableAfter ?? 0}`,
      ],
      ['Requests', `${outcome.requests} to Apple, at least`],
    ],
    paint,
  )
  return [heading, ...sections, ...warnings, counted].join('\n')
}

function describePart(
  what: string,
  { count, sample }: Part,
  color: Color,
  paint: Output['paint'],
): string | null {
  if (count === 0) return null
  const lines = sample
    .slice(0, named)
    .map((row) => `    ${printable(holderOf(row))}: ${printable(row.reason)}`)
  const rest = count - lines.length
  if (rest > 0) lines.push(`    and ${rest} more`)
  return [`  ${paint(color, `${devices(count)} ${what}`)}`, ...lines].join('\n')
}

/** A device by serial number and name, a person by user name. */
function holderOf({ serialNumber, deviceName, userName }: Part['sample'][number]): string {
  return [serialNumber ?? userName ?? 'nobody', serialNumber === null ? null : deviceName]
    .filter((part) => part !== null)
    .join(' ')
}

/** C2, L3: how many for which reason. */
function whyNot(byReason: Plan['outcome']['cannot']['byReason']): string {
  const reasons = [
    [byReason.wrong_platform, 'of a kind that it does not run on'],
    [byReason.wrong_family, 'no iPad'],
    [byReason.os_too_old, 'with a system that is too old'],
    [byReason.device_is_anonymous, 'by User Enrollment, without a serial number'],
    [byReason.kiosk_has_no_user, 'kiosks, where nobody signs in'],
    [byReason.shared_ipad_has_no_user, 'Shared iPads, which belong to nobody'],
    [byReason.no_user, 'without a known user'],
  ] as const
  return reasons.flatMap(([count, what]) => (count === 0 ? [] : [`${count} ${what}`])).join(', ')
}

function devices(count: number): string {
  return count === 1 ? '1 device' : `${count} devices`
}
