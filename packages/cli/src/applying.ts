/** What `assign` and `plan members` share: asking, applying a plan, and a world that moved in between (A4). */
import { type Answer, type ApiClient, Problem, unwrap } from '@apportion/api-client/client'
import { agree, requireYes } from './consent.ts'
import { describePlan } from './output/plan.ts'
import { describeDifference } from './output/plan-difference.ts'
import { remark } from './output/report.ts'
import type { Plan } from './planning.ts'
import type { World } from './world.ts'

/** Known before anything is sent. @throws CommandFailure `usage.not_interactive` */
export function requireYesToApply(world: World, yes: boolean): void {
  requireYes(world, yes, 'apply without being asked')
}

/** Asks, unless `yes`. @throws CommandFailure `plan.declined` */
export async function agreeToPlan(world: World, yes: boolean): Promise<void> {
  await agree(world, yes, {
    question: 'Apply this?',
    declined: 'plan.declined',
    outcome: 'Nothing was changed.',
  })
}

export interface Applied {
  /** The plan that was saved in the end. */
  readonly applied: Plan
  readonly saved: Answer<'applyPlan'>
}

/**
 * Saves the plan. When the facts moved in between, what differs is said; a person sees the new plan and is asked again,
 * a script gets the refusal.
 */
export async function apply(
  { client, world }: { readonly client: ApiClient; readonly world: World },
  plan: Plan,
): Promise<Applied> {
  const path = { id: plan.id }
  try {
    const saved = unwrap(await client.POST('/api/v1/plans/{id}/apply', { params: { path } }))
    return { applied: plan, saved }
  } catch (failure) {
    const instead = planInstead(failure)
    if (instead === null) throw failure
    remark(world, describeDifference(plan, instead))
    if (world.questions === null) throw failure
    remark(world, `It would now do this:\n${describePlan(instead, world.stderr)}`)
    await agreeToPlan(world, false)
    return await apply({ client, world }, instead)
  }
}

/** The plan that the server offers instead of one that no longer fits. */
function planInstead(failure: unknown): Plan | null {
  if (!(failure instanceof Problem) || failure.code !== 'plan.world_moved') return null
  const { plan } = failure.facts
  // The problem's facts are open by contract; this code promises a plan as `createPlan` answers it.
  return typeof plan === 'object' && plan !== null && 'outcome' in plan ? (plan as Plan) : null
}
