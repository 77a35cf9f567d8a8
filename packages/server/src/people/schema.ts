/** The HTTP contract of people at Apple (U1) and of licenses that are spent twice (L14). */
import { doubleSpendKinds } from '@apportion/core/people/double-spend'
import { joinStateNames } from '@apportion/core/people/join-state'
import { z } from 'zod'
import { defineContract, noContent } from '../platform/http/routes.ts'
import { addressId, moment, pageOf, pageQuery } from '../platform/http/shapes.ts'

export const joinState = z
  .enum(joinStateNames)
  .describe(
    'waiting_to_join: invited, a license may be reserved already. joined: an Apple Account stands behind the person. refused: Apple refused the last request. retired: was known to Apple and is no more',
  )

export const join = z.object({
  token: z.object({ id: z.number().int(), name: z.string() }),
  state: joinState,
  invited: z
    .boolean()
    .describe('An invitation is open; its address is asked for by itself, since it is secret'),
  deviceInvitation: z
    .object({
      deviceId: z.number().int().nullable().describe('Null when the device is not known any more'),
      deviceName: z.string().nullable(),
      askedAt: moment,
      answeredAt: moment.nullable(),
      state: z
        .enum(['waiting', 'shown', 'refused', 'withdrawn'])
        .describe(
          'waiting: the device has not answered. shown: its person was asked, which is not that the person accepted. withdrawn: the device was never told, or left before it answered',
        ),
      result: z
        .string()
        .nullable()
        .describe("The device's own word: Acknowledged, InvalidProgramID or InvalidInvitationURL"),
      errors: z.array(z.object({ domain: z.string(), code: z.number().int(), text: z.string() })),
    })
    .nullable()
    .describe('The last time that a device of the person was told to ask; null when none was'),
  registeredAt: moment.nullable().describe('Since when Apple knows the person, as far as we saw it'),
  email: z.string().nullable().describe('As Apple has it'),
  licenses: z.number().int().describe('User licenses of the person there, those on their way included'),
  problem: z
    .object({
      code: z.enum(['account_not_usable', 'account_taken', 'address_not_valid', 'passing', 'other']),
      errorNumber: z.number().int().nullable().describe("Apple's"),
      says: z.string(),
      advice: z.string(),
      at: moment,
      again: moment
        .nullable()
        .describe('When it is tried again by itself; null: when the account changes or somebody asks'),
    })
    .nullable(),
})

const joinParams = z.object({ id: addressId, tokenId: addressId })

export const showInvitation = defineContract({
  method: 'POST',
  url: '/api/v1/users/:id/joins/:tokenId/invitation',
  operationId: 'showInvitation',
  summary:
    'The address at which the person joins. Whoever has it can join in the person’s place; asking is recorded',
  tags: ['People'],
  access: 'administrator',
  params: joinParams,
  response: { 200: z.object({ url: z.string() }) },
})

export const retryRegistration = defineContract({
  method: 'POST',
  url: '/api/v1/users/:id/joins/:tokenId/retry',
  operationId: 'retryRegistration',
  summary: 'Try again to register somebody whom Apple refused',
  tags: ['People'],
  access: 'administrator',
  params: joinParams,
  response: { 204: noContent },
})

const doubleSpendKind = z
  .enum(doubleSpendKinds)
  .describe(
    'device_and_user: a device has a license of its own and its user another. two_accounts: one person holds the title with two Apple Accounts. two_locations: one holder has it from two locations',
  )

const spentLicense = z.object({
  asset: z.object({ id: z.number().int(), name: z.string() }),
  token: z.object({ id: z.number().int(), name: z.string() }),
  holder: z.object({
    kind: z.enum(['device', 'user']),
    id: z.string().describe('A serial number, or the clientUserId of a user at Apple'),
    deviceId: z.number().int().nullable(),
    name: z.string().nullable(),
  }),
  ours: z.boolean(),
  wanted: z.boolean().describe('An assignment or a person’s wish asks for it'),
  since: moment,
})

export const listDoubleSpend = defineContract({
  method: 'GET',
  url: '/api/v1/double-spend',
  operationId: 'listDoubleSpend',
  summary: 'Licenses of which one would do, in pairs, with what to do about each',
  tags: ['Licenses'],
  access: 'administrator',
  querystring: pageQuery.extend({
    kind: doubleSpendKind,
    tokenId: addressId.optional().describe('Only pairs with a license of this location'),
  }),
  response: {
    200: pageOf(
      z.object({
        kind: doubleSpendKind,
        adamId: z.string(),
        user: z.object({ id: z.number().int(), userName: z.string() }).nullable(),
        first: spentLicense,
        second: spentLicense.describe('Of device_and_user, the user’s'),
        advice: z
          .enum(['in_migration', 'free_first', 'free_second', 'choose', 'keep'])
          .describe(
            'in_migration: one comes back by itself, since only the other is wanted still. choose: an assignment has to change. keep: Apple takes neither back',
          ),
      }),
    ),
  },
})

export const summarizeDoubleSpend = defineContract({
  method: 'GET',
  url: '/api/v1/double-spend/summary',
  operationId: 'summarizeDoubleSpend',
  summary: 'How many pairs of licenses there are of which one would do, by kind',
  tags: ['Licenses'],
  access: 'administrator',
  querystring: z.object({ tokenId: addressId.optional() }),
  response: {
    200: z.object({
      kinds: z.array(
        z.object({
          kind: doubleSpendKind,
          found: z.number().int(),
          inMigration: z.number().int().describe('Of found: one comes back by itself'),
        }),
      ),
    }),
  },
})
