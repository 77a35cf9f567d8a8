/** The HTTP contract of the overview page (M2). */
import { z } from 'zod'
import { defineContract } from '../platform/http/routes.ts'
import { moment } from '../platform/http/shapes.ts'

export const overview = z.object({
  tokens: z.object({ total: z.number().int(), needAttention: z.number().int() }),
  titles: z.number().int(),
  licenses: z.object({
    total: z.number().int().describe('Without unlimited assets'),
    used: z.number().int().describe('Without unlimited assets'),
    usedUnlimited: z.number().int().describe('Used licenses of unlimited assets'),
    available: z.number().int(),
    waiting: z.number().int(),
    heldOutside: z.number().int(),
    granting: z.number().int(),
    releasing: z.number().int(),
  }),
  devices: z.number().int(),
  users: z.number().int(),
  groups: z.number().int(),
  assignments: z.number().int(),
  operations: z.object({ open: z.number().int(), failedLastDay: z.number().int() }),
  runningOut: z
    .object({ within: z.number().int(), assets: z.number().int() })
    .describe('Assets expected to run out within so many days, those that are short now included (L10)'),
  exactAsOf: moment.nullable().describe('The oldest of all locations; null while one has never been synced'),
  attention: z
    .array(
      z.object({
        severity: z.enum(['critical', 'warning', 'notice']),
        code: z.enum([
          'token_expired',
          'token_expiring',
          'token_revoked',
          'token_invalid',
          'token_managed_elsewhere',
          'token_duplicate',
          'deletion_blocked',
          'apple_silent',
          'sync_failed',
          'sync_overdue',
          'operations_stuck',
          'notifications_off',
          'slowed_down',
          'shortage',
          'operations_failed',
          'title_not_licensed',
          'title_not_in_store',
          'title_not_device_assignable',
          'title_became_limited',
          'titles_changed',
          'push_certificate_expiring',
          'push_certificate_expired',
          'push_certificate_refused',
        ]),
        text: z.string(),
        tokenId: z.number().int().nullable(),
        assetId: z.number().int().nullable(),
        count: z.number().int().nullable(),
        name: z.string().nullable(),
        at: moment.nullable(),
      }),
    )
    .describe('Most urgent first, at most 20'),
  busiest: z.array(
    z.object({
      assetId: z.number().int(),
      name: z.string(),
      iconUrl: z.string().nullable(),
      total: z.number().int().nullable().describe('Null for an unlimited asset'),
      used: z.number().int(),
      waiting: z.number().int(),
    }),
  ),
})

export const getOverview = defineContract({
  method: 'GET',
  url: '/api/v1/overview',
  operationId: 'getOverview',
  summary: 'The state of everything on one page',
  tags: ['Overview'],
  access: 'administrator',
  response: { 200: overview },
})
