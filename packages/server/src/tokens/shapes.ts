/** The shapes of content tokens, their syncs and their health as the API shows them (T1 to T8, S1, S6). */
import { isTimeZone } from '@apportion/core/installs/care'
import { z } from 'zod'
import { moment } from '../platform/http/shapes.ts'

/** T3. In order of urgency when several hold: leaving, duplicate, elsewhere, revoked, invalid, expired, expiring, valid. */
export const tokenState = z.enum([
  'valid',
  'expiring',
  'expired',
  'revoked',
  'invalid',
  'managed_elsewhere',
  'duplicate',
  'leaving',
])

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

/** T8: what can be wrong with the connection of a location to Apple. */
export const healthCode = z.enum([
  'token_duplicate',
  'token_managed_elsewhere',
  'token_revoked',
  'token_invalid',
  'token_expired',
  'token_expiring',
  'deletion_blocked',
  'apple_silent',
  'sync_failing',
  'sync_overdue',
  'operations_stuck',
  'operations_failing',
  'notifications_off',
  'slowed_down',
])

const licenseCounts = z.object({
  assets: z.number().int(),
  total: z.number().int().describe('Without unlimited assets'),
  used: z.number().int().describe('Without unlimited assets'),
  available: z.number().int(),
  waiting: z.number().int(),
  heldOutside: z.number().int().describe('Of used, without unlimited assets'),
})

const health = z
  .object({
    status: z.enum(['healthy', 'warning', 'unhealthy']),
    reasons: z
      .array(
        z.object({
          code: healthCode,
          severity: z.enum(['warning', 'unhealthy']),
          text: z.string().describe('One sentence: what holds and what to do'),
          count: z.number().int().nullable(),
          at: moment.nullable(),
        }),
      )
      .describe('The worst first'),
  })
  .describe('How the connection of this location to Apple stands (T8)')

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 22:00')

/** The hours in which devices update apps by themselves (D5). */
export const updateHours = z.object({
  from: timeOfDay,
  until: timeOfDay.describe('Before `from` means the next morning'),
  zone: z.string().max(64).refine(isTimeZone, 'must be a time zone such as Europe/Amsterdam'),
})

export const token = z.object({
  id: z.number().int(),
  name: z.string().describe('The name the administrator gave'),
  uid: z.string().describe("Apple's id of the location"),
  organizationName: z.string(),
  locationName: z.string().nullable(),
  account: z.string().nullable().describe('The managed Apple Account the token belongs to'),
  accountType: z.enum(['business', 'education']),
  country: z.string().length(2).describe('The store that names, icons and links are taken from'),
  appleCountry: z.string().nullable().describe('The country that Apple says; null until it was read'),
  websiteUrl: z.string().nullable().describe('Where the location is managed at Apple'),
  automaticUpdates: z.boolean(),
  updateHours: updateHours
    .nullable()
    .describe('In the device’s own time zone, else in `zone`; null: at any hour'),
  state: tokenState,
  stateReason: z.string().describe('One sentence: what holds and what to do'),
  health,
  managedBy: z
    .object({
      id: z.string().nullable(),
      name: z.string().nullable(),
      metadata: z.string().nullable().describe('What that service says of itself, such as its address'),
      letGo: z.boolean().describe('It has released the location since; nobody manages it now'),
    })
    .nullable(),
  leaving: z
    .object({
      since: moment,
      by: z.string(),
      licenses: z.enum(['release', 'leave']),
      phase: z.enum(['releasing', 'unclaiming', 'deleting']),
    })
    .nullable()
    .describe('The token is being deleted; see its deletion'),
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
  notificationsOff: z
    .object({
      code: z.enum(['no_address', 'unreachable', 'unheard', 'silent', 'unregistered']),
      text: z.string().describe('One sentence: why, and what to do'),
      since: moment.nullable(),
    })
    .nullable(),
  lastNotificationAt: moment.nullable().describe('The test of a registration included'),
  lastAnswerAt: moment.nullable().describe('When Apple last answered to this token'),
  latestSync: syncRun.nullable(),
  counts: licenseCounts,
})

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
  known: z
    .object({ tokenId: z.number().int(), name: z.string() })
    .nullable()
    .describe('The token that opens the same location here already'),
})
