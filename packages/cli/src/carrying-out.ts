/** From a preview to the end: shown, asked about, applied and, when wished, waited for (L6, S5, L11). */
import { type ApiClient, Problem, unwrap } from '@apportion/api-client/client'
import { agree, requireYes, yesFlag } from './consent.ts'
import { CommandFailure } from './failure.ts'
import { type Intervention, instead, waitForRecord } from './intervening.ts'
import { describePreview, describeRecord } from './output/intervention.ts'
import { type JsonFlag, jsonFlag, remark, report } from './output/report.ts'
import { type WaitFlags, waitFlags } from './waiting.ts'
import type { World } from './world.ts'

export interface CarryOutFlags extends JsonFlag, WaitFlags {
  readonly yes: boolean
}

export const carryOutFlags = {
  yes: yesFlag,
  ...waitFlags,
  json: jsonFlag,
} as const

/** Throws `usage.not_interactive` where nobody could be asked. */
export function refuseUnasked(world: World, { yes }: CarryOutFlags): void {
  requireYes(world, yes, 'do it without being asked')
}

/** Does what was previewed; throws `intervention.nothing_to_do` and `intervention.declined`. */
export async function carryOut(
  { client, world }: { readonly client: ApiClient; readonly world: World },
  preview: Intervention,
  { yes, json, wait, timeout }: CarryOutFlags,
): Promise<void> {
  let shown = preview
  if (!json) remark(world, describePreview(shown, world.stderr))
  let begun: Intervention | null = null
  while (begun === null) {
    if (changesNothing(shown)) throw new CommandFailure('intervention.nothing_to_do', nothingToDo)
    await agree(world, yes, consent)
    const path = { id: shown.id }
    try {
      begun = unwrap(await client.POST('/api/v1/interventions/{id}/apply', { params: { path } }))
    } catch (failure) {
      const moved = failure instanceof Problem && world.questions !== null && !yes ? instead(failure) : null
      if (moved === null) throw failure
      shown = moved
      remark(
        world,
        `The facts moved since this was shown. It would now do this:\n${describePreview(shown, world.stderr)}`,
      )
    }
  }
  const record = wait ? await waitForRecord({ client, world, timeout }, begun.id) : begun
  report(world, json, record, () => describeRecord(record, world))
}

const nothingToDo = 'Nothing was done: every license is passed over, for the reasons above.'

function changesNothing({ preview }: Intervention): boolean {
  return preview.licenses + preview.waitingWithheld + preview.queued === 0
}

const consent = {
  question: 'Do this?',
  declined: 'intervention.declined',
  outcome: 'Nothing was done.',
} as const
