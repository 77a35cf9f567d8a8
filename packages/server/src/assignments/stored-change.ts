/** What a plan was asked for, as the API tells it and as it is stored. */
import { z } from 'zod'
import type { PlanChange } from './plan-change.ts'
import { wantedAssignment } from './schema.ts'
import type { WantedAssignment } from './store.ts'

const storedWanted = wantedAssignment.extend({ intent: wantedAssignment.shape.intent.nullable() })

const stored = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('assignments'),
    changes: z.array(z.object({ assetId: z.number().int(), wanted: z.array(storedWanted) })),
  }),
  z.object({
    kind: z.literal('group'),
    groupId: z.number().int(),
    add: z.array(z.string()),
    remove: z.array(z.string()),
    addGroups: z.array(z.number().int()),
    removeGroups: z.array(z.number().int()),
  }),
])

/** Reads a stored change. @throws Error when it is none: nobody but us has written it */
export function storedChange(json: unknown): PlanChange {
  const change = stored.parse(json)
  if (change.kind === 'group') return change
  return {
    kind: 'assignments',
    changes: change.changes.map(({ assetId, wanted }) => ({
      assetId,
      wanted: wanted.map((each) => wantedFrom({ ...each, intent: each.intent ?? undefined }, 'device')),
    })),
  }
}

/** An assignment as it was asked for. What was left out is filled in: `usual` is the type of license then. */
export function wantedFrom(
  { intent, licenseType, rollout, ...rest }: z.output<typeof wantedAssignment>,
  usual: 'device' | 'user',
): WantedAssignment {
  return {
    ...rest,
    intent: rest.mode === 'exclude' ? null : (intent ?? null),
    licenseType: licenseType ?? usual,
    settings: known(rest.settings),
    reclaim: known(rest.reclaim),
    rollout: rollout === null ? null : { waves: rollout.waves, stopAtPercent: rollout.stopAtPercent },
  }
}

/** Without what is undefined. */
function known<T extends object>(all: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]: Exclude<T[Key], undefined>
  }
}
