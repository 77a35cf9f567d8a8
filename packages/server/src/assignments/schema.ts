/** The HTTP contract of assignments and of the plan before save (A2, A4). */
import { unfitReasons } from '@apportion/core/catalog/fits'
import { z } from 'zod'
import { defineContract } from '../platform/http/routes.ts'
import {
  addressId,
  bodyId,
  idParams,
  moment,
  pageOf,
  pageQuery,
  uuidParams,
} from '../platform/http/shapes.ts'

export const intent = z.enum(['required', 'uninstall'])

export const assignment = z.object({
  id: z.number().int(),
  assetId: z.number().int(),
  assetName: z.string(),
  tokenName: z.string(),
  group: z.object({ id: z.number().int(), name: z.string(), kind: z.enum(['device', 'user']) }),
  mode: z.enum(['include', 'exclude']),
  intent: intent.nullable().describe('Null for an exclusion'),
  licenseType: z.enum(['device']),
  createdAt: moment,
  createdBy: z.string(),
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

export const wantedAssignment = z.object({
  groupId: bodyId,
  mode: z.enum(['include', 'exclude']).default('include'),
  intent: intent.optional().describe('Needed for an inclusion'),
})

const planRow = z.object({
  deviceId: z.number().int().nullable(),
  serialNumber: z.string(),
  deviceName: z.string().nullable(),
  code: z.enum(['required', 'no_license_left', 'uninstall', 'no_longer_assigned', ...unfitReasons]),
  place: z.number().int().nullable().describe('Place among those who wait, from 1'),
  reason: z.string().describe('One sentence'),
})

/** One kind of change with its count and the first few it concerns. */
const planPart = z.object({ count: z.number().int(), sample: z.array(planRow).describe('At most 20') })

export const planOutcome = z.object({
  devicesReached: z.number().int().describe('Devices that the assignments reach, after exclusions'),
  grants: planPart.describe('Get a license'),
  waits: planPart.describe('Left out for now: no license is left; in this order'),
  releases: planPart.describe('Their license comes back'),
  keeps: z.object({ count: z.number().int(), outside: z.number().int().describe('Of these held outside') }),
  withheld: z.number().int().describe('Taken back by hand: they get none until it is given again'),
  cannot: planPart
    .extend({
      byReason: z.object({
        wrong_platform: z.number().int(),
        wrong_family: z.number().int().describe('Made for the iPad only'),
        os_too_old: z.number().int(),
      }),
    })
    .describe('Left out: the app does not run on this device (C2)'),
  requests: z.number().int().describe('Requests to Apple that this takes at least'),
  licenses: z.object({
    unlimited: z.boolean(),
    total: z.number().int().nullable(),
    usedBefore: z.number().int(),
    usedAfter: z.number().int(),
    availableBefore: z.number().int().nullable(),
    availableAfter: z.number().int().nullable(),
  }),
  warnings: z.array(
    z.object({
      code: z.enum(['shortage', 'not_revocable', 'releases', 'unfit', 'withheld']),
      count: z.number().int().describe('Devices that it concerns'),
      text: z.string().describe('One or two sentences'),
    }),
  ),
})

export const plan = z.object({
  id: z.uuid(),
  assetId: z.number().int(),
  wanted: z.array(wantedAssignment),
  outcome: planOutcome,
  createdAt: moment,
  expiresAt: moment,
})

export const createPlan = defineContract({
  method: 'POST',
  url: '/api/v1/plans',
  operationId: 'createPlan',
  summary: 'What would change if these were all the assignments of an asset; changes nothing',
  tags: ['Assignments'],
  access: 'administrator',
  body: z.object({
    assetId: bodyId,
    wanted: z.array(wantedAssignment).max(200).describe('The whole set; an empty one removes all'),
  }),
  response: { 201: plan },
})

export const applyPlan = defineContract({
  method: 'POST',
  url: '/api/v1/plans/:id/apply',
  operationId: 'applyPlan',
  summary: 'Save what was planned; refused with `plan.world_moved` and a new plan when it would differ',
  tags: ['Assignments'],
  access: 'administrator',
  params: uuidParams,
  response: { 200: z.object({ assignments: z.array(assignment) }) },
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
