/** `apportion plan`: what an assignment would do, before it is made; changes nothing (A4). */
import { buildCommand } from '@stricli/core'
import { connect } from '../connection.ts'
import { attention } from '../failure.ts'
import { describePlan } from '../output/plan.ts'
import { report } from '../output/report.ts'
import { type Plan, type PlanFlags, planChange, planFlags } from '../planning.ts'
import type { CommandLine } from '../world.ts'

export const plan = buildCommand<PlanFlags, [], CommandLine>({
  docs: {
    brief: 'Show what an assignment would do; changes nothing',
    fullDescription:
      'The change is laid over the assignments that the app has now; with --only it replaces them.',
  },
  parameters: { flags: planFlags },
  async func(flags) {
    const { world } = this
    const planned = await planChange(await connect(world), flags)
    report(world, flags.json, planned.plan, () => describePlan(planned, world.stdout))
    if (flags.strict) refuseLeftOut(planned.plan)
  },
})

/** With `--strict`, a plan that leaves devices out is something to attend to. */
export function refuseLeftOut({ outcome: { waits, cannot } }: Plan): void {
  if (waits.count + cannot.count === 0) return
  throw attention(
    'plan.leaves_out',
    `${waits.count} devices wait for a license and ${cannot.count} cannot get the app.`,
  )
}
