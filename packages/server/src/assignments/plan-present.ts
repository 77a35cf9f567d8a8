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

/** Nobody, for every reason. */
function noneFor(): PlanOutcome['cannot']['byReason'] {
  return {
    wrong_platform: 0,
    wrong_family: 0,
    os_too_old: 0,
    device_is_anonymous: 0,
    kiosk_has_no_user: 0,
    shared_ipad_has_no_user: 0,
    no_user: 0,
  }
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

/** All assets of a plan together, or of one that concerns none; samples are those of the first assets that have some. */
export function sumOutcomes(all: readonly PlanOutcome[]): PlanOutcome {
  const [first, ...rest] = all
  return first === undefined ? nothingChanges() : rest.reduce(addOutcomes, first)
}

function nothingChanges(): PlanOutcome {
  const nobody = () => ({ count: 0, sample: [] })
  return {
    devicesReached: 0,
    peopleReached: 0,
    grants: nobody(),
    waits: { ...nobody(), byReason: { no_license_left: 0, quota_reached: 0, kept_for_others: 0 } },
    releases: nobody(),
    kept: nobody(),
    keeps: { count: 0, outside: 0 },
    elsewhere: 0,
    withheld: 0,
    cannot: { ...nobody(), byReason: noneFor() },
    uninstalls: 0,
    offered: 0,
    joining: 0,
    irrevocable: 0,
    prompts: [],
    requests: 0,
    licenses: {
      unlimited: false,
      total: null,
      usedBefore: 0,
      usedAfter: 0,
      availableBefore: null,
      availableAfter: null,
    },
    forecast: null,
    warnings: [],
  }
}

function addOutcomes(a: PlanOutcome, b: PlanOutcome): PlanOutcome {
  const part = (name: 'grants' | 'releases' | 'kept') => ({
    count: a[name].count + b[name].count,
    sample: [...a[name].sample, ...b[name].sample].slice(0, 20),
  })
  return {
    devicesReached: Math.max(a.devicesReached, b.devicesReached),
    peopleReached: Math.max(a.peopleReached, b.peopleReached),
    grants: part('grants'),
    waits: {
      count: a.waits.count + b.waits.count,
      sample: [...a.waits.sample, ...b.waits.sample].slice(0, 20),
      byReason: {
        no_license_left: a.waits.byReason.no_license_left + b.waits.byReason.no_license_left,
        quota_reached: a.waits.byReason.quota_reached + b.waits.byReason.quota_reached,
        kept_for_others: a.waits.byReason.kept_for_others + b.waits.byReason.kept_for_others,
      },
    },
    releases: part('releases'),
    kept: part('kept'),
    keeps: { count: a.keeps.count + b.keeps.count, outside: a.keeps.outside + b.keeps.outside },
    elsewhere: a.elsewhere + b.elsewhere,
    withheld: a.withheld + b.withheld,
    cannot: {
      count: a.cannot.count + b.cannot.count,
      sample: [...a.cannot.sample, ...b.cannot.sample].slice(0, 20),
      byReason: {
        ...noneFor(),
        ...Object.fromEntries(cannotReasons.map((r) => [r, a.cannot.byReason[r] + b.cannot.byReason[r]])),
      },
    },
    uninstalls: a.uninstalls + b.uninstalls,
    offered: a.offered + b.offered,
    joining: a.joining + b.joining,
    irrevocable: a.irrevocable + b.irrevocable,
    prompts: addPrompts(a.prompts, b.prompts),
    requests: a.requests + b.requests,
    licenses: addLicenses(a.licenses, b.licenses),
    forecast: sooner(a.forecast, b.forecast),
    warnings: addWarnings(a.warnings, b.warnings),
  }
}

/** Of several assets the one that runs out first. */
function sooner(a: ForecastAfter | null, b: ForecastAfter | null): ForecastAfter | null {
  if (a === null || b === null) return a ?? b
  return (b.daysLeft ?? Number.POSITIVE_INFINITY) < (a.daysLeft ?? Number.POSITIVE_INFINITY) ? b : a
}

function addPrompts(a: PlanOutcome['prompts'], b: PlanOutcome['prompts']): PlanOutcome['prompts'] {
  return promptScenarios.flatMap(({ id }) => {
    const found = [...a, ...b].filter(({ scenario }) => scenario === id)
    const [first] = found
    if (first === undefined) return []
    return [{ ...first, devices: found.reduce((sum, { devices }) => sum + devices, 0) }]
  })
}

function addLicenses(a: PlanOutcome['licenses'], b: PlanOutcome['licenses']): PlanOutcome['licenses'] {
  const sum = (x: number | null, y: number | null) => (x === null ? y : x + (y ?? 0))
  return {
    unlimited: a.unlimited && b.unlimited,
    total: sum(a.total, b.total),
    usedBefore: a.usedBefore + b.usedBefore,
    usedAfter: a.usedAfter + b.usedAfter,
    availableBefore: sum(a.availableBefore, b.availableBefore),
    availableAfter: sum(a.availableAfter, b.availableAfter),
  }
}

/** A text names one count; of several assets the counts are added and each text stays with its asset. */
function addWarnings(a: PlanOutcome['warnings'], b: PlanOutcome['warnings']): PlanOutcome['warnings'] {
  const codes = [...new Set([...a, ...b].map(({ code }) => code))]
  return codes.map((code) => {
    const found = [...a, ...b].filter((each) => each.code === code)
    return {
      code,
      count: found.reduce((sum, { count }) => sum + count, 0),
      text: found.map(({ text }) => text).join(' '),
    }
  })
}
