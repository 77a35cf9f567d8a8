/** `apportion assign`: plans, asks, applies and, when wished, waits for the licenses (A2, A4). */
import { type Answer, type ApiClient, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { agreeToPlan, apply, requireYesToApply } from '../applying.ts'
import { connect } from '../connection.ts'
import { yesFlag } from '../consent.ts'
import { describeAssignments } from '../output/assignment.ts'
import { describePlan } from '../output/plan.ts'
import { remark, report } from '../output/report.ts'
import { type Plan, type PlanFlags, planChange, planFlags, refuseLeftOut } from '../planning.ts'
import { progressOf, type WaitFlags, waitFlags, waitUntil } from '../waiting.ts'
import type { CommandLine, World } from '../world.ts'

interface Flags extends PlanFlags, WaitFlags {
  readonly yes: boolean
}

export const assign = buildCommand<Flags, [], CommandLine>({
  docs: {
    brief: 'Assign apps: show what it does, ask, apply',
    fullDescription: [
      'The change is laid over the assignments that the app has now; with --only it replaces them. What is applied',
      'is what was shown: when the facts moved in between, nothing is changed (exit code 4).',
    ].join('\n'),
  },
  parameters: { flags: { ...planFlags, yes: yesFlag, ...waitFlags }, aliases: { y: 'yes' } },
  async func(flags) {
    const { world } = this
    requireYesToApply(world, flags.yes)
    const client = await connect(world)
    const plan = await planChange(client, flags, world)
    if (!flags.json) remark(world, describePlan(plan, world.stderr))
    if (flags.strict) refuseLeftOut(plan)
    await agreeToPlan(world, flags.yes)
    const { applied, saved } = await apply({ client, world }, plan)
    if (flags.wait) await waitForLicenses({ client, world, timeout: flags.timeout }, applied)
    report(world, flags.json, saved, () => describeSaved(saved, world))
  },
})

function describeSaved({ assignments }: Answer<'applyPlan'>, world: World): string {
  const areOfOne = new Set(assignments.map(({ assetId }) => assetId)).size < 2
  return `Saved.\n\n${describeAssignments(assignments, { world, withApps: !areOfOne })}`
}

interface Waiting {
  readonly client: ApiClient
  readonly world: World
  readonly timeout: number
}

/** Until nothing of these apps is under way at Apple, and at least what was planned has been asked for. */
async function waitForLicenses({ client, world, timeout }: Waiting, { assets }: Plan): Promise<void> {
  const progress = progressOf(world)
  try {
    await waitUntil(world, timeout, async () => {
      let [held, granting, done] = [0, 0, 0]
      for (const asset of assets) {
        const seen = await look(client, asset)
        held += seen.held
        granting += seen.granting
        done += seen.isDone ? 1 : 0
      }
      progress.show(`${held} licenses held, ${granting} on their way`)
      return done === assets.length ? done : null
    })
  } finally {
    progress.end()
  }
}

/** How far one app is. */
async function look(
  client: ApiClient,
  { assetId, outcome }: Plan['assets'][number],
): Promise<{ readonly held: number; readonly granting: number; readonly isDone: boolean }> {
  const path = { id: assetId }
  const { counts } = unwrap(await client.GET('/api/v1/assets/{id}', { params: { path } }))
  const query = { assetId, open: 'true', limit: 1 }
  const { items } = unwrap(await client.GET('/api/v1/operations', { params: { query } }))
  const { used, granting } = counts
  const isDone = items.length === 0 && granting === 0 && used === outcome.licenses.usedAfter
  return { held: used - granting, granting, isDone }
}
