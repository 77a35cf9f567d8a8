/** The HTTP contract of deleting a content token (T6). */
import { z } from 'zod'
import { defineContract, noContent } from '../../platform/http/routes.ts'
import { idParams, moment } from '../../platform/http/shapes.ts'

const licenseChoice = z
  .enum(['release', 'leave'])
  .describe('What becomes of the licenses that Apportion gave: taken back first, or left with their holders')

const preview = z.object({
  name: z.string(),
  cannotRelease: z.string().nullable().describe('Why licenses cannot be taken back with this token now'),
  licenses: z.object({
    ours: z.number().int().describe('Given by Apportion; taken back or left, as chosen'),
    irrevocable: z.number().int().describe('Given by Apportion and never taken back by Apple, such as books'),
    outside: z.number().int().describe('Given by another service; they stay'),
    granting: z
      .number()
      .int()
      .describe('Being given at this moment; not sent to Apple any more where possible'),
  }),
  assets: z.object({
    count: z.number().int(),
    sample: z
      .array(
        z.object({
          assetId: z.number().int(),
          name: z.string(),
          ours: z.number().int(),
          outside: z.number().int(),
          revocable: z.boolean(),
          assignments: z.number().int(),
        }),
      )
      .describe('Those with most licenses, at most 20'),
  }),
  assignments: z.number().int().describe('Assignments that vanish'),
  groups: z.number().int().describe('Groups that they are made to'),
  waiting: z.number().int().describe('Devices that wait for a license and will not get it'),
  holders: z.object({
    devices: z.number().int().describe('Devices that would lose licenses'),
    users: z.number().int(),
    sample: z
      .array(
        z.object({
          kind: z.enum(['device', 'user']),
          id: z.string().describe('Serial number, or the id under which Apple knows the user'),
          name: z.string().nullable(),
          licenses: z.number().int(),
        }),
      )
      .describe('At most 20'),
  }),
  appsStopAfterDays: z
    .number()
    .int()
    .describe('Apps stay on devices without a license, and stop after so many days'),
})

const progress = z.object({
  since: moment,
  by: z.string(),
  licenses: licenseChoice,
  phase: z
    .enum(['releasing', 'unclaiming', 'deleting'])
    .describe('Licenses come back; the claim at Apple is released; what is stored is deleted'),
  mayCancel: z.boolean(),
  total: z.number().int().describe('Licenses that were to come back when it began'),
  released: z.number().int(),
  releasing: z.number().int(),
  refused: z.number().int().describe('Apple refused to take them back, and is asked again'),
  askedAgainAt: moment.nullable(),
  openOperations: z.number().int(),
  blocked: z
    .object({ why: z.enum(['token', 'refused']), text: z.string() })
    .nullable()
    .describe('Why it cannot go on, and what to do'),
})

const end = z.object({
  name: z.string(),
  at: moment,
  by: z.string(),
  claim: z
    .enum(['cleared', 'marked', 'not_ours', 'failed'])
    .describe('Whether Apple still names Apportion as the one that manages the location'),
  claimDetail: z.string().nullable(),
})

/** What a deletion would do, how far it is, or how it ended. */
export const deletion = z.object({
  state: z.enum(['none', 'running', 'deleted']),
  preview: preview.nullable(),
  progress: progress.nullable(),
  end: end.nullable(),
})

export const getDeletion = defineContract({
  method: 'GET',
  url: '/api/v1/tokens/:id/deletion',
  operationId: 'getTokenDeletion',
  summary: 'What deleting a content token would do, how far it is, or how it ended (T6)',
  tags: ['Content tokens'],
  access: 'administrator',
  params: idParams,
  response: { 200: deletion },
})

export const startDeletion = defineContract({
  method: 'POST',
  url: '/api/v1/tokens/:id/deletion',
  operationId: 'startTokenDeletion',
  summary: 'Delete a content token: licenses come back or are left, the claim at Apple is released',
  description:
    'Begins the deletion and answers at once. While licenses come back it can be called off, or asked again with `leave`.',
  tags: ['Content tokens'],
  access: 'administrator',
  params: idParams,
  body: z.object({
    name: z.string().max(200).describe('The name of the token, as a proof that this one is meant'),
    licenses: licenseChoice,
  }),
  response: { 202: deletion },
})

export const cancelDeletion = defineContract({
  method: 'DELETE',
  url: '/api/v1/tokens/:id/deletion',
  operationId: 'cancelTokenDeletion',
  summary: 'Call a deletion off while licenses come back',
  tags: ['Content tokens'],
  access: 'administrator',
  params: idParams,
  response: { 204: noContent },
})
