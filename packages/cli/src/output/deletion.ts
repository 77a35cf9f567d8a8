/** What deleting a content token would do, how far it is, and how it ended, in words (T6). */
import type { Answer } from '@apportion/api-client/client'
import type { World } from '../world.ts'
import { localMoment } from './moment.ts'
import { facts, table } from './table.ts'

type Deletion = Answer<'getTokenDeletion'>
type Preview = NonNullable<Deletion['preview']>
type Progress = NonNullable<Deletion['progress']>
type End = NonNullable<Deletion['end']>

/** How it ended, else how far it is, else what it would do. */
export function describeDeletion({ preview, progress, end }: Deletion, world: World): string {
  if (end !== null) return describeEnd(end, world)
  if (progress !== null) return describeProgress(progress, world)
  return preview === null ? '' : describePreview(preview, world)
}

/** Every consequence with its number. */
export function describePreview(preview: Preview, { stdout }: World): string {
  const { licenses, holders, assignments, groups, waiting, cannotRelease, appsStopAfterDays } = preview
  const lines = facts(
    [
      ['Deletes', preview.name],
      ['Given by Apportion', `${count(licenses.ours, 'license')}: taken back, or left, as you choose`],
      ...(cannotRelease === null
        ? []
        : [['', { text: `cannot be taken back now: ${cannotRelease}`, color: 'yellow' }] as const]),
      ['Never taken back', `${count(licenses.irrevocable, 'license')} (books and the like)`],
      ['Held outside', `${count(licenses.outside, 'license')}: they stay`],
      ['Who loses', `${count(holders.devices, 'device')}, ${count(holders.users, 'user')}`],
      ['Assignments', `${count(assignments, 'assignment')} to ${count(groups, 'group')} vanish`],
      ['Waiting', `${count(waiting, 'device')} will not get a license`],
      ['Apps', `stay on devices, and stop after ${appsStopAfterDays} days without a license`],
      ['At Apple', 'the claim is released; the license ledger and the audit log stay'],
    ],
    stdout.paint,
  )
  if (preview.assets.sample.length === 0) return lines
  const assets = table(
    preview.assets.sample,
    [
      { title: 'APP', of: ({ name }) => name, flexible: true },
      { title: 'OURS', of: ({ ours }) => ours },
      { title: 'OUTSIDE', of: ({ outside }) => outside },
      { title: 'COMES BACK', of: ({ revocable }) => (revocable ? 'yes' : 'never') },
      { title: 'ASSIGNMENTS', of: (asset) => asset.assignments },
    ],
    stdout,
  )
  return `${lines}\n\n${assets}`
}

function describeProgress(progress: Progress, { stdout, timeZone }: World): string {
  return facts(
    [
      ['Being deleted', `since ${localMoment(progress.since, timeZone)}, by ${progress.by}`],
      ['Now', progressLine(progress)],
      ...(progress.blocked === null
        ? []
        : [['Blocked', { text: progress.blocked.text, color: 'red' }] as const]),
      ['Can be called off', progress.mayCancel ? 'yes' : 'no'],
    ],
    stdout.paint,
  )
}

/** One line about a deletion under way. */
export function progressLine({ phase, licenses, total, released, releasing, refused }: Progress): string {
  if (phase === 'unclaiming') return 'releasing the claim at Apple'
  if (phase === 'deleting') return 'deleting what is stored'
  if (licenses === 'leave') return 'waiting for what is under way at Apple'
  const stuck = refused === 0 ? '' : `, ${refused} refused by Apple`
  return `${released} of ${count(total, 'license')} back, ${releasing} on their way${stuck}`
}

function describeEnd(end: End, { timeZone }: World): string {
  const said = `"${end.name}" was deleted on ${localMoment(end.at, timeZone)}, asked by ${end.by}.`
  const claims: Record<End['claim'], string> = {
    cleared: 'Nobody manages the location at Apple now.',
    marked: 'Apple shows the location as released; another service may ask to take it over.',
    not_ours: 'The location was not managed from here at Apple.',
    failed: end.claimDetail ?? 'The claim at Apple could not be released.',
  }
  return `${said}\n${claims[end.claim]}`
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`
