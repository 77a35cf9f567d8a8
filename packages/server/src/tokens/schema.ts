/** The HTTP contract of content tokens and their locations (T1 to T4, S1, S6). */
import { z } from 'zod'
import { defineContract } from '../platform/http/routes.ts'
import { idParams, moment, pageOf, pageQuery, searchQuery } from '../platform/http/shapes.ts'
import { syncRun, token, tokenInspection, updateHours } from './shapes.ts'

const countryCode = z.string().regex(/^[A-Z]{2}$/)

const content = z
  .string()
  .max(65_536)
  .describe('The text of the .vpptoken file, exactly as downloaded from Apple')

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
    country: countryCode.optional().describe('Default: as Apple says'),
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
  summary: 'Change the name, the account, the store, automatic updates or the sync interval',
  description:
    'With another country, names, icons and store links change at the next sync, which is asked for; titles that are not sold there stay as they are (T7).',
  tags: ['Content tokens'],
  access: 'administrator',
  params: idParams,
  body: z.object({
    name: z.string().trim().min(1).max(200).optional(),
    account: z.string().trim().max(320).nullable().optional(),
    automaticUpdates: z.boolean().optional(),
    updateHours: updateHours
      .nullable()
      .optional()
      .describe('In the device’s own time zone, else in `zone`; null: at any hour'),
    syncEveryMinutes: z.number().int().min(15).max(10_080).optional(),
    country: countryCode.optional(),
    accountType: z.enum(['business', 'education']).optional(),
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
  body: z.object({
    content,
    acceptEarlier: z.boolean().default(false).describe('The new token may expire before the present one'),
  }),
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

export const previewCountry = defineContract({
  method: 'GET',
  url: '/api/v1/tokens/:id/country-change',
  operationId: 'previewCountryChange',
  summary: 'What another country of the store would change (T7)',
  tags: ['Content tokens'],
  access: 'administrator',
  params: idParams,
  querystring: z.object({ country: countryCode }),
  response: {
    200: z.object({
      from: z.string(),
      to: z.string(),
      appleCountry: z.string().nullable().describe('The country that Apple says of the location'),
      titles: z.number().int(),
      known: z.number().int().describe('Known there: names, icons and links change at the next sync'),
      missing: z.number().int().describe('Not sold there: they stay as they are'),
      unread: z.number().int().describe('Not asked for there yet: the next sync tells'),
      renamed: z.array(z.object({ from: z.string(), to: z.string() })).describe('At most 10'),
      warnings: z.array(z.string()).describe('Sentences for a person'),
    }),
  },
})

export const getServiceConfig = defineContract({
  method: 'GET',
  url: '/api/v1/apple/service-config',
  operationId: 'getServiceConfig',
  summary: 'Limits, addresses and error numbers as Apple publishes them now, at most five minutes old (S4)',
  tags: ['Content tokens'],
  access: 'administrator',
  response: {
    200: z.object({
      readAt: moment,
      isStale: z.boolean().describe('Apple could not be asked for newer ones'),
      limits: z.array(z.object({ name: z.string(), value: z.number() })),
      urls: z.array(z.object({ name: z.string(), url: z.string() })),
      notificationTypes: z.array(z.string()),
      errors: z.array(z.object({ number: z.number().int(), message: z.string() })),
      lanes: z.number().int().describe('Pages that are read at the same time'),
    }),
  },
})
