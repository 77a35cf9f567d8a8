/** `apportion plan assign`, also `apportion plan`: what `assign` would do; changes nothing (A4). */
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { describePlan } from '../../output/plan.ts'
import { report } from '../../output/report.ts'
import { type PlanFlags, planChange, planFlags, refuseLeftOut } from '../../planning.ts'
import type { CommandLine } from '../../world.ts'

export const assign = buildCommand<PlanFlags, [], CommandLine>({
  docs: {
    brief: 'Show what an assignment would do; changes nothing',
    fullDescription:
      'The change is laid over the assignments that the app has now; with --only it replaces them.',
  },
  parameters: { flags: planFlags },
  async func(flags) {
    const { world } = this
    const plan = await planChange(await connect(world), flags, world)
    report(world, flags.json, plan, () => describePlan(plan, world.stdout))
    if (flags.strict) refuseLeftOut(plan)
  },
})
