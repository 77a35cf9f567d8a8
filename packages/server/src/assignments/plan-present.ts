/** Plans as the API shows them (A4, A5). */
import {
  type LicenseRefusal,
  licenseRefusals,
  refusalSentence,
} from '@apportion/core/assignments/license-rule'
import type { PlanNumbers } from '@apportion/core/assignments/plan-outcome'
import { caveatsOf, promptScenarios } from '@apportion/core/assignments/prompts'
import type { Stop } from '@apportion/core/assignments/shares'
import { type UnfitReason, unfitReasons } from '@apportion/core/catalog/fits'
import { unfitSentence } from '../catalog/unfit-sentence.ts'
import type { PlanAsset, PlanOutcome } from './plan.ts'
import type { PartRow, PlanCounts } from './plan-facts.ts'
import type { ForecastAfter } from './plan-forecast.ts'
import { cannotReasons } from './plan-schema.ts'
import { noneFor } from './plan-sum.ts'

type Shown = PlanOutcome['grants']['sample'][number]

/** What was found of one asset. */
export interface Found {
  readonly counts: PlanCounts
  readonly numbers: PlanNumbers
  readonly sample: readonly PartRow[]
  readonly getting: readonly PartRow[]
  readonly waiting: readonly WaitingRow[]
  readonly os: ReadonlyMap<number, string | null>
  readonly forecast: ForecastAfter | null
}

/** The outcome for one asset. */
export function presentOutcome(asset: PlanAsset, found: Found): PlanOutcome {
  const { counts, numbers, sample } = found
  const part = (name: PartRow['part']) =>
    sample.filter((row) => row.part === name).map((row) => presentRow(asset, row, found.os))
  return {
    devicesReached: counts.devices,
    peopleReached: counts.people,
    grants: { count: numbers.grants, sample: found.getting.map((row) => presentRow(asset, row, found.os)) },
    waits: {
      count: numbers.waits,
      byReason: numbers.waitsBy,
      sample: found.waiting.map((row) => presentWaiting(row)),
    },
    releases: { count: numbers.releases, sample: asset.revocable ? part('superfluous') : [] },
    kept: { count: counts.policy, sample: part('policy') },
    keeps: { count: counts.kept, outside: counts.kept_outside },
    elsewhere: counts.elsewhere,
    withheld: counts.withheld,
    cannot: { count: counts.unfit, sample: part('unfit'), byReason: countsByReason(counts.unfit_by) },
    uninstalls: counts.uninstalls,
    offered: counts.offered,
    joining: counts.joining,
    irrevocable: numbers.irrevocable,
    prompts: promptsOf(counts),
    requests: requestsFor(numbers.grants) + requestsFor(numbers.releases),
    licenses: {
      unlimited: asset.unlimited,
      total: asset.unlimited ? null : asset.total,
      usedBefore: numbers.usedBefore,
      usedAfter: numbers.usedAfter,
      availableBefore: numbers.availableBefore,
      availableAfter: numbers.availableAfter,
    },
    forecast: found.forecast,
    warnings: [...numbers.warnings, ...storeWarning(counts)],
  }
}

/** Apple's usual limits; the exact ones are read when it is carried out. */
const requestsFor = (holders: number): number => Math.ceil(holders / 1000)

function countsByReason(found: Readonly<Record<string, number>>): PlanOutcome['cannot']['byReason'] {
  const entries = cannotReasons.map((reason) => [reason, found[reason] ?? 0] as const)
  return { ...noneFor(), ...Object.fromEntries(entries) }
}

function promptsOf({ installs }: PlanCounts): PlanOutcome['prompts'] {
  return promptScenarios.flatMap(({ id, enrolment, license, experience }) => {
    const devices = installs
      .filter((each) => each.enrolment === enrolment && each.license === license)
      .reduce((sum, { n }) => sum + n, 0)
    if (devices === 0 || !experience.installable) return []
    const caveats = [...caveatsOf(enrolment, license)]
    return [{ scenario: id, devices, prompts: [...experience.prompts], caveats }]
  })
}

/** A5: whoever's store is disabled by a policy cannot use a user license. */
function storeWarning({ installs }: PlanCounts): PlanOutcome['warnings'] {
  const count = installs.filter(({ license }) => license === 'user').reduce((sum, { n }) => sum + n, 0)
  if (count === 0) return []
  const text = `User licenses need the App Store: where a policy disables it, ${count === 1 ? '1 device' : `${count} devices`} cannot install the app.`
  return [{ code: 'store_must_be_allowed', count, text }]
}

/** One device or person with the reason for its part. */
export function presentRow(
  { minimum_os: minimumOs }: Pick<PlanAsset, 'minimum_os'>,
  row: PartRow,
  os: ReadonlyMap<number, string | null>,
): Shown {
  if (row.part === 'wanting')
    return shown(row, { code: 'required', reason: 'Required and not licensed yet.' })
  if (row.part === 'policy') {
    const until =
      row.until === 'infinity' || row.until === null
        ? 'until it is taken back'
        : `until ${row.until.slice(0, 10)}`
    return shown(row, { code: 'kept', reason: `No longer needed; kept ${until} by the reclaim policy.` })
  }
  if (row.part === 'unfit')
    return shown(row, whyUnfit(row, { minimumOs, osVersion: os.get(row.device_id ?? 0) ?? null }))
  if (row.intent === 'uninstall') return shown(row, { code: 'uninstall', reason: 'To be uninstalled.' })
  return shown(row, { code: 'no_longer_assigned', reason: 'No longer assigned.' })
}

/** One who waits, at a place among those who wait, with what is in the way. */
export interface WaitingRow extends PartRow {
  readonly stop: Stop
}

const waitingFor = {
  none: { code: 'no_license_left', reason: 'No license is left' },
  quota: { code: 'quota_reached', reason: 'The quota of the assignment is reached' },
  reserve: { code: 'kept_for_others', reason: 'What is left is kept for another assignment' },
} as const

/** One who waits. */
export function presentWaiting({ stop, ...row }: WaitingRow): Shown {
  const { code, reason } = waitingFor[stop]
  return {
    ...shown(row, { code, reason: `${reason}; number ${row.place} of those who wait.` }),
    place: row.place,
  }
}

function whyUnfit(
  { unfit }: PartRow,
  systems: { readonly minimumOs: string | null; readonly osVersion: string | null },
): Pick<Shown, 'code' | 'reason'> {
  const refusal = licenseRefusals.find((code): code is LicenseRefusal => code === unfit)
  if (refusal !== undefined) return { code: refusal, reason: refusalSentence(refusal) }
  const code: UnfitReason = unfitReasons.find((reason) => reason === unfit) ?? 'wrong_platform'
  return { code, reason: unfitSentence(code, systems) }
}

function shown(row: PartRow, why: Pick<Shown, 'code' | 'reason'>): Shown {
  const isDevice = row.kind === 'device'
  return {
    deviceId: row.device_id,
    userId: row.user_id,
    serialNumber: isDevice ? row.holder : null,
    deviceName: isDevice ? row.name : null,
    userName: isDevice ? null : row.name,
    place: null,
    ...why,
  }
}
