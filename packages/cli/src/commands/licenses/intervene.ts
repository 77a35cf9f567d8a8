/** `apportion licenses take-back`, `free` and `adopt`: preview, ask, apply and, when wished, wait (L6, S5). */
import { Problem, unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { connect } from '../../connection.ts'
import { CommandFailure, usageFailure } from '../../failure.ts'
import {
  askedScope,
  type Intervention,
  instead,
  type ScopeFlags,
  scopeFlags,
  type Wish,
  waitForRecord,
} from '../../intervening.ts'
import { describePreview, describeRecord } from '../../output/intervention.ts'
import { type JsonFlag, jsonFlag, remark, report } from '../../output/report.ts'
import { type WaitFlags, waitFlags } from '../../waiting.ts'
import type { CommandLine, World } from '../../world.ts'

interface Flags extends ScopeFlags, JsonFlag, WaitFlags {
  readonly yes: boolean
}

const flags = {
  ...scopeFlags,
  yes: { kind: 'boolean', brief: 'Apply without asking', default: false, withNegated: false },
  ...waitFlags,
  json: jsonFlag,
} as const

const withhold = {
  kind: 'boolean',
  brief: 'Also what an assignment still requires; it is withheld until given again',
  default: false,
  withNegated: false,
} as const

const afterwards =
  'What is done is what was shown: when the facts moved in between, nothing is done (exit code 4).'

interface TakeBackFlags extends Flags {
  readonly withhold: boolean
  readonly includeOutside: boolean
}

export const takeBack = buildCommand<TakeBackFlags, [], CommandLine>({
  docs: {
    brief: 'Take licenses back: show what it does, ask, do it',
    fullDescription: [
      'Only what Apportion gave, unless --include-outside says otherwise. What an assignment still requires is left,',
      `unless --withhold says otherwise. ${afterwards}`,
    ].join('\n'),
  },
  parameters: {
    flags: {
      ...flags,
      withhold,
      includeOutside: {
        kind: 'boolean',
        brief: 'Also what another system or person gave',
        default: false,
        withNegated: false,
      },
    },
    aliases: { y: 'yes' },
  },
  func({ withhold: wanted, includeOutside, ...common }) {
    const wish = { kind: 'take_back', required: wanted ? 'withhold' : 'leave', includeOutside } as const
    return intervene(this.world, wish, common)
  },
})

export const free = buildCommand<Flags & { readonly withhold: boolean }, [], CommandLine>({
  docs: {
    brief: 'Free what is held outside Apportion: show, ask, do it',
    fullDescription: `What another system or person gave comes back. ${afterwards}`,
  },
  parameters: { flags: { ...flags, withhold }, aliases: { y: 'yes' } },
  func({ withhold: wanted, ...common }) {
    return intervene(this.world, { kind: 'free', required: wanted ? 'withhold' : 'leave' }, common)
  },
})

export const adopt = buildCommand<Flags & { readonly unassigned: boolean }, [], CommandLine>({
  docs: {
    brief: 'Adopt what is held outside Apportion: show, ask, do it',
    fullDescription: [
      'It becomes ours, and assignments apply to it from then on. What no assignment requires is left outside, unless',
      `--unassigned says otherwise; it is taken back then. ${afterwards}`,
    ].join('\n'),
  },
  parameters: {
    flags: {
      ...flags,
      unassigned: {
        kind: 'boolean',
        brief: 'Also what no assignment requires; it is taken back then',
        default: false,
        withNegated: false,
      },
    },
    aliases: { y: 'yes' },
  },
  func({ unassigned, ...common }) {
    return intervene(this.world, { kind: 'adopt', unassigned: unassigned ? 'take_back' : 'leave' }, common)
  },
})

async function intervene(world: World, wish: Omit<Wish, 'scope'>, common: Flags): Promise<void> {
  const { yes, json, wait, timeout } = common
  if (!yes && world.questions === null) {
    throw usageFailure(
      'usage.not_interactive',
      'Nobody is there to ask. To do it without being asked, add --yes',
    )
  }
  const client = await connect(world)
  const body = { ...wish, scope: await askedScope(client, common) }
  let shown = unwrap(await client.POST('/api/v1/interventions', { body }))
  if (!json) remark(world, describePreview(shown, world.stderr))
  let begun: Intervention | null = null
  while (begun === null) {
    if (changesNothing(shown)) throw new CommandFailure('intervention.nothing_to_do', nothingToDo)
    await agree(world, yes)
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
  return preview.licenses + preview.waitingWithheld === 0
}

async function agree({ questions }: World, yes: boolean): Promise<void> {
  if (yes || questions === null || (await questions.confirm('Do this?'))) return
  throw new CommandFailure('intervention.declined', 'Nothing was done.')
}
