/** Assignments in words: what each says beside its group and intent (A2, A3, A6, L7, L9). */
import type { Assignment } from '../wanted-assignments.ts'
import type { World } from '../world.ts'
import { localMoment } from './moment.ts'
import { type Cell, type Column, facts, table } from './table.ts'

export interface AssignmentsLook {
  readonly world: World
  /** Whether they are of several apps. */
  readonly withApps: boolean
}

/** A table of assignments. */
export function describeAssignments(
  items: readonly Assignment[],
  { world, withApps }: AssignmentsLook,
): string {
  if (items.length === 0) return 'Not assigned.'
  const columns = withApps ? [...appColumns, ...ownColumns(world)] : ownColumns(world)
  return table(items, columns, world.stdout)
}

const appColumns: readonly Column<Assignment>[] = [
  { title: 'APP', of: ({ assetName }) => assetName, flexible: true },
  { title: 'TOKEN', of: ({ tokenName }) => tokenName, flexible: true },
]

const ownColumns = ({ timeZone }: World): readonly Column<Assignment>[] => [
  { title: 'ID', of: ({ id }) => id },
  { title: 'GROUP', of: ({ group }) => group.name, flexible: true },
  { title: 'OF', of: ({ group }) => `${group.kind}s` },
  { title: 'INTENT', of: intentOf },
  { title: 'LICENSE', of: ({ mode, licenseType }) => (mode === 'exclude' ? null : licenseType) },
  { title: 'ALSO', of: (assignment) => termsOf(assignment, timeZone).join('; ') || null, flexible: true },
  { title: 'BY', of: ({ createdBy }) => createdBy, flexible: true },
]

/** One assignment with everything that it says. */
export function describeAssignment(assignment: Assignment, { stdout, timeZone }: World): string {
  const { id, assetName, tokenName, group, licenseType, rollout } = assignment
  const rows: [string, Cell][] = [
    ['Id', String(id)],
    ['App', `${assetName} of ${tokenName}`],
    ['Group', `${group.name}, of ${group.kind}s`],
    ['Intent', intentOf(assignment)],
    ['License', assignment.mode === 'exclude' ? null : licenseType],
    ['Priority', String(assignment.priority)],
    ['Kept for it', assignment.reserve === null ? 'none' : licenses(assignment.reserve)],
    ['At most', assignment.quota === null ? 'no limit' : licenses(assignment.quota)],
    ['Taken from', poolWords[assignment.pools]],
    ['On devices', settingsOf(assignment).join('; ') || 'as Apple has it'],
    [
      'Afterwards',
      reclaimOf(assignment).join('; ') ||
        'licenses come back at once, but stay when the person removed the app',
    ],
    ['Rollout', rollout === null ? 'everybody at once' : rolloutOf(rollout, timeZone)],
    ['Waves', rollout === null ? null : wavesOf(rollout, timeZone)],
    ['Saved', `${localMoment(assignment.createdAt, timeZone)} by ${assignment.createdBy}`],
  ]
  return facts(rows, stdout.paint)
}

function intentOf({ mode, intent }: Assignment): Cell {
  return mode === 'exclude' ? { text: 'excluded', color: 'yellow' } : intent
}

/** What differs from an assignment that says nothing but its intent. */
function termsOf(assignment: Assignment, timeZone: string): readonly string[] {
  const { priority, reserve, quota, pools, rollout } = assignment
  return [
    ...(priority === 0 ? [] : [`priority ${priority}`]),
    ...(reserve === null ? [] : [`${licenses(reserve)} kept for it`]),
    ...(quota === null ? [] : [`at most ${licenses(quota)}`]),
    ...(pools === 'own' ? [] : [`from ${poolWords[pools]}`]),
    ...(rollout === null ? [] : [rolloutOf(rollout, timeZone)]),
    ...settingsOf(assignment),
    ...reclaimOf(assignment),
  ]
}

const poolWords: Readonly<Record<Assignment['pools'], string>> = {
  own: 'this pool',
  country: "the pool of the device's country",
  most_free: 'the pool with the most free',
}

/** A6: the share in force, and what comes next or why nothing does. */
function rolloutOf(
  { percent, nextAt, stopAtPercent, stoppedAt, stoppedWhy, waves }: NonNullable<Assignment['rollout']>,
  timeZone: string,
): string {
  const now = `rollout at ${percent} %`
  if (stoppedAt !== null) {
    return `${now}, stopped on ${localMoment(stoppedAt, timeZone)}${stoppedWhy === null ? '' : `: ${stoppedWhy}`}`
  }
  const coming = waves.find(
    ({ at }) => at !== null && nextAt !== null && Date.parse(at) === Date.parse(nextAt),
  )
  const next =
    nextAt === null
      ? ''
      : `, ${coming === undefined ? 'more' : `${coming.percent} %`} on ${localMoment(nextAt, timeZone)}`
  return `${now}${next}${stopAtPercent === null ? '' : `, stops when ${stopAtPercent} % fail`}`
}

function wavesOf({ waves }: NonNullable<Assignment['rollout']>, timeZone: string): string {
  return waves
    .map(({ percent, at }) => `${percent} % ${at === null ? 'at once' : `on ${localMoment(at, timeZone)}`}`)
    .join(', ')
}

/** A3: only what differs from Apple's own behavior of a managed app. */
function settingsOf({ settings }: Assignment): readonly string[] {
  const { automaticUpdates = 'token', removable, preventBackup, removeWhenManagementEnds } = settings
  const { vpnId = null, configuration = null } = settings
  return [
    ...(automaticUpdates === 'token' ? [] : [`automatic updates ${automaticUpdates}`]),
    ...(removable === false ? ['the person cannot remove it'] : []),
    ...(preventBackup === true ? ['kept out of backups'] : []),
    ...(removeWhenManagementEnds === true ? ['removed when management ends'] : []),
    ...(vpnId === null ? [] : [`VPN ${vpnId}`]),
    ...(configuration === null ? [] : [`configured (${namesIn(configuration)})`]),
  ]
}

/** Values may be secret. */
const namesIn = (configuration: object): string => Object.keys(configuration).join(', ') || 'nothing'

/** L7: what is said otherwise than by default. */
function reclaimOf({ reclaim }: Assignment): readonly string[] {
  return reclaimWords.flatMap(([event, ending]) => {
    const when = reclaim[event]
    if (when === undefined) return []
    if (!('days' in when))
      return [`${when.kind === 'now' ? 'comes back at once' : 'license kept'} when ${ending}`]
    return [`comes back ${when.days === 1 ? '1 day' : `${when.days} days`} after ${ending}`]
  })
}

const reclaimWords = [
  ['unassigned', 'nothing asks for it any more'],
  ['uninstall', 'it is to be uninstalled'],
  ['device_left', 'the device left'],
  ['user_left', 'the person left'],
  ['app_removed', 'the person removed the app'],
] as const

const licenses = (count: number): string => (count === 1 ? '1 license' : `${count} licenses`)
