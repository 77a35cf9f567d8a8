/** Which apps come by declaration, and what is declared of them (D6). */
import type { AssignmentSettings } from '@apportion/core/assignments/settings'
import { updateStep } from '@apportion/core/installs/care'
import type { ChainedError } from '@apportion/core/installs/failures'
import type { InstallState } from '@apportion/core/installs/install'
import { type Declared, declaredOf, sameDeclared, wayOf } from '@apportion/core/installs/way'
import { sql } from 'kysely'
import { openStates } from '../devices/open-commands.ts'
import type { Tx } from '../platform/db/database.ts'
import { configurationFile } from './app-configuration.ts'
import type { DeliveryFacts } from './facts.ts'
import type { StoredInstall } from './store.ts'
import type { Told } from './tell.ts'

interface Concerned {
  readonly facts: DeliveryFacts
  readonly before: StoredInstall | null
  readonly settings: AssignmentSettings
}

/** States after which an app begins anew, and may come by another way than before. */
const ended: readonly InstallState[] = ['licensed', 'removed', 'released']

/** `open`: install commands that a device may still carry out; what they are about stays with them. */
export function isByDeclaration({ facts, before, settings }: Concerned, open: ReadonlySet<string>): boolean {
  if (before !== null && !ended.includes(before.install.state)) return before.declared !== null
  if (before?.commandId && open.has(before.commandId)) return false
  return wayOf(facts, settings) === 'declaration' && fitsIntoFile(settings)
}

/** Apple's limit for the file with a configuration, in bytes. */
const largestFile = 1_000_000

const fitsIntoFile = ({ configuration }: AssignmentSettings): boolean =>
  configuration === null || configurationFile(configuration).bytes.length <= largestFile

/** The ids of install commands of these installations that are not answered. */
export async function openInstalls(
  tx: Tx,
  installs: readonly (StoredInstall | null)[],
): Promise<ReadonlySet<string>> {
  const asked = installs.filter((each) => each !== null && each.declared === null && each.commandId !== null)
  if (asked.length === 0) return new Set()
  const { rows } = await sql<{ id: string }>`SELECT c.id::text FROM commands c
    JOIN unnest(${asked.map((each) => each?.enrollmentId)}::int[], ${asked.map((each) => each?.commandId)}::uuid[])
      AS k(enrollment_id, id) ON k.enrollment_id = c.enrollment_id AND k.id = c.id
    WHERE c.purpose = 'install' AND c.state IN ${openStates}`.execute(tx)
  return new Set(rows.map(({ id }) => id))
}

/** Declares an app, or has the device try again what did not come: by a higher round, with the license of now. */
export function declare({ facts, before, settings }: Concerned): Told {
  const declared = declaredOf(null, { ...facts, settings })
  const round = before?.declared ? before.declared.round + 1 : declared.round
  return { command: null, stored: { declared: { ...declared, round }, settingsSent: null, update: null } }
}

const noPlace: readonly ChainedError[] = [
  {
    domain: 'Apportion',
    code: 0,
    text:
      'The app came by a declaration, which has a configuration from iOS 18.4 on only. Update the system, or have the ' +
      'app removed and installed again.',
  },
]

/** Newer settings, and an update when it is allowed and the hour has come: then the device looks anew. */
export function careForDeclared(
  { facts, before, settings }: Concerned & { readonly before: StoredInstall },
  now: Date,
): Told | null {
  if (before.declared === null) return null
  const declared = declaredOf(before.declared, { ...facts, settings })
  const isSame = sameDeclared(declared, before.declared)
  const settingsProblem = problemOf(declared, settings, isSame ? before.settingsProblem : null)
  if (!isSame) {
    const isNext = before.update === null ? {} : { dueAt: now }
    return { command: null, stored: { declared, settingsProblem }, ...isNext }
  }
  const step = updateStep(
    {
      update: before.update,
      setting: settings.automaticUpdates,
      byToken: facts.updatesByToken,
      singleApp: facts.kiosk,
      hours: facts.updateHours,
    },
    now,
  )
  if (step === null) return { command: null, stored: { settingsProblem } }
  if (step.act === 'wait') return { command: null, stored: { settingsProblem }, dueAt: step.until }
  const again = { ...declared, round: declared.round + 1 }
  const update = { state: 'commanded', since: now } as const
  return { command: null, stored: { declared: again, settingsProblem, update } }
}

/** Of a configuration that is declared, what the device said of it stays. */
function problemOf(
  declared: Declared,
  { configuration }: AssignmentSettings,
  said: readonly ChainedError[] | null,
): readonly ChainedError[] | null {
  if (configuration === null) return null
  return declared.configuration === undefined ? noPlace : said
}
