/** The HTTP contract of assignments (A2, A3, A6, L7, L9, C3). Plans have their own: `plan-schema.ts`. */
import { reclaimEvents } from '@apportion/core/assignments/reclaim'
import { maximumWaves } from '@apportion/core/assignments/rollout'
import { settingNames } from '@apportion/core/assignments/settings'
import { z } from 'zod'
import { defineContract } from '../platform/http/routes.ts'
import { addressId, bodyId, idParams, moment, pageOf, pageQuery } from '../platform/http/shapes.ts'

export const intent = z.enum(['required', 'available', 'uninstall'])
export const licenseType = z.enum(['device', 'user'])
export const pools = z.enum(['own', 'country', 'most_free'])

const settings = z.strictObject({
  automaticUpdates: z.enum(['token', 'on', 'off']).optional().describe('`token`: as the content token says'),
  removable: z.boolean().optional(),
  preventBackup: z.boolean().optional(),
  removeWhenManagementEnds: z.boolean().optional(),
  vpnId: z.string().trim().min(1).max(200).nullable().optional(),
  configuration: z.record(z.string().max(200), z.unknown()).nullable().optional(),
})

const reclaim = z.union([
  z.strictObject({ kind: z.enum(['now', 'keep']) }),
  z.strictObject({ kind: z.literal('after'), days: z.number().int().min(1).max(365) }),
])

const reclaimPolicy = z
  .strictObject({
    unassigned: reclaim.optional(),
    uninstall: reclaim.optional(),
    device_left: reclaim.optional(),
    user_left: reclaim.optional(),
    app_removed: reclaim.optional(),
  })
  .describe(
    `What becomes of a license that nobody needs any more, by ${reclaimEvents.join(', ')}; the default frees it at once. app_removed: the person deleted an app that was asked for, on a device under management; the default keeps the license`,
  )

const waves = z
  .array(
    z.strictObject({
      percent: z.number().int().min(1).max(100),
      at: moment.nullable().describe('Null: at once; only for the first'),
    }),
  )
  .max(maximumWaves)

/** What an assignment says beside group and intent. */
const details = {
  priority: z.number().int().min(0).max(100).default(0).describe('Higher is served first, then older'),
  reserve: z
    .number()
    .int()
    .min(1)
    .nullable()
    .default(null)
    .describe('Licenses kept for those of this assignment'),
  quota: z.number().int().min(0).nullable().default(null).describe('The most licenses that they may hold'),
  pools: pools
    .default('own')
    .describe("This pool, the pool of the device's country, or the one with the most free"),
  settings: settings.default({}),
  reclaim: reclaimPolicy.default({}),
}

const stop = z.discriminatedUnion('code', [
  z.object({
    code: z.literal('failures'),
    failed: z.number().int(),
    tried: z.number().int(),
    percent: z.number().int().describe('Of those tried; stops at this share of failures'),
  }),
  z.object({ code: z.literal('by_hand'), by: z.string() }),
  z.object({ code: z.literal('other'), text: z.string() }),
])

export const assignment = z.object({
  id: z.number().int(),
  assetId: z.number().int(),
  assetName: z.string(),
  tokenName: z.string(),
  group: z.object({ id: z.number().int(), name: z.string(), kind: z.enum(['device', 'user']) }),
  mode: z.enum(['include', 'exclude']),
  intent: intent.nullable().describe('Null for an exclusion'),
  licenseType,
  priority: z.number().int(),
  reserve: z.number().int().nullable(),
  quota: z.number().int().nullable(),
  pools,
  settings,
  reclaim: reclaimPolicy,
  rollout: z
    .object({
      waves,
      stopAtPercent: z.number().int().nullable(),
      percent: z.number().int().describe('Share of devices in force now'),
      nextAt: moment.nullable(),
      stoppedAt: moment.nullable(),
      stoppedWhy: z.string().nullable().describe('In English'),
      stoppedCode: stop.nullable().describe('The same by a stable code'),
    })
    .nullable()
    .describe('Null: for everybody at once'),
  createdAt: moment,
  createdBy: z.string(),
})

export const wantedAssignment = z.object({
  groupId: bodyId,
  mode: z.enum(['include', 'exclude']).default('include'),
  intent: intent.optional().describe('Needed for an inclusion'),
  licenseType: licenseType.optional().describe('Device licenses when left out, user licenses for books'),
  ...details,
  rollout: z
    .strictObject({
      waves: waves.min(1),
      stopAtPercent: z.number().int().min(1).max(100).nullable().default(null),
    })
    .nullable()
    .default(null),
})

export const listAssignments = defineContract({
  method: 'GET',
  url: '/api/v1/assignments',
  operationId: 'listAssignments',
  summary: 'Assignments, of one asset or of one group',
  tags: ['Assignments'],
  access: 'administrator',
  querystring: pageQuery.extend({
    assetId: addressId.optional(),
    groupId: addressId.optional(),
  }),
  response: { 200: pageOf(assignment) },
})

export const getAssignment = defineContract({
  method: 'GET',
  url: '/api/v1/assignments/:id',
  operationId: 'getAssignment',
  summary: 'One assignment',
  tags: ['Assignments'],
  access: 'administrator',
  params: idParams,
  response: { 200: assignment },
})

export const changeRollout = defineContract({
  method: 'POST',
  url: '/api/v1/assignments/:id/rollout',
  operationId: 'changeRollout',
  summary: 'Stop a staged rollout, or go on with it; what was given stays',
  tags: ['Assignments'],
  access: 'administrator',
  params: idParams,
  body: z.object({ do: z.enum(['stop', 'go_on']) }),
  response: { 200: assignment },
})

export const askFor = defineContract({
  method: 'POST',
  url: '/api/v1/assets/:id/asks',
  operationId: 'askFor',
  summary:
    'Ask for an available app for a device or a person, or take that back; only then it takes a license',
  tags: ['Assignments'],
  access: 'administrator',
  params: idParams,
  body: z.object({
    serialNumber: z.string().trim().min(4).max(32).optional(),
    userName: z.string().trim().min(1).max(320).optional().describe('For books, and for user licenses'),
    do: z.enum(['ask', 'take_back']).default('ask'),
  }),
  response: {
    200: z.object({
      state: z.enum(['held', 'granting', 'releasing', 'waiting', 'none']),
      place: z.number().int().nullable().describe('Place among those who wait, from 1'),
    }),
  },
})

const targetShape = z.object({
  assetId: z.number().int(),
  assetName: z.string(),
  tokenName: z.string(),
  intent: z.enum(['required', 'available', 'uninstall', 'available_or_uninstall']),
  offered: z.boolean(),
  licenseType,
  assignmentId: z.number().int(),
  groupName: z.string().nullable(),
  priority: z.number().int(),
  askedAt: moment.nullable(),
  settings: z
    .object({
      automaticUpdates: z.enum(['token', 'on', 'off']),
      removable: z.boolean(),
      preventBackup: z.boolean(),
      removeWhenManagementEnds: z.boolean(),
      vpnId: z.string().nullable(),
      configuration: z.record(z.string(), z.unknown()).nullable(),
      conflicts: z
        .array(
          z.object({
            setting: z.enum(settingNames),
            held: z.array(z.number().int()),
            overruled: z.array(z.number().int()),
          }),
        )
        .describe(
          'Settings of which assignments say different things, with the ids of those that hold and of the others',
        ),
    })
    .describe(
      'What holds on the device (A3): the deciding assignment, but off wins for removal when management ends',
    ),
})

export const deviceTargets = defineContract({
  method: 'GET',
  url: '/api/v1/devices/:id/targets',
  operationId: 'listDeviceTargets',
  summary: 'What is meant for a device, by which rule, and what of it is excluded',
  tags: ['Assignments'],
  access: 'administrator',
  params: idParams,
  response: {
    200: z.object({
      targets: z.array(targetShape),
      excluded: z
        .array(
          z.object({
            assetId: z.number().int(),
            assetName: z.string(),
            tokenName: z.string(),
            assignmentId: z.number().int(),
            groupName: z.string(),
          }),
        )
        .describe('Assignments that exclude it, and that something else includes'),
    }),
  },
})
