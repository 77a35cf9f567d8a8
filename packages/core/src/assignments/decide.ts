/**
 * What the assignments of one asset come to for a device or a person that some of them reach (A2): the intent, and the
 * rule that decided it.
 *
 * The database finds for each device the set of rules that reach it, a signature; there are few different ones however
 * many devices there are. Here each signature gets its verdict, and the database joins its rows with the table of them.
 */
import { type ResolvedIntent, resolveIntents, type Side } from './conflict.ts'
import type { LicenseType } from './license-rule.ts'

/** An assignment as far as it decides. */
export interface DecidingRule {
  readonly side: Side
  readonly mode: 'include' | 'exclude'
  /** Null for an exclusion. */
  readonly intent: 'required' | 'available' | 'uninstall' | null
  readonly license: LicenseType
  /** Higher is served first. */
  readonly priority: number
  /** The asset that it is an assignment of: an exclusion only counts against assignments of the same asset. */
  readonly assetId: number
}

/** How a target is meant. `available_or_uninstall`: removed, unless the person asked for it. */
export type TargetIntent = 'required' | 'available' | 'uninstall' | 'available_or_uninstall'

/** What a set of rules comes to. */
export interface Verdict {
  readonly intent: TargetIntent
  /** Offered to the person, beside being required or by itself. */
  readonly offered: boolean
  /** Index of the rule that decided. */
  readonly rule: number
}

/**
 * The verdict on those that exactly the rules at the indexes `reached` reach; null when nothing is meant for them.
 * Exclusion wins over inclusion within the same kind of group only (Intune's include and exclude).
 */
export function verdictOn(rules: readonly DecidingRule[], reached: readonly number[]): Verdict | null {
  const excluded = new Set<string>()
  for (const index of reached) {
    const rule = rules[index]
    if (rule?.mode === 'exclude') excluded.add(`${rule.side} ${rule.assetId}`)
  }
  const included = reached.flatMap((index) => {
    const rule = rules[index]
    if (rule === undefined || rule.intent === null) return []
    if (excluded.has(`${rule.side} ${rule.assetId}`)) return []
    return [{ index, side: rule.side, intent: rule.intent, priority: rule.priority }]
  })
  const resolved = resolveIntents(included)
  const intent = targetIntent(resolved)
  if (intent === null) return null
  const wanted = intent === 'available_or_uninstall' ? 'available' : intent
  const [first] = included
    .filter((rule) => rule.intent === wanted)
    .sort((a, b) => b.priority - a.priority || a.index - b.index)
  if (first === undefined) throw new Error(`No rule says ${wanted}, although it was resolved`)
  return { intent, offered: resolved.offer !== 'none', rule: first.index }
}

function targetIntent({ action, offer }: ResolvedIntent): TargetIntent | null {
  if (action === 'install') return 'required'
  if (action === 'remove') return 'uninstall'
  if (action === 'remove_unless_chosen') return 'available_or_uninstall'
  return offer === 'none' ? null : 'available'
}

/** A signature with its verdict; bit i of the signature stands for rule i. */
export interface SignedVerdict extends Verdict {
  readonly signature: number
}

/** Up to so many rules all signatures are decided beforehand; for more, only those that occur. */
export const rulesDecidedBeforehand = 10

/** The verdicts on every set of the rules that means something. For at most `rulesDecidedBeforehand` rules. */
export function allVerdicts(rules: readonly DecidingRule[]): readonly SignedVerdict[] {
  const verdicts: SignedVerdict[] = []
  for (let signature = 1; signature < 2 ** rules.length; signature += 1) {
    const verdict = verdictOn(rules, indexesIn(signature, rules.length))
    if (verdict !== null) verdicts.push({ signature, ...verdict })
  }
  return verdicts
}

function indexesIn(signature: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index).filter(
    (index) => (signature & (1 << index)) !== 0,
  )
}
