/** What a person wants an assignment to say, beside its group and mode, and laying that over what it says now (A2, A3, A6, L7, L9). */
import type { Body } from '@apportion/api-client/client'
import { usageFailure } from './failure.ts'

/** What the assignments of one app are to be, as a plan is asked for. */
export type AssetChange = Extract<Body<'createPlan'>, { wanted: unknown }>
export type WantedAssignment = AssetChange['wanted'][number]
export type Intent = NonNullable<WantedAssignment['intent']>
export type Settings = NonNullable<WantedAssignment['settings']>
export type ReclaimPolicy = NonNullable<WantedAssignment['reclaim']>
export type Waves = NonNullable<WantedAssignment['rollout']>['waves']

/** The terms that were asked for, and the intent; what is left out stays as it is. */
export interface AssignmentTerms {
  readonly intent?: Intent
  readonly licenseType?: 'device' | 'user'
  readonly priority?: number
  /** Null takes it away. */
  readonly reserve?: number | null
  readonly quota?: number | null
  readonly pools?: 'own' | 'country' | 'most_free'
  /** Of the settings and the reclaim policy too, what is not named stays. */
  readonly settings?: Settings
  readonly reclaim?: ReclaimPolicy
  /** Null: for everybody at once. */
  readonly waves?: Waves | null
  /** Percent of failures; null: it never stops by itself. */
  readonly stopAtPercent?: number | null
}

/**
 * The inclusion as it is to be. Without an intent, a group is given the app as required; but where only something else
 * of an inclusion is to change, its intent stays. Throws `usage.stop_at` where a share of failures is to stop a rollout
 * that is none.
 */
export function withTerms(present: WantedAssignment, terms: AssignmentTerms): WantedAssignment {
  const { settings, reclaim, waves, stopAtPercent, intent, ...plain } = terms
  const changesOnlyElse = intent === undefined && Object.keys(terms).length > 0
  return {
    ...present,
    ...plain,
    intent: intent ?? (changesOnlyElse ? (present.intent ?? 'required') : 'required'),
    ...(settings === undefined ? {} : { settings: { ...present.settings, ...settings } }),
    ...(reclaim === undefined ? {} : { reclaim: { ...present.reclaim, ...reclaim } }),
    ...(waves === undefined && stopAtPercent === undefined ? {} : { rollout: rolloutOf(present, terms) }),
  }
}

/** Other waves keep the share of failures that stops them, unless that is named too. */
function rolloutOf(
  { rollout: present = null }: WantedAssignment,
  { waves = present?.waves ?? null, stopAtPercent }: AssignmentTerms,
): NonNullable<WantedAssignment['rollout']> | null {
  const stop = stopAtPercent === undefined ? (present?.stopAtPercent ?? null) : stopAtPercent
  if (waves !== null) return { waves: [...waves], stopAtPercent: stop }
  if (stopAtPercent === undefined || stopAtPercent === null) return null
  throw usageFailure(
    'usage.stop_at',
    `--stop-at ${stopAtPercent} stops a staged rollout, and there is none: add --waves, for example --waves 10@now,100@2027-03-08`,
  )
}
