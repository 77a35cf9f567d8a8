/**
 * What one group gets of an asset and on which terms: everything that an assignment says beside its group. Kept whole
 * while it is edited, so that saving one line never resets what another one says (A3, A6, L7, L9).
 */
import { defaultReclaim, reclaimEvents } from '@apportion/core/assignments/reclaim'
import { defaultSettings, settingNames } from '@apportion/core/assignments/settings'
import type { Assignment, WantedAssignment } from '../../../shared/api/shapes.ts'

/** What a group gets: the app, the offer of it, its removal, or nothing because it is left out. */
export type Wish = 'required' | 'available' | 'uninstall' | 'exclude'

export const wishes = ['required', 'available', 'uninstall', 'exclude'] as const satisfies readonly Wish[]

/** `settings` and `reclaim` hold what differs from the defaults; a default that is spelled out means the same. */
export interface Terms {
  readonly wish: Wish
  readonly licenseType: Assignment['licenseType']
  readonly priority: number
  readonly reserve: number | null
  readonly quota: number | null
  readonly pools: Assignment['pools']
  readonly settings: Assignment['settings']
  readonly reclaim: Assignment['reclaim']
  readonly rollout: StagedRollout | null
}

/** As it is asked for; how far it is is not part of the terms. */
export type StagedRollout = Pick<NonNullable<Assignment['rollout']>, 'waves' | 'stopAtPercent'>

/** What a license of an asset can be given to, as far as it decides the first choice. */
export interface Licensable {
  readonly deviceAssignable: boolean
  readonly title: { readonly kind: 'app' | 'mac_app' | 'book' | null } | null
}

/** The terms of a group that was just added. Books, and what Apple does not give to devices, go to people. */
export function startingTerms(wish: Wish, { deviceAssignable, title }: Licensable): Terms {
  return {
    wish,
    licenseType: deviceAssignable && title?.kind !== 'book' ? 'device' : 'user',
    priority: 0,
    reserve: null,
    quota: null,
    pools: 'own',
    settings: {},
    reclaim: {},
    rollout: null,
  }
}

/** The terms of a saved assignment. */
export function termsOf(assignment: Assignment): Terms {
  const { licenseType, priority, reserve, quota, pools, settings, reclaim, rollout } = assignment
  return {
    wish: wishOf(assignment),
    licenseType,
    priority,
    reserve,
    quota,
    pools,
    settings,
    reclaim,
    rollout: rollout === null ? null : { waves: rollout.waves, stopAtPercent: rollout.stopAtPercent },
  }
}

export function wishOf({ mode, intent }: Pick<Assignment, 'mode' | 'intent'>): Wish {
  return mode === 'exclude' ? 'exclude' : (intent ?? 'required')
}

/** Whether two terms mean the same. An exclusion gives nothing, so what else it says does not matter. */
export function isSameTerms(one: Terms, other: Terms): boolean {
  return JSON.stringify(meaning(one)) === JSON.stringify(meaning(other))
}

/** The terms with every default spelled out, always in the same order. */
function meaning(terms: Terms): unknown {
  if (terms.wish === 'exclude') return terms.wish
  const { wish, licenseType, priority, reserve, quota, pools, rollout } = terms
  const settings = settingNames.map((name) => inOrder(terms.settings[name] ?? defaultSettings[name]))
  const reclaim = reclaimEvents.map((event) => inOrder(terms.reclaim[event] ?? defaultReclaim[event]))
  return [wish, licenseType, priority, reserve, quota, pools, inOrder(rollout), settings, reclaim]
}

/** A JSON value with the names of its objects in alphabetical order. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, inner]) => [name, inOrder(inner)])
}

/** The terms for a group as the API wants them. */
export function wantedFrom(groupId: number, { wish, rollout, ...terms }: Terms): WantedAssignment {
  if (wish === 'exclude') return { groupId, mode: 'exclude' }
  const staged = rollout === null ? null : { ...rollout, waves: [...rollout.waves] }
  return { groupId, mode: 'include', intent: wish, ...terms, rollout: staged }
}
