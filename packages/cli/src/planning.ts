/** What `plan` and `assign` share: finding the apps and the groups, and making the plan (A4). */
import { type Answer, type ApiClient, unwrap } from '@apportion/api-client/client'
import type { AssetChange } from './assignment-terms.ts'
import { attention, usageFailure } from './failure.ts'
import { findAsset } from './lookup/asset.ts'
import { findGroup } from './lookup/group.ts'
import { findToken } from './lookup/token.ts'
import { type JsonFlag, jsonFlag } from './output/report.ts'
import { fetchPages } from './pages.ts'
import { askedTerms, type TermsFlags, termsFlags } from './terms-flags.ts'
import { type AssignmentChange, wantedAssignments } from './wanted-assignments.ts'
import type { World } from './world.ts'

export type Plan = Answer<'createPlan'>
/** What a plan would do: to all its assets together, or to one. */
export type Outcome = Plan['outcome']

export interface PlanFlags extends TermsFlags, StrictFlag, JsonFlag {
  readonly app: readonly string[]
  readonly token: string | undefined
  readonly group: readonly string[] | undefined
  readonly exclude: readonly string[] | undefined
  readonly remove: readonly string[] | undefined
  readonly only: boolean
}

/** `--strict`, which every command that plans has. */
export interface StrictFlag {
  readonly strict: boolean
}

export const strictFlag = {
  kind: 'boolean',
  brief: 'Exit with 6 when somebody waits or cannot get it',
  default: false,
  withNegated: false,
} as const

const groupFlag = {
  kind: 'parsed',
  parse: String,
  variadic: true,
  optional: true,
  placeholder: 'GROUP',
} as const

/** The flags with which a person says what shall be assigned. */
export const planFlags = {
  app: {
    kind: 'parsed',
    parse: String,
    variadic: true,
    brief: 'The app: id, adamId or name; repeated, one plan for all of them',
    placeholder: 'APP',
  },
  token: {
    kind: 'parsed',
    parse: String,
    optional: true,
    brief: 'The content token, when several own it',
    placeholder: 'TOKEN',
  },
  group: { ...groupFlag, brief: 'Give it to this group, by name or id; may be repeated' },
  ...termsFlags,
  exclude: { ...groupFlag, brief: 'Leave out the members of this group; may be repeated' },
  remove: { ...groupFlag, brief: 'End the assignment to this group; may be repeated' },
  only: {
    kind: 'boolean',
    brief: 'Forget the assignments that the app has now',
    default: false,
    withNegated: false,
  },
  strict: strictFlag,
  json: jsonFlag,
} as const

/** Asks the server what the change would do. Nothing is changed. */
export async function planChange(
  client: ApiClient,
  flags: PlanFlags,
  world: Pick<World, 'readFile'>,
): Promise<Plan> {
  const { group = [], exclude = [], remove = [], only } = flags
  const terms = await askedTerms(flags, world)
  refuseNothing({ groups: group.length + exclude.length + remove.length, only })
  refuseTermsOfNobody(group, Object.keys(terms).length)
  const tokenId = flags.token === undefined ? undefined : (await findToken(client, flags.token)).id
  const assetIds = new Set<number>()
  for (const app of flags.app) assetIds.add((await findAsset(client, { app, tokenId })).id)
  const change: AssignmentChange = {
    include: await groupIds(client, group),
    terms,
    exclude: await groupIds(client, exclude),
    remove: await groupIds(client, remove),
    only,
  }
  const changes: AssetChange[] = []
  for (const assetId of assetIds) changes.push(await changeOf(client, assetId, change))
  const [first] = changes
  const body = first !== undefined && changes.length === 1 ? first : { changes }
  return unwrap(await client.POST('/api/v1/plans', { body }))
}

function refuseNothing({ groups, only }: { readonly groups: number; readonly only: boolean }): void {
  if (groups > 0 || only) return
  throw usageFailure(
    'usage.no_change',
    'Nothing was asked for. Give --group, --exclude or --remove; --only alone ends all assignments',
  )
}

/** What an assignment says is said of the groups that are named. */
function refuseTermsOfNobody(group: readonly string[], terms: number): void {
  if (group.length > 0 || terms === 0) return
  throw usageFailure(
    'usage.no_group',
    'What is said of an assignment needs the group whose assignment it is: add --group GROUP',
  )
}

async function changeOf(client: ApiClient, assetId: number, change: AssignmentChange): Promise<AssetChange> {
  const present = await fetchPages({ limit: 0, all: true }, async (page) =>
    unwrap(await client.GET('/api/v1/assignments', { params: { query: { ...page, assetId } } })),
  )
  return { assetId, wanted: [...wantedAssignments(present.items, change)] }
}

async function groupIds(client: ApiClient, names: readonly string[]): Promise<readonly number[]> {
  const ids: number[] = []
  for (const name of names) ids.push((await findGroup(client, name)).id)
  return ids
}

/** With `--strict`, a plan that leaves somebody out is something to attend to. Throws `plan.leaves_out`. */
export function refuseLeftOut({ outcome: { waits, cannot } }: Plan): void {
  if (waits.count + cannot.count === 0) return
  throw attention(
    'plan.leaves_out',
    `${waits.count} would wait for a license and ${cannot.count} cannot get the app.`,
  )
}
