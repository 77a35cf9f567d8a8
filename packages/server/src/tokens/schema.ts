/** The HTTP contract of content tokens and their locations (T1 to T4, S1, S6). */
import { z } from 'zod'
import { defineContract } from '../platform/http/routes.ts'
import { idParams, moment, pageOf, pageQuery, searchQuery } from '../platform/http/shapes.ts'

/** T3. In order of urgency when several hold: elsewhere, revoked, invalid, expired, expiring, valid. */
export const tokenState = z.enum(['valid', 'expiring', 'expired', 'revoked', 'invalid', 'managed_elsewhere'])

export const syncRun = z.object({
  id: z.uuid(),
  cause: z
    .enum(['first', 'schedule', 'administrator', 'drift', 'sweep'])
    .describe('drift: something did not add up; sweep: a look in between that found something'),
  scope: z
    .enum(['changes', 'everything'])
    .describe('What changed since the last look, or every license one by one'),
  state: z.enum(['waiting', 'running', 'done', 'failed']),
  phase: z.enum(['connect', 'assets', 'users', 'licenses', 'compare', 'titles']).nullable(),
  askedAt: moment,
  startedAt: moment.nullable(),
  finishedAt: moment.nullable(),
  pagesDone: z.number().int(),
  pagesTotal: z.number().int().nullable().describe('Pages of the present phase, once known'),
  assetsSeen: z.number().int(),
  usersSeen: z.number().int(),
  licensesSeen: z.number().int(),
  licensesFound: z.number().int().describe('Licenses that Apple has and we did not know'),
  licensesGone: z.number().int().describe('Licenses that we knew and Apple no longer has'),
  assetsReread: z.number().int().describe('Assets read anew because their counts did not add up'),
  problem: z.object({ code: z.string(), detail: z.string() }).nullable(),
})

const licenseCounts = z.object({
  assets: z.number().int(),
  total: z.number().int().describe('Without unlimited assets'),
  used: z.number().int().describe('Without unlimited assets'),
  available: z.number().int(),
  waiting: z.number().int(),
  heldOutside: z.number().int().describe('Of used, without unlimited assets'),
})

export const token = z.object({
  id: z.number().int(),
  name: z.string().describe('The name the administrator gave'),
  uid: z.string().describe("Apple's id of the location"),
  organizationName: z.string(),
  locationName: z.string().nullable(),
  account: z.string().nullable().describe('The managed Apple Account the token belongs to'),
  accountType: z.enum(['business', 'education']),
  country: z.string().length(2),
  automaticUpdates: z.boolean(),
  state: tokenState,
  stateReason: z.string().describe('One sentence: what holds and what to do'),
  managedBy: z.object({ id: z.string().nullable(), name: z.string().nullable() }).nullable(),
  expiresAt: moment,
  uploadedAt: moment,
  syncEveryMinutes: z.number().int(),
  nextSyncAt: moment,
  exactAsOf: moment.nullable().describe('When counts and holders were last known to agree with Apple'),
  comparedAt: moment
    .nullable()
    .describe('When every license was last compared one by one; once a week by itself'),
  sweep: z
    .object({
      at: moment.nullable().describe('When counts and changes were last read'),
      problem: z.object({ code: z.string(), detail: z.string() }).nullable(),
    })
    .describe('The look every few minutes between two syncs'),
  notifications: z.enum(['on', 'off']).describe('Whether Apple notifies us; polling works without'),
  latestSync: syncRun.nullable(),
  counts: licenseCounts,
})

const content = z
  .string()
  .max(65_536)
  .describe('The text of the .vpptoken file, exactly as downloaded from Apple')

/** What a token says and what Apple says of its location, before anything is stored. */
export const tokenInspection = z.object({
  organizationName: z.string(),
  expiresAt: moment,
  uid: z.string(),
  locationName: z.string().nullable(),
  country: z.string().length(2),
  accountType: z.enum(['business', 'education']),
  suggestedName: z.string(),
  holder: z
    .object({ id: z.string().nullable(), name: z.string().nullable(), metadata: z.string().nullable() })
    .nullable()
    .describe('Another device-management service that holds this location at Apple'),
  known: z.object({ tokenId: z.number().int(), name: z.string() }).nullable(),
})

export const inspectToken = defineContract({
  method: 'POST',
  url: '/api/v1/tokens/inspections',
  operationId: 'inspectToken',
  summary: 'Read a content token and ask Apple about its location, without storing anything',
  tags: ['Content tokens'],
  access: 'administrator',
  body: z.object({ content }),
  response: { 200: tokenInspection },
})

export const addToken = defineContract({
  method: 'POST',
  url: '/api/v1/tokens',
  operationId: 'addToken',
  summary: 'Add a content token: claim its location at Apple and start the first sync',
  tags: ['Content tokens'],
  access: 'administrator',
  body: z.object({
    content,
    name: z.string().trim().min(1).max(200).optional().describe('Default: the location’s name at Apple'),
    account: z.string().trim().max(320).optional(),
    accountType: z.enum(['business', 'education']).optional().describe('Default: as Apple says'),
    country: z
      .string()
      .regex(/^[A-Z]{2}$/)
      .optional()
      .describe('Default: as Apple says'),
    automaticUpdates: z.boolean().default(false),
    consent: z.boolean().describe('Consent to send serial numbers and user ids to Apple; must be true'),
    takeOver: z
      .boolean()
      .default(false)
      .describe('Take the location over from another device-management service'),
  }),
  response: { 201: token },
})

export const listTokens = defineContract({
  method: 'GET',
  url: '/api/v1/tokens',
  operationId: 'listTokens',
  summary: 'Content tokens with their state, sync and counts',
  tags: ['Content tokens'],
  access: 'administrator',
  querystring: pageQuery.extend({ q: searchQuery }),
  response: { 200: pageOf(token) },
})

export const getToken = defineContract({
  method: 'GET',
  url: '/api/v1/tokens/:id',
  operationId: 'getToken',
  summary: 'One content token',
  tags: ['Content tokens'],
  access: 'administrator',
  params: idParams,
  response: { 200: token },
})

export const updateToken = defineContract({
  method: 'PATCH',
  url: '/api/v1/tokens/:id',
  operationId: 'updateToken',
  summary: 'Change the name, the account, automatic updates or the sync interval',
  tags: ['Content tokens'],
  access: 'administrator',
  params: idParams,
  body: z.object({
    name: z.string().trim().min(1).max(200).optional(),
    account: z.string().trim().max(320).nullable().optional(),
    automaticUpdates: z.boolean().optional(),
    syncEveryMinutes: z.number().int().min(15).max(10_080).optional(),
  }),
  response: { 200: token },
})

export const renewToken = defineContract({
  method: 'PUT',
  url: '/api/v1/tokens/:id/content',
  operationId: 'renewToken',
  summary: 'Renew a content token in place; the new file must open the same location (T5)',
  tags: ['Content tokens'],
  access: 'administrator',
  params: idParams,
  body: z.object({ content }),
  response: { 200: token },
})

export const claimToken = defineContract({
  method: 'POST',
  url: '/api/v1/tokens/:id/claim',
  operationId: 'claimToken',
  summary: 'Take the location over (again) from another device-management service (T4)',
  tags: ['Content tokens'],
  access: 'administrator',
  params: idParams,
  body: z.object({
    takeOver: z.literal(true).describe('Explicit consent: the other service loses the location'),
  }),
  response: { 200: token },
})

export const startSync = defineContract({
  method: 'POST',
  url: '/api/v1/tokens/:id/syncs',
  operationId: 'startSync',
  summary: 'Sync now; one that waits or runs already is returned instead of a second',
  tags: ['Content tokens'],
  access: 'administrator',
  params: idParams,
  querystring: z.object({
    everything: z
      .stringbool()
      .default(false)
      .describe('Compare every license one by one, not only what changed'),
  }),
  response: { 202: syncRun },
})

export const listSyncs = defineContract({
  method: 'GET',
  url: '/api/v1/tokens/:id/syncs',
  operationId: 'listSyncs',
  summary: 'Sync history, newest first',
  tags: ['Content tokens'],
  access: 'administrator',
  params: idParams,
  querystring: pageQuery,
  response: { 200: pageOf(syncRun) },
})
