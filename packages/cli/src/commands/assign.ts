/** `apportion assign`: plans, asks, applies and, when wished, waits for the licenses (A2, A4). */
import { type Answer, type ApiClient, Problem, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../connection.ts'
import { CommandFailure, usageFailure } from '../failure.ts'
import { describePlan } from '../output/plan.ts'
import { remark, report } from '../output/report.ts'
import { type Plan, type PlanFlags, type PlannedChange, planChange, planFlags } from '../planning.ts'
import { progressOf, type WaitFlags, waitFlags, waitUntil } from '../waiting.ts'
import type { CommandLine, World } from '../world.ts'
import { describeAssignments } from './apps/show.ts'
import { refuseLeftOut } from './plan.ts'

interface Flags extends PlanFlags, WaitFlags {
  readonly yes: boolean
}

export const assign = buildCommand<Flags, [], CommandLine>({
  docs: {
    brief: 'Assign an app: show what it does, ask, apply',
    fullDescription: [
      'The change is laid over the assignments that the app has now; with --only it replaces them. What is applied',
      'is what was shown: when the facts moved in between, nothing is changed (exit code 4).',
    ].join('\n'),
  },
  parameters: {
    flags: {
      ...planFlags,
      yes: { kind: 'boolean', brief: 'Apply without asking', default: false, withNegated: false },
      ...waitFlags,
    },
    aliases: { y: 'yes' },
  },
  async func(flags) {
    const { world } = this
    requireYes(world, flags.yes)
    const client = await connect(world)
    const planned = await planChange(client, flags)
    const shown = describePlan(planned, world.stderr)
    if (!flags.json) remark(world, shown)
    if (flags.strict) refuseLeftOut(planned.plan)
    await agree(world, flags.yes)
    const { applied, saved } = await apply({ client, world }, planned)
    if (flags.wait) await waitForLicenses({ client, world, timeout: flags.timeout }, applied)
    report(world, flags.json, saved, () => describeSaved(saved, world))
  },
})

/** Known before anything is sent. */
function requireYes({ questions }: World, yes: boolean): void {
  if (yes || questions !== null) return
  throw usageFailure(
    'usage.not_interactive',
    'Nobody is there to ask. To apply without being asked, add --yes',
  )
}

async function agree({ questions }: World, yes: boolean): Promise<void> {
  if (yes || questions === null || (await questions.confirm('Apply this?'))) return
  throw new CommandFailure('plan.declined', 'Nothing was changed.')
}

interface Applied {
  /** The plan that was saved in the end. */
  readonly applied: PlannedChange
  readonly saved: Answer<'applyPlan'>
}

/** When the facts moved in between, a person sees the new plan and is asked again; a script gets the refusal. */
async function apply(
  { client, world }: Pick<Waiting, 'client' | 'world'>,
  planned: PlannedChange,
): Promise<Applied> {
  const path = { id: planned.plan.id }
  try {
    return {
      applied: planned,
      saved: unwrap(await client.POST('/api/v1/plans/{id}/apply', { params: { path } })),
    }
  } catch (failure) {
    const plan = world.questions === null ? null : planInstead(failure)
    if (plan === null) throw failure
    const instead = { ...planned, plan }
    remark(
      world,
      `The facts moved since this was shown. It would now do this:\n${describePlan(instead, world.stderr)}`,
    )
    await agree(world, false)
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

function describeSaved({ assignments }: Answer<'applyPlan'>, world: World): string {
  return `Saved.\n\n${describeAssignments(assignments, world)}`
}

interface Waiting {
  readonly client: ApiClient
  readonly world: World
  readonly timeout: number
}

/** Until nothing of this app is under way at Apple, and at least what was planned has been asked for. */
async function waitForLicenses(
  { client, world, timeout }: Waiting,
  { asset, plan }: PlannedChange,
): Promise<void> {
  const progress = progressOf(world)
  const { usedAfter } = plan.outcome.licenses
  const path = { id: asset.id }
  try {
    await waitUntil(world, timeout, async () => {
      const { counts } = unwrap(await client.GET('/api/v1/assets/{id}', { params: { path } }))
      const query = { assetId: asset.id, open: 'true', limit: 1 }
      const { items } = unwrap(await client.GET('/api/v1/operations', { params: { query } }))
      progress.show(`${counts.used - counts.granting} licenses held, ${counts.granting} on their way`)
      return items.length === 0 && counts.granting === 0 && counts.used === usedAfter ? counts : null
    })
  } finally {
    progress.end()
  }
}
