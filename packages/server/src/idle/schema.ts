/** The HTTP contract of idle licenses (L11). */
import { idleReasons, unseenDays } from '@apportion/core/licenses/idle'
import { z } from 'zod'
import { defineContract } from '../platform/http/routes.ts'
import { addressId, bodyId, moment, pageOf, pageQuery, searchQuery } from '../platform/http/shapes.ts'

export const idleReason = z
  .enum(idleReasons)
  .describe(
    'serial_unknown, user_unknown: the directory does not have the holder. user_left: the person, or the person whose device it is, has left. device_unseen: the device was not seen for as long as the setting says. not_assigned: nobody needs it, and a policy keeps it for a while. outside_and_unknown: held outside by a holder whom nobody knows',
  )

const named = z.object({ id: z.number().int(), name: z.string() })

const idleLicense = z.object({
  asset: named,
  token: named,
  kind: z.enum(['device', 'user']),
  id: z.string().describe('A serial number, or the clientUserId of a user at Apple'),
  deviceId: z.number().int().nullable(),
  name: z.string().nullable().describe('Of the device or user, where the directory knows it'),
  personName: z.string().nullable().describe('Whose device it is'),
  reason: idleReason,
  text: z.string().describe('One sentence'),
  foundAt: moment.describe('The look that found it first for this reason'),
  ours: z.boolean(),
  since: moment.describe('Since when it is held'),
  lastSeenAt: moment.nullable().describe('Of the device'),
  keepUntil: moment.nullable().describe('Until when a policy keeps it, although nobody needs it'),
  required: z
    .boolean()
    .describe('An assignment requires it there: taking it means withholding it from the holder'),
  revocable: z.boolean().describe('Apple takes it back'),
})

export const listIdleLicenses = defineContract({
  method: 'GET',
  url: '/api/v1/idle-licenses',
  operationId: 'listIdleLicenses',
  summary: 'Licenses that nobody can use, as the last look at each app found them',
  tags: ['Licenses'],
  access: 'administrator',
  querystring: pageQuery.extend({
    reason: idleReason.optional(),
    assetId: addressId.optional(),
    tokenId: addressId.optional(),
    q: searchQuery.describe('Start of the serial number or of the user’s id'),
  }),
  response: { 200: pageOf(idleLicense) },
})

const counts = {
  licenses: z.number().int(),
  outside: z.number().int().describe('Of licenses: held outside Apportion'),
  canComeBack: z.number().int().describe('Of licenses: Apple takes them back'),
}

const summary = z
  .object({
    ...counts,
    reasons: z.array(z.object({ reason: idleReason, ...counts })).describe('Every reason, some with nothing'),
    apps: z
      .array(z.object({ asset: named, tokenName: z.string(), ...counts }))
      .describe('The ten with the most that can come back'),
    asOf: moment.nullable().describe('The oldest of the looks that this adds up; null before the first'),
    looking: z.boolean().describe('Some app is being looked at'),
    unseenDays: z.number().int().describe('After so many days without a sign a device counts as unseen'),
  })
  .meta({ id: 'IdleSummary' })

export const summarizeIdleLicenses = defineContract({
  method: 'GET',
  url: '/api/v1/idle-licenses/summary',
  operationId: 'summarizeIdleLicenses',
  summary: 'Idle licenses by reason, how many could come back, and as of when',
  tags: ['Licenses'],
  access: 'administrator',
  querystring: z.object({ assetId: addressId.optional(), tokenId: addressId.optional() }),
  response: { 200: summary },
})

export const lookForIdleLicenses = defineContract({
  method: 'POST',
  url: '/api/v1/idle-licenses/look',
  operationId: 'lookForIdleLicenses',
  summary: 'Look for idle licenses now; without being asked they are looked for once a day',
  tags: ['Licenses'],
  access: 'administrator',
  body: z.object({ tokenId: bodyId.optional().describe('Only of this content token') }),
  response: { 202: summary },
})

const settings = z
  .object({
    unseenDays: z
      .int()
      .min(unseenDays.least)
      .max(unseenDays.most)
      .describe('After so many days without a sign a device counts as unseen; 90 unless changed'),
  })
  .meta({ id: 'IdleSettings' })

export const getIdleSettings = defineContract({
  method: 'GET',
  url: '/api/v1/idle-licenses/settings',
  operationId: 'getIdleSettings',
  summary: 'By what devices count as unseen',
  tags: ['Licenses'],
  access: 'administrator',
  response: { 200: settings },
})

export const putIdleSettings = defineContract({
  method: 'PUT',
  url: '/api/v1/idle-licenses/settings',
  operationId: 'putIdleSettings',
  summary: 'Set by what devices count as unseen, and look anew',
  tags: ['Licenses'],
  access: 'administrator',
  body: settings,
  response: { 200: settings },
})
