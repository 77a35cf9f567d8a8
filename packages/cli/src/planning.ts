/** What `plan` and `assign` share: finding the app and the groups, making the plan, showing it (A4). */
import { type Answer, type ApiClient, unwrap } from '@apportion/api-client/client'
import { usageFailure } from './failure.ts'
import { type Asset, findAsset } from './lookup/asset.ts'
import { findGroup } from './lookup/group.ts'
import { findToken } from './lookup/token.ts'
import { type JsonFlag, jsonFlag } from './output/report.ts'
import { fetchPages } from './pages.ts'
import { type AssignmentChange, type Intent, wantedAssignments } from './wanted-assignments.ts'

export type Plan = Answer<'createPlan'>

export interface PlanFlags extends JsonFlag {
  readonly app: string
  readonly token: string | undefined
  readonly group: readonly string[] | undefined
  readonly intent: Intent
  readonly exclude: readonly string[] | undefined
  readonly remove: readonly string[] | undefined
  readonly only: boolean
  readonly strict: boolean
}

const groupFlag = {
  kind: 'parsed',
  parse: String,
  variadic: true,
  optional: true,
  placeholder: 'GROUP',
} as const

/** The flags with which a person says what shall be assigned. */
export const planFlags = {
  app: { kind: 'parsed', parse: String, brief: 'The app: id, adamId or name', placeholder: 'APP' },
  token: {
    kind: 'parsed',
    parse: String,
    optional: true,
    brief: 'The content token, when several own it',
    placeholder: 'TOKEN',
  },
  group: { ...groupFlag, brief: 'Give it to this group, by name or id; may be repeated' },
  intent: {
    kind: 'enum',
    values: ['required', 'uninstall'],
    default: 'required',
    brief: 'What the groups get',
  },
  exclude: { ...groupFlag, brief: 'Leave out the members of this group; may be repeated' },
  remove: { ...groupFlag, brief: 'End the assignment to this group; may be repeated' },
  only: {
    kind: 'boolean',
    brief: 'Forget the assignments that the app has now',
    default: false,
    withNegated: false,
  },
  strict: {
    kind: 'boolean',
    brief: 'Exit with 6 when devices wait or cannot get it',
    default: false,
    withNegated: false,
  },
  json: jsonFlag,
} as const

/** A plan, and what it is for. */
export interface PlannedChange {
  readonly asset: Asset
  readonly plan: Plan
}

/** Asks the server what the change would do. Nothing is changed. */
export async function planChange(client: ApiClient, flags: PlanFlags): Promise<PlannedChange> {
  const { group = [], exclude = [], remove = [], only, intent } = flags
  if (group.length + exclude.length + remove.length === 0 && !only) {
    throw usageFailure(
      'usage.no_change',
      'Nothing was asked for. Give --group, --exclude or --remove; --only alone ends all assignments',
    )
  }
  const tokenId = flags.token === undefined ? undefined : (await findToken(client, flags.token)).id
  const asset = await findAsset(client, { app: flags.app, tokenId })
  const change: AssignmentChange = {
    include: await groupIds(client, group),
    intent,
    exclude: await groupIds(client, exclude),
    remove: await groupIds(client, remove),
    only,
  }
  const present = await fetchPages({ limit: 0, all: true }, async (page) =>
    unwrap(await client.GET('/api/v1/assignments', { params: { query: { ...page, assetId: asset.id } } })),
  )
  const wanted = [...wantedAssignments(present.items, change)]
  const plan = unwrap(await client.POST('/api/v1/plans', { body: { assetId: asset.id, wanted } }))
  return { asset, plan }
}

async function groupIds(client: ApiClient, names: readonly string[]): Promise<readonly number[]> {
  const ids: number[] = []
  for (const name of names) ids.push((await findGroup(client, name)).id)
  return ids
}
