/** What a plan would do to one asset, as text: each kind of change with its count and the first few it concerns (A4). */
import type { Outcome, Plan } from '../planning.ts'
import type { Output } from '../world.ts'
import type { Color, Paint } from './paint.ts'
import { printable } from './printable.ts'

type Part = Outcome['grants']
export type PlanRow = Part['sample'][number]

/** How many of each kind are named; the count says how many there are. */
const named = 5

/** The asset with whom the assignments reach, then its changes; kinds of change without anybody are left out. */
export function describeOutcome(
  { name, tokenName, outcome }: Plan['assets'][number],
  { paint }: Pick<Output, 'paint'>,
): string {
  const who = outcome.peopleReached === 0 ? devices : holders
  const part = ([one, many]: Verb, concerned: Part, color: Color) =>
    describePart(`${who(concerned.count)} ${concerned.count === 1 ? one : many}`, concerned, { color, paint })
  const { waits, cannot } = outcome
  const whyWaiting = reasons(waitReasons, waits.byReason)
  const whyNot = reasons(cannotReasons, cannot.byReason)
  const lines = [
    `${paint('bold', printable(name))} of ${printable(tokenName)}: ${reached(outcome)} reached`,
    ...part(['gets a license', 'get a license'], outcome.grants, 'green'),
    ...part([`waits: ${whyWaiting}`, `wait: ${whyWaiting}`], waits, 'yellow'),
    ...part(['gives the license back', 'give their license back'], outcome.releases, 'yellow'),
    ...part(keptVerb, outcome.kept, 'yellow'),
    ...part([`cannot get it: ${whyNot}`, `cannot get it: ${whyNot}`], cannot, 'red'),
    ...sentences(outcome),
  ]
  const notes = outcome.warnings
    // Said before everything else.
    .filter(({ code }) => code !== 'irrevocable')
    .map(({ text }) => paint('yellow', `Note: ${printable(text)}`))
  return [...lines, ...notes].join('\n')
}

/** Of one, and of several. */
type Verb = readonly [one: string, many: string]

const keptVerb: Verb = [
  'keeps the license for now by the reclaim policy',
  'keep their license for now by the reclaim policy',
]

function reached({ devicesReached, peopleReached }: Outcome): string {
  if (peopleReached === 0) return devices(devicesReached)
  return devicesReached === 0 ? people(peopleReached) : `${devices(devicesReached)}, ${people(peopleReached)}`
}

function describePart(
  what: string,
  { count, sample }: Part,
  { color, paint }: { readonly color: Color; readonly paint: Paint },
): readonly string[] {
  if (count === 0) return []
  const lines = sample
    .slice(0, named)
    .map((row) => `    ${printable(holderOf(row))}: ${printable(row.reason)}`)
  const rest = count - lines.length
  if (rest > 0) lines.push(`    and ${rest} more`)
  return [`  ${paint(color, what)}`, ...lines]
}

/** A device by serial number and name, a person by user name. */
export function holderOf({ serialNumber, deviceName, userName }: PlanRow): string {
  if (serialNumber === null) return userName ?? 'nobody'
  return deviceName === null ? serialNumber : `${serialNumber} ${deviceName}`
}

/** What needs no list: each sentence where its count is not zero. */
function sentences({ uninstalls, offered, joining, keeps, elsewhere, withheld }: Outcome): readonly string[] {
  const outside = keeps.outside === 0 ? '' : `, ${keeps.outside} of them held outside Apportion`
  const counted: readonly (readonly [count: number, sentence: string])[] = [
    [uninstalls, `the app is removed from ${devices(uninstalls)}`],
    [offered, `it is offered to ${holders(offered)}; a license is taken when somebody asks`],
    [
      joining,
      `${people(joining)} must join Apps and Books first, and ${joining === 1 ? 'is' : 'are'} invited`,
    ],
    [
      keeps.count,
      `${holders(keeps.count)} ${keeps.count === 1 ? 'keeps the' : 'keep their'} license${outside}`,
    ],
    [elsewhere, `${holders(elsewhere)} ${elsewhere === 1 ? 'has' : 'have'} it from another pool`],
    [withheld, `it was taken back from ${holders(withheld)}, and stays withheld there`],
  ]
  return counted.flatMap(([count, sentence]) => (count === 0 ? [] : [`  ${sentence}`]))
}

/** How many for which reason, where there are any. */
function reasons<Code extends string>(
  words: Readonly<Record<Code, string>>,
  counts: Readonly<Record<Code, number>>,
): string {
  const each: string[] = []
  for (const code in words) if (counts[code] > 0) each.push(`${counts[code]} ${words[code]}`)
  return each.join(', ')
}

/** L8, L9. */
const waitReasons: Readonly<Record<keyof Outcome['waits']['byReason'], string>> = {
  no_license_left: 'since no license is left',
  quota_reached: 'since a quota is reached',
  kept_for_others: 'since what is left is kept for others',
}

/** C2, L3. */
const cannotReasons: Readonly<Record<keyof Outcome['cannot']['byReason'], string>> = {
  wrong_platform: 'of a kind that it does not run on',
  wrong_family: 'no iPad',
  os_too_old: 'with a system that is too old',
  device_is_anonymous: 'by User Enrollment, without a serial number',
  kiosk_has_no_user: 'kiosks, where nobody signs in',
  shared_ipad_has_no_user: 'Shared iPads, which belong to nobody',
  no_user: 'without a known user',
  left_management: 'that left management',
}

const devices = (count: number): string => (count === 1 ? '1 device' : `${count} devices`)
const people = (count: number): string => (count === 1 ? '1 person' : `${count} people`)
const holders = (count: number): string => (count === 1 ? '1 device or person' : `${count} devices or people`)
