/** The HTTP contract of assets, their counts and their holders (L1, C1, C4) and of operations at Apple. */
import { z } from 'zod'
import { defineContract } from '../platform/http/routes.ts'
import { addressId, idParams, moment, pageOf, pageQuery, searchQuery } from '../platform/http/shapes.ts'

const csv = {
  contentType: 'text/csv; charset=utf-8',
  description: 'Comma-separated, with a header row',
} as const

const title = z.object({
  name: z.string().describe("Apple's name; the adamId while it is not known"),
  nameKnown: z.boolean(),
  kind: z.enum(['app', 'mac_app', 'book']),
  publisher: z.string().nullable(),
  bundleId: z.string().nullable(),
  version: z.string().nullable(),
  minimumOs: z.string().nullable(),
  priceText: z.string().nullable(),
  genres: z.array(z.string()),
  storeUrl: z.string().nullable(),
  description: z.string().nullable(),
  isCustom: z.boolean(),
  iconUrl: z.string().nullable().describe('Served by this server'),
})

/** used + available + retired = total. `used` counts licenses held and grants on their way. */
const counts = z.object({
  unlimited: z.boolean().describe('S7: then total and available are null'),
  total: z.number().int().nullable(),
  used: z.number().int(),
  available: z.number().int().nullable(),
  retired: z.number().int(),
  granting: z.number().int().describe('Of used: asked of Apple, not yet confirmed'),
  heldOutside: z.number().int().describe('Of used: not given by us, never released by us'),
  waiting: z.number().int().describe('Required targets without a license'),
  withheld: z.number().int().describe('Required targets from which it was taken back; not waiting'),
})

/** C4. `changed`: name, price, unlimited or not, or back again, in the last 30 days. */
export const noticeCode = z.enum(['not_licensed', 'not_in_store', 'not_device_assignable', 'changed'])

/** What a list shows: by counts, or by what was noticed (C4). */
export const shown = z.enum(['all', 'waiting', 'shortage', 'unused', ...noticeCode.options])

export const platformName = z.enum(['iOS', 'iPadOS', 'macOS', 'tvOS', 'watchOS', 'visionOS'])

export const titleKind = z.enum(['app', 'mac_app', 'book'])

export const asset = z.object({
  id: z.number().int(),
  adamId: z.string(),
  pricingParam: z.string(),
  token: z.object({
    id: z.number().int(),
    name: z.string(),
    exactAsOf: moment
      .nullable()
      .describe('When counts and holders of the location were last known to agree with Apple'),
  }),
  title,
  platforms: z.array(platformName).describe('C2: by the license service or the store'),
  deviceAssignable: z.boolean(),
  revocable: z.boolean(),
  counts,
  assignments: z.number().int().describe('Assignments of this asset'),
  countedAt: moment,
  notices: z
    .array(z.object({ code: noticeCode, since: moment }))
    .describe('C4: what was noticed, the gravest first'),
  goneAt: moment.nullable().describe('Since when Apple no longer lists it'),
})

export const listAssets = defineContract({
  method: 'GET',
  url: '/api/v1/assets',
  operationId: 'listAssets',
  summary: 'Apps and books that are owned, one row per location, with counts',
  tags: ['Apps and books'],
  access: 'administrator',
  querystring: pageQuery.extend({
    q: searchQuery.describe('Part of the name, publisher, bundle id or adamId'),
    tokenId: addressId.optional(),
    adamId: z
      .string()
      .regex(/^[0-9]{1,20}$/)
      .optional()
      .describe('Only the pools of this title'),
    kind: titleKind.optional(),
    platform: platformName.optional(),
    show: shown.default('all'),
    sort: z.enum(['name', 'available', 'used', 'waiting', 'token']).default('name'),
  }),
  response: { 200: pageOf(asset) },
})

export const exportAssets = defineContract({
  method: 'GET',
  url: '/api/v1/assets.csv',
  operationId: 'exportAssets',
  summary: 'Use per app as CSV, in UTF-8 with a byte order mark',
  tags: ['Apps and books'],
  access: 'administrator',
  querystring: z.object({ tokenId: addressId.optional() }),
  response: { 200: csv },
})

export const getAsset = defineContract({
  method: 'GET',
  url: '/api/v1/assets/:id',
  operationId: 'getAsset',
  summary: 'One app or book at one location',
  tags: ['Apps and books'],
  access: 'administrator',
  params: idParams,
  response: { 200: asset },
})

/** `waiting`, `refused` and `withheld` are targets without a license; the others are states of a license. */
export const holderState = z.enum(['held', 'granting', 'releasing', 'waiting', 'refused', 'withheld'])

const holder = z.object({
  kind: z.enum(['device', 'user']),
  id: z.string().describe('A serial number, or the clientUserId of a user at Apple'),
  deviceId: z.number().int().nullable().describe('Null when the device is not in the directory'),
  deviceName: z.string().nullable(),
  userName: z.string().nullable(),
  state: holderState,
  ours: z.boolean().describe('False: held outside Apportion'),
  since: moment,
  position: z.number().int().nullable().describe('Place in the waiting list, from 1'),
  priority: z.number().int().nullable().describe('Of one who waits: higher is served first, then older'),
  kept: z
    .object({ until: moment.nullable().describe('Null: until somebody takes it back') })
    .nullable()
    .describe('Nobody needs it any more, and a policy or an undo keeps it (L7)'),
  why: z.object({
    code: z.enum([
      'assignment',
      'outside',
      'no_longer_assigned',
      'no_license_left',
      'apple_refused',
      'taken_back',
      'kept',
      'waiting_to_join',
    ]),
    text: z.string().describe('One sentence'),
    assignmentId: z.number().int().nullable(),
    groupName: z.string().nullable(),
    errorNumber: z.number().int().nullable(),
    by: z.string().nullable().describe('taken_back: who did it'),
    interventionId: z.uuid().nullable().describe('taken_back: the record of it'),
  }),
})

export const listHolders = defineContract({
  method: 'GET',
  url: '/api/v1/assets/:id/holders',
  operationId: 'listHolders',
  summary: 'Who holds or waits for a license of this asset, since when and why',
  tags: ['Apps and books'],
  access: 'administrator',
  params: idParams,
  querystring: pageQuery.extend({
    q: searchQuery.describe('Start of the serial number'),
    state: z.enum(['all', 'held', 'outside', 'granting', 'releasing', 'waiting', 'withheld']).default('all'),
  }),
  response: { 200: pageOf(holder) },
})

export const exportHolders = defineContract({
  method: 'GET',
  url: '/api/v1/assets/:id/holders.csv',
  operationId: 'exportHolders',
  summary: 'All holders and those who wait, as CSV in UTF-8 with a byte order mark',
  tags: ['Apps and books'],
  access: 'administrator',
  params: idParams,
  response: { 200: csv },
})

export const operation = z.object({
  id: z.uuid(),
  tokenId: z.number().int(),
  kind: z.enum(['associate', 'disassociate']),
  state: z.enum(['recorded', 'sending', 'sent', 'unknown', 'done', 'partly', 'failed']),
  assets: z.array(z.object({ id: z.number().int(), name: z.string() })),
  holders: z.number().int(),
  tasks: z.number().int(),
  completed: z.number().int(),
  eventId: z.string().nullable(),
  recordedAt: moment,
  sentAt: moment.nullable(),
  finishedAt: moment.nullable(),
  problem: z.object({ number: z.number().int().nullable(), detail: z.string() }).nullable(),
})

export const listOperations = defineContract({
  method: 'GET',
  url: '/api/v1/operations',
  operationId: 'listOperations',
  summary: 'Requests to Apple and their outcome, newest first',
  tags: ['Operations'],
  access: 'administrator',
  querystring: pageQuery.extend({
    tokenId: addressId.optional(),
    assetId: addressId.optional(),
    open: z.stringbool().optional().describe('Only those that have not ended'),
  }),
  response: { 200: pageOf(operation) },
})

export const syncFinding = z.object({
  at: moment,
  change: z.enum(['found', 'vanished', 'granted']).describe('granted: a grant of ours that Apple did late'),
  asset: z.object({ id: z.number().int(), name: z.string() }),
  holder: z.object({
    kind: z.enum(['device', 'user']),
    id: z.string().describe('A serial number, or a clientUserId'),
    name: z.string().nullable().describe('Of the device or user, when the directory knows it'),
  }),
  cause: z.string().describe('One sentence'),
})

export const listSyncFindings = defineContract({
  method: 'GET',
  url: '/api/v1/syncs/:id/findings',
  operationId: 'listSyncFindings',
  summary: 'What a sync found that we did not know: licenses that turned up or vanished, one by one',
  tags: ['Content tokens'],
  access: 'administrator',
  params: z.object({ id: z.uuid() }),
  querystring: pageQuery,
  response: { 200: pageOf(syncFinding) },
})
