/**
 * What becomes of a license when taking back or freeing it is undone (L11): its holder gets it again, if it can.
 *
 * Apple lets an app whose license was taken go on for 30 days; so long what was taken can be undone.
 */

/** For so long after it was begun, taking back can be undone. */
export const undoDays = 30

/** The moment until which what was begun at `appliedAt` can be undone. */
export function undoUntil(appliedAt: Date): Date {
  return new Date(appliedAt.getTime() + undoDays * 86_400_000)
}

/** What is known of a line of the record that is undone. */
export interface UndoFacts {
  /** The license was taken; it was asked back only, so far; it was a target that waited for one, and was withheld. */
  readonly was: 'taken' | 'asked' | 'waiting'
  /** The license as it is now. `unsent`: it is to go back, and Apple was not asked yet. */
  readonly state: 'none' | 'granting' | 'held' | 'unsent' | 'releasing'
  /** Whether the holder's target is withheld, by this record or by a later one. */
  readonly withheld: 'no' | 'by_this' | 'by_another'
  /** An assignment requires it there, and it is not withheld. */
  readonly wanted: boolean
  /** Apple has the asset at this location, gives it to such holders, and nobody is deleting the content token. */
  readonly offered: boolean
}

/** Why a license is not given back; stable. */
export type NotUndone =
  | 'none_free'
  | 'held_again'
  | 'on_its_way_back'
  | 'waits_already'
  | 'withheld_again'
  | 'not_offered'

export type UndoVerdict =
  /** Given to its holder, as far as licenses are free. */
  | { readonly act: 'give' }
  /** The same, and the target is withheld no longer: when none is free, it waits in its old place. */
  | { readonly act: 'give_or_queue' }
  /** Never left: it stays with its holder. */
  | { readonly act: 'keep' }
  /** No license was taken; the target is withheld no longer. */
  | { readonly act: 'queue' }
  | { readonly act: 'skip'; readonly reason: NotUndone }
  /** Nothing to undo. */
  | { readonly act: 'ignore' }

const skip = (reason: NotUndone): UndoVerdict => ({ act: 'skip', reason })

/** What becomes of a line of the record. */
export function undoVerdict(facts: UndoFacts): UndoVerdict {
  const { was, state } = facts
  const isWithheld = facts.withheld === 'by_this'
  if (was === 'waiting') return { act: isWithheld ? 'queue' : 'ignore' }
  if (state === 'none') return givenBack(facts)
  if (state === 'unsent') return { act: 'keep' }
  if (state === 'releasing') return skip('on_its_way_back')
  // What Apple refused to take back would be asked for again, and what is withheld goes back as soon as it is there.
  const wouldGo = isWithheld || (state === 'held' && was === 'asked')
  return wouldGo ? { act: 'keep' } : skip('held_again')
}

function givenBack({ withheld, wanted, offered }: UndoFacts): UndoVerdict {
  if (withheld === 'by_this') return { act: offered ? 'give_or_queue' : 'queue' }
  if (withheld === 'by_another') return skip('withheld_again')
  if (!offered) return skip('not_offered')
  return wanted ? skip('waits_already') : { act: 'give' }
}

/** A line of the table that the database joins with. */
export interface UndoVerdictRow extends UndoFacts {
  readonly verdict: Exclude<UndoVerdict, { act: 'ignore' }>
}

const both = [true, false] as const

/** The verdict for every combination of facts that is not ignored. */
export const undoVerdicts: readonly UndoVerdictRow[] = (['taken', 'asked', 'waiting'] as const).flatMap(
  (was) =>
    (['none', 'granting', 'held', 'unsent', 'releasing'] as const).flatMap((state) =>
      (['no', 'by_this', 'by_another'] as const).flatMap((withheld) =>
        both.flatMap((wanted) =>
          both.flatMap((offered) => {
            const facts = { was, state, withheld, wanted, offered }
            const verdict = undoVerdict(facts)
            return verdict.act === 'ignore' ? [] : [{ ...facts, verdict }]
          }),
        ),
      ),
    ),
)
