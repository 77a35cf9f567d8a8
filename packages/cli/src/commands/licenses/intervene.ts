/** `apportion licenses take-back`, `free` and `adopt`: preview, ask, apply and, when wished, wait (L6, S5). */
import { unwrap } from '@apportion/api-client/client'
import { buildCommand } from '@stricli/core'
import { type CarryOutFlags, carryOut, carryOutFlags, refuseUnasked } from '../../carrying-out.ts'
import { connect } from '../../connection.ts'
import { askedScope, type ScopeFlags, scopeFlags, type Wish } from '../../intervening.ts'
import type { CommandLine, World } from '../../world.ts'

interface Flags extends ScopeFlags, CarryOutFlags {}

const flags = { ...scopeFlags, ...carryOutFlags } as const

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
  refuseUnasked(world, common)
  const client = await connect(world)
  const body = { ...wish, scope: await askedScope(client, common) }
  const preview = unwrap(await client.POST('/api/v1/interventions', { body }))
  await carryOut({ client, world }, preview, common)
}
