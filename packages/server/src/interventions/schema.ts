/** The HTTP contract of taking back, freeing and adopting licenses (L6, S5). */
import { z } from 'zod'
import { idleReason } from '../idle/schema.ts'
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
import { counted, outcome, reason } from './outcomes.ts'

const named = z.object({ id: z.number().int(), name: z.string() })

const kind = z.enum(['take_back', 'free', 'adopt'])
const required = z.enum(['leave', 'withhold'])
const unassigned = z.enum(['leave', 'take_back'])
export const intervention = z
  .object({
    id: z.uuid(),
    kind: z.enum([...kind.options, 'undo']),
    state: z.enum(['preview', 'running', 'done']).describe('preview: nothing was done yet'),
    scope: z
      .object({
        token: named.nullable(),
        asset: named.nullable(),
        holder: z
          .object({ kind: z.enum(['device', 'user']), id: z.string(), name: z.string().nullable() })
          .nullable(),
        user: named.nullable(),
        idle: z.array(idleReason).nullable().describe('Only what is idle for one of these reasons (L11)'),
      })
      .describe('What is null does not narrow it; all null is everything'),
    includeOutside: z.boolean(),
    required,
    unassigned,
    preview: z
      .object({
        licenses: z
          .number()
          .int()
          .describe('Asked back from Apple, adopted, or given to their holders again'),
        withheld: z.number().int().describe('Of licenses: still required, and withheld until given again'),
        waitingWithheld: z.number().int().describe('Devices that wait, and are withheld too'),
        comeBack: z
          .number()
          .int()
          .describe('Of licenses: adopted, then taken back since nothing requires them'),
        skipped: z.array(counted),
        apps: z.number().int(),
        locations: z.number().int(),
        requests: z.number().int().describe('Requests to Apple that this takes at least'),
        toQueue: z.number().int().describe('Of what comes free, what goes to devices that wait'),
        queued: z
          .number()
          .int()
          .describe('Undoing: who is withheld no longer, and waits in the queue in the old place'),
      })
      .describe('As it was previewed'),
    counts: z.array(counted).describe('What became of it so far; empty for a preview'),
    appsDone: z.number().int().describe('Apps whose licenses were asked for, of appsTotal'),
    appsTotal: z.number().int(),
    withheldNow: z.number().int().describe('Devices that it withholds an app from still'),
    undoes: z.uuid().nullable().describe('The record that this undoes'),
    undoneBy: z.uuid().nullable().describe('The last record that undoes this one'),
    undoUntil: moment.nullable().describe('Until when it can be undone; null when it cannot at all'),
    createdAt: moment,
    createdBy: z.string(),
    expiresAt: moment.describe('Until when a preview can be applied'),
    appliedAt: moment.nullable(),
    appliedBy: z.string().nullable(),
    finishedAt: moment.nullable(),
  })
  .meta({ id: 'Intervention' })

export const createIntervention = defineContract({
  method: 'POST',
  url: '/api/v1/interventions',
  operationId: 'createIntervention',
  summary: 'What taking back, freeing or adopting licenses would do; changes nothing until it is applied',
  tags: ['Licenses'],
  access: 'administrator',
  body: z.object({
    kind,
    scope: z
      .object({
        everything: z.literal(true).optional().describe('Every license of every location; goes alone'),
        tokenId: bodyId.optional(),
        assetId: bodyId.optional(),
        serialNumber: z.string().trim().min(1).max(200).optional(),
        clientUserId: z.string().min(1).max(200).optional(),
        userId: z
          .number()
          .int()
          .positive()
          .optional()
          .describe('What a person holds, and the devices of that person'),
        idle: z
          .array(idleReason)
          .min(1)
          .optional()
          .describe(
            'take_back, free: only what is idle for one of these reasons, and still is when it is taken',
          ),
      })
      .describe('Licenses that fit all of it'),
    includeOutside: z.boolean().default(false).describe('take_back: also what Apportion did not give (S5)'),
    required: required
      .default('leave')
      .describe(
        'take_back, free: what an assignment requires is left, or taken and withheld until given again',
      ),
    unassigned: unassigned
      .default('leave')
      .describe('adopt: what no assignment requires is left outside, or adopted and then taken back'),
  }),
  response: { 201: intervention },
})

export const applyIntervention = defineContract({
  method: 'POST',
  url: '/api/v1/interventions/:id/apply',
  operationId: 'applyIntervention',
  summary:
    'Do what was previewed; refused with `intervention.world_moved` and a new preview when it would differ',
  tags: ['Licenses'],
  access: 'administrator',
  params: uuidParams,
  response: { 202: intervention },
})

export const undoIntervention = defineContract({
  method: 'POST',
  url: '/api/v1/interventions/:id/undo',
  operationId: 'undoIntervention',
  summary: 'What undoing a record would do, within 30 days; changes nothing until it is applied',
  description:
    'What was taken back or freed goes to exactly those holders again, as far as licenses are free, and is ours from then on. What no assignment requires is kept with its holder for 30 days.',
  tags: ['Licenses'],
  access: 'administrator',
  params: uuidParams,
  response: { 201: intervention },
})

export const getIntervention = defineContract({
  method: 'GET',
  url: '/api/v1/interventions/:id',
  operationId: 'getIntervention',
  summary: 'One preview or record, with its progress',
  tags: ['Licenses'],
  access: 'administrator',
  params: uuidParams,
  response: { 200: intervention },
})

export const listInterventions = defineContract({
  method: 'GET',
  url: '/api/v1/interventions',
  operationId: 'listInterventions',
  summary: 'Records of licenses taken back, freed and adopted, newest first',
  tags: ['Licenses'],
  access: 'administrator',
  querystring: pageQuery.extend({
    tokenId: addressId.optional(),
    assetId: addressId.optional(),
  }),
  response: { 200: pageOf(intervention) },
})

const item = z.object({
  asset: named,
  tokenName: z.string(),
  kind: z.enum(['device', 'user']),
  id: z.string().describe('A serial number, or the clientUserId of a user at Apple'),
  deviceId: z.number().int().nullable(),
  name: z.string().nullable().describe('Of the device or user, where the directory knows it'),
  outcome,
  reason: reason.nullable(),
  text: z.string().describe('One sentence'),
  errorNumber: z.number().int().nullable(),
  settledAt: moment.nullable(),
})

export const listInterventionLicenses = defineContract({
  method: 'GET',
  url: '/api/v1/interventions/:id/licenses',
  operationId: 'listInterventionLicenses',
  summary: 'Each license that it is about, and what becomes or became of it',
  tags: ['Licenses'],
  access: 'administrator',
  params: uuidParams,
  querystring: pageQuery.extend({
    q: searchQuery.describe('Start of the serial number'),
    outcome: outcome.optional(),
  }),
  response: { 200: pageOf(item) },
})

export const exportInterventionLicenses = defineContract({
  method: 'GET',
  url: '/api/v1/interventions/:id/licenses.csv',
  operationId: 'exportInterventionLicenses',
  summary: 'The same as CSV in UTF-8 with a byte order mark',
  tags: ['Licenses'],
  access: 'administrator',
  params: uuidParams,
  response: {
    200: { contentType: 'text/csv; charset=utf-8', description: 'Comma-separated, with a header row' },
  },
})

export const giveAgain = defineContract({
  method: 'POST',
  url: '/api/v1/give-again',
  operationId: 'giveAgain',
  summary: 'Stop withholding licenses that were taken back although they are required',
  tags: ['Licenses'],
  access: 'administrator',
  body: z
    .object({
      interventionId: z.uuid().optional().describe('All that one record withholds'),
      tokenId: bodyId.optional(),
      assetId: bodyId.optional(),
      serialNumber: z.string().trim().min(1).max(200).optional(),
    })
    .describe('What fits all of it; name one at least'),
  response: { 200: z.object({ given: z.number().int().describe('Targets that are withheld no longer') }) },
})
