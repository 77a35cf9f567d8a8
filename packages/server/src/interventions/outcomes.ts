/** What becomes of a license in an intervention, and why: the codes of the API, never renamed. */
import { z } from 'zod'

/** What becomes of a license. */
export const outcome = z.enum([
  'asked',
  'taken',
  'refused',
  'kept',
  'adopted',
  'withheld',
  'skipped',
  'giving',
  'given',
  'not_given',
  'queued',
])

/** Why, where that is not plain. */
export const reason = z.enum([
  'withheld',
  'comes_back',
  'still_required',
  'held_outside',
  'not_revocable',
  'already_returning',
  'not_assigned',
  'required_again',
  'token_deleted',
  'undone',
  'none_free',
  'held_again',
  'on_its_way_back',
  'waits_already',
  'withheld_again',
  'not_offered',
])

/** Licenses of which the same becomes for the same reason. */
export const counted = z.object({
  outcome,
  reason: reason.nullable(),
  count: z.number().int(),
  text: z.string().describe('One sentence'),
})
