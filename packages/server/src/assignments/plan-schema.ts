/** The HTTP contract of plans (A4, A5): what would change for whom before anything is saved. */
import { licenseRefusals } from '@apportion/core/assignments/license-rule'
import { planWarningCodes } from '@apportion/core/assignments/plan-outcome'
import { promptCaveats, prompts } from '@apportion/core/assignments/prompts'
import { unfitReasons } from '@apportion/core/catalog/fits'
import { z } from 'zod'
import { defineContract } from '../platform/http/routes.ts'
import {
  addressId,
  bodyId,
  moment,
  pageOf,
  pageQuery,
  searchQuery,
  uuidParams,
} from '../platform/http/shapes.ts'
import { assignment, wantedAssignment } from './schema.ts'

/** Why something does not go to a device: the title does not run there, or a license of this type does not work. */
export const cannotReasons = [...unfitReasons, ...licenseRefusals] as const

const planRow = z.object({
  deviceId: z.number().int().nullable(),
  userId: z.number().int().nullable(),
  serialNumber: z.string().nullable().describe('Null for a person'),
  deviceName: z.string().nullable(),
  userName: z.string().nullable().describe('Of a person who gets a user license'),
  code: z.enum([
    'required',
    'no_license_left',
    'quota_reached',
    'kept_for_others',
    'uninstall',
    'no_longer_assigned',
    'device_left',
    'kept',
    ...cannotReasons,
  ]),
  place: z.number().int().nullable().describe('Place among those who wait, from 1'),
  reason: z.string().describe('One sentence'),
})

/** One kind of change with its count and the first few it concerns. */
const planPart = z.object({ count: z.number().int(), sample: z.array(planRow).describe('At most 20') })

const counts = <Code extends string>(codes: readonly Code[]) =>
  z.object(Object.fromEntries(codes.map((code) => [code, z.number().int()])) as Record<Code, z.ZodNumber>)

const licenses = z.object({
  unlimited: z.boolean(),
  total: z.number().int().nullable(),
  usedBefore: z.number().int(),
  usedAfter: z.number().int(),
  availableBefore: z.number().int().nullable(),
  availableAfter: z.number().int().nullable(),
})

export const planOutcome = z.object({
  devicesReached: z.number().int().describe('Devices that the assignments reach, after exclusions'),
  peopleReached: z.number().int().describe('People who are meant to hold a user license'),
  grants: planPart.describe('Get a license'),
  waits: planPart
    .extend({
      byReason: z.object({
        no_license_left: z.number().int(),
        quota_reached: z.number().int(),
        kept_for_others: z.number().int(),
      }),
    })
    .describe('Left out for now, in this order'),
  releases: planPart.describe('Their license comes back'),
  kept: planPart.describe(
    'Nobody needs their license any more, and the reclaim policy keeps it for now (L7)',
  ),
  keeps: z.object({ count: z.number().int(), outside: z.number().int().describe('Of these held outside') }),
  elsewhere: z.number().int().describe('Have the title from another pool and need none from this one (C3)'),
  withheld: z.number().int().describe('Taken back by hand: they get none until it is given again'),
  cannot: planPart
    .extend({ byReason: counts(cannotReasons) })
    .describe('Left out: it does not work on this device'),
  uninstalls: z.number().int().describe('Devices from which the app is to be removed'),
  offered: z
    .number()
    .int()
    .describe('Devices or people whom it is offered; a license is taken when somebody asks'),
  joining: z.number().int().describe('People who have to join first'),
  irrevocable: z.number().int().describe('Licenses that would never come back (books)'),
  prompts: z
    .array(
      z.object({
        scenario: z.string().describe('A row of the table of prompts, such as `byod_user`'),
        devices: z.number().int(),
        prompts: z.array(z.enum(prompts)).describe('What the person is asked, in order; none: silently'),
        caveats: z.array(z.enum(promptCaveats)),
      }),
    )
    .describe('What people will see on how many devices (A5)'),
  requests: z.number().int().describe('Requests to Apple that this takes at least'),
  licenses,
  forecast: z
    .object({
      state: z.enum(['short_now', 'runs_out', 'lasts', 'never']),
      daysLeft: z.number().int().nullable().describe('As likely sooner as later; null: not within a year'),
      earliest: z.number().int().nullable().describe('Sooner in one of ten; null with little history'),
      latest: z.number().int().nullable(),
      confidence: z.enum(['enough_history', 'little_history']),
    })
    .nullable()
    .describe(
      'How long the licenses last afterwards (L10); of several assets the one that runs out first; null: unlimited',
    ),
  warnings: z.array(
    z.object({
      code: z.enum(planWarningCodes),
      count: z.number().int().describe('Devices or people that it concerns'),
      text: z.string().describe('One or two sentences'),
    }),
  ),
})

const change = z.object({
  assetId: bodyId,
  wanted: z.array(wantedAssignment).max(200).describe('The whole set; an empty one removes all'),
})

export const plan = z.object({
  id: z.uuid(),
  kind: z.enum(['assignments', 'group']),
  assetId: z.number().int().nullable().describe('Of a plan for one asset'),
  wanted: z.array(wantedAssignment).describe('Of a plan for one asset'),
  outcome: planOutcome.describe('All assets together'),
  assets: z.array(
    z.object({
      assetId: z.number().int(),
      name: z.string(),
      tokenId: z.number().int(),
      tokenName: z.string(),
      country: z.string(),
      outcome: planOutcome,
    }),
  ),
  createdAt: moment,
  expiresAt: moment,
})

export const createPlan = defineContract({
  method: 'POST',
  url: '/api/v1/plans',
  operationId: 'createPlan',
  summary:
    'What would change if these were all the assignments of an asset, or of several, or the members of a group; changes nothing',
  tags: ['Assignments'],
  access: 'administrator',
  body: z.union(
    [
      change,
      z.object({ changes: z.array(change).min(1).max(100) }),
      z.object({
        group: z.object({
          id: bodyId,
          add: z.array(z.string().trim().min(1).max(320)).max(10_000).default([]),
          remove: z.array(z.string().trim().min(1).max(320)).max(10_000).default([]),
          addGroups: z.array(bodyId).max(1000).default([]),
          removeGroups: z.array(bodyId).max(1000).default([]),
        }),
      }),
    ],
    { error: 'give assetId and wanted, or changes, or group' },
  ),
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

export const listPlanRows = defineContract({
  method: 'GET',
  url: '/api/v1/plans/:id/rows',
  operationId: 'listPlanRows',
  summary: 'Everybody whom one kind of change of a plan concerns, worked out again as the world is now',
  tags: ['Assignments'],
  access: 'administrator',
  params: uuidParams,
  querystring: pageQuery.extend({
    part: z.enum(['grants', 'waits', 'releases', 'kept', 'cannot']),
    assetId: addressId,
    q: searchQuery.describe('The start of a serial number or user name'),
  }),
  response: { 200: pageOf(planRow) },
})
