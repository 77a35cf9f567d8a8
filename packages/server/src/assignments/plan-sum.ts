/** The outcomes of several assets added up to that of their plan (A4). */
import { promptScenarios } from '@apportion/core/assignments/prompts'
import type { PlanOutcome } from './plan.ts'
import { sampleSize } from './plan-facts.ts'
import type { ForecastAfter } from './plan-forecast.ts'
import { cannotReasons } from './plan-schema.ts'

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
    sample: [...a[name].sample, ...b[name].sample].slice(0, sampleSize),
  })
  return {
    devicesReached: Math.max(a.devicesReached, b.devicesReached),
    peopleReached: Math.max(a.peopleReached, b.peopleReached),
    grants: part('grants'),
    waits: {
      count: a.waits.count + b.waits.count,
      sample: [...a.waits.sample, ...b.waits.sample].slice(0, sampleSize),
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
      sample: [...a.cannot.sample, ...b.cannot.sample].slice(0, sampleSize),
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

/** Nobody, for every reason. */
export function noneFor(): PlanOutcome['cannot']['byReason'] {
  return {
    wrong_platform: 0,
    wrong_family: 0,
    os_too_old: 0,
    device_is_anonymous: 0,
    kiosk_has_no_user: 0,
    shared_ipad_has_no_user: 0,
    no_user: 0,
    left_management: 0,
  }
}
