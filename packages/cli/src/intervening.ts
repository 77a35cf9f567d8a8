/** What taking back, freeing and adopting have in common: the scope, a preview instead of another, waiting for the end. */
import { type Answer, type ApiClient, type Body, type Problem, unwrap } from '@apportion/api-client/client'
import { optionalText } from './fact-flags.ts'
import { usageFailure } from './failure.ts'
import { findAsset } from './lookup/asset.ts'
import { findToken } from './lookup/token.ts'
import { findUser } from './lookup/user.ts'
import { progressOf, waitUntil } from './waiting.ts'
import type { World } from './world.ts'

export type Intervention = Answer<'getIntervention'>
export type Wish = Body<'createIntervention'>

/** Which licenses: what fits everything that is named. */
export interface ScopeFlags {
  readonly device: string | undefined
  readonly user: string | undefined
  readonly app: string | undefined
  readonly token: string | undefined
  readonly everything: boolean
}

export const scopeFlags = {
  device: optionalText('What this device holds', 'SERIAL'),
  user: optionalText('What this user holds, and the devices of that user', 'USER'),
  app: optionalText('Of this app: id, adamId or name', 'APP'),
  token: optionalText('Of this content token', 'TOKEN'),
  everything: {
    kind: 'boolean',
    brief: 'Every license of every location',
    default: false,
    withNegated: false,
  },
} as const

/** Throws `usage.scope` when nothing, or too much, is named. */
export async function askedScope(client: ApiClient, flags: ScopeFlags): Promise<Wish['scope']> {
  const { device, user, app, token, everything } = flags
  const isNamed = [device, user, app, token].some((part) => part !== undefined)
  if (everything && isNamed)
    throw usageFailure('usage.scope', '--everything goes without --device, --user, --app and --token')
  if (everything) return { everything: true }
  if (!isNamed)
    throw usageFailure('usage.scope', 'Say what: --device, --user, --app, --token or --everything')
  if (device !== undefined && user !== undefined) {
    throw usageFailure('usage.scope', 'Say --device or --user, not both')
  }
  const tokenId = token === undefined ? undefined : (await findToken(client, token)).id
  return {
    ...(device === undefined ? {} : { serialNumber: device }),
    ...(user === undefined ? {} : { userId: (await findUser(client, user)).id }),
    ...(app === undefined ? {} : { assetId: (await findAsset(client, { app, tokenId })).id }),
    ...(tokenId === undefined ? {} : { tokenId }),
  }
}

/** The preview that the server offers instead of one that no longer fits. */
export function instead({ code, facts }: Problem): Intervention | null {
  if (code !== 'intervention.world_moved') return null
  const { intervention } = facts
  // The problem's facts are open by contract; this code promises a preview as `createIntervention` answers it.
  return typeof intervention === 'object' && intervention !== null && 'preview' in intervention
    ? (intervention as Intervention)
    : null
}

/** Until Apple has answered for every license. */
export async function waitForRecord(
  { client, world, timeout }: { readonly client: ApiClient; readonly world: World; readonly timeout: number },
  id: string,
): Promise<Intervention> {
  const progress = progressOf(world)
  try {
    return await waitUntil(world, timeout, async () => {
      const record = unwrap(await client.GET('/api/v1/interventions/{id}', { params: { path: { id } } }))
      const open = record.counts
        .filter(({ outcome }) => outcome === 'asked' || outcome === 'giving')
        .reduce((sum, { count }) => sum + count, 0)
      progress.show(`${record.appsDone} of ${record.appsTotal} apps asked for, ${open} licenses on their way`)
      return record.state === 'done' ? record : null
    })
  } finally {
    progress.end()
  }
}
