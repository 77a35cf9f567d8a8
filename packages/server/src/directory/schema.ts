/** The HTTP contract of devices, users, groups and imports (A1, P3). */
import { longestTag, mostTags } from '@apportion/core/directory/device-facts'
import { z } from 'zod'
import { holderState } from '../licenses/schema.ts'
import { join, joinState } from '../people/schema.ts'
import { defineContract, noContent, rawBody } from '../platform/http/routes.ts'
import { addressId, idParams, moment, pageOf, pageQuery, searchQuery } from '../platform/http/shapes.ts'

export const platform = z.enum(['iOS', 'iPadOS', 'macOS', 'tvOS', 'visionOS', 'watchOS'])

export const enrollmentType = z.enum(['device', 'user', 'shared'])

export const groupRef = z.object({ id: z.number().int(), name: z.string() })

export const device = z.object({
  id: z.number().int(),
  serialNumber: z.string(),
  name: z.string(),
  model: z.string().nullable(),
  platform: platform.nullable(),
  osVersion: z.string().nullable(),
  ownership: z.enum(['corporate', 'personal']),
  supervised: z.boolean(),
  kiosk: z.boolean(),
  enrollmentType: enrollmentType.describe(
    'As a device, by its user (which hides the serial number), or Shared iPad',
  ),
  country: z.string().nullable().describe('ISO 3166-1, two letters'),
  site: z.string().nullable(),
  tags: z.array(z.string()),
  lastSeenAt: moment.nullable(),
  user: z.object({ id: z.number().int(), userName: z.string(), name: z.string() }).nullable(),
  createdAt: moment,
  updatedAt: moment,
})

export const deviceDetail = device.extend({
  groups: z.array(groupRef),
  licenses: z.array(
    z.object({
      assetId: z.number().int(),
      name: z.string(),
      iconUrl: z.string().nullable(),
      tokenName: z.string(),
      state: holderState,
      ours: z.boolean(),
      since: moment,
      why: z.string(),
      withheld: z
        .object({ at: moment, by: z.string().nullable(), interventionId: z.uuid() })
        .nullable()
        .describe('Taken back by hand although it is required'),
    }),
  ),
})

const deviceFields = {
  name: z.string().trim().max(200).optional(),
  model: z.string().trim().max(200).nullable().optional(),
  platform: platform.nullable().optional(),
  osVersion: z.string().trim().max(50).nullable().optional(),
  ownership: z.enum(['corporate', 'personal']).optional(),
  supervised: z.boolean().optional(),
  kiosk: z.boolean().optional(),
  enrollmentType: enrollmentType.optional(),
  country: z
    .string()
    .trim()
    .regex(/^[A-Za-z]{2}$/, 'A country is two letters such as NL')
    .toUpperCase()
    .nullable()
    .optional(),
  site: z.string().trim().max(200).nullable().optional(),
  tags: z
    .array(
      z
        .string()
        .trim()
        .min(1)
        .max(longestTag)
        .regex(/^[^|]*$/, 'A tag has no |'),
    )
    .max(mostTags)
    .optional()
    .describe('Replaces all tags; upper and lower case count as the same'),
  lastSeenAt: moment.nullable().optional(),
  userName: z.string().trim().max(320).nullable().optional().describe('A user of the directory, or null'),
}

export const listDevices = defineContract({
  method: 'GET',
  url: '/api/v1/devices',
  operationId: 'listDevices',
  summary: 'Devices by serial number; search by the start of the serial number, name or user',
  tags: ['Directory'],
  access: 'administrator',
  querystring: pageQuery.extend({
    q: searchQuery,
    groupId: addressId.optional().describe('Those in this group and in the groups in it'),
    direct: z.stringbool().optional().describe('With `groupId`: without those in the groups in it'),
  }),
  response: { 200: pageOf(device) },
})

export const getDevice = defineContract({
  method: 'GET',
  url: '/api/v1/devices/:id',
  operationId: 'getDevice',
  summary: 'One device with its groups and licenses',
  tags: ['Directory'],
  access: 'administrator',
  params: idParams,
  response: { 200: deviceDetail },
})

export const putDevice = defineContract({
  method: 'POST',
  url: '/api/v1/devices',
  operationId: 'putDevice',
  summary: 'Add a device, or change the one with this serial number',
  tags: ['Directory'],
  access: 'administrator',
  body: z.object({ serialNumber: z.string().trim().min(4).max(32), ...deviceFields }),
  response: { 200: device, 201: device },
})

export const deleteDevice = defineContract({
  method: 'DELETE',
  url: '/api/v1/devices/:id',
  operationId: 'deleteDevice',
  summary: 'Remove a device from the directory; licenses that we gave it come back',
  tags: ['Directory'],
  access: 'administrator',
  params: idParams,
  response: { 204: noContent },
})

export const user = z.object({
  id: z.number().int(),
  userName: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  department: z.string().nullable(),
  active: z.boolean().describe('False for who has left: in no group any more'),
  managedAppleAccount: z.string().nullable().describe('With which the person joins without an invitation'),
  devices: z.number().int(),
  createdAt: moment,
  updatedAt: moment,
})

export const listUsers = defineContract({
  method: 'GET',
  url: '/api/v1/users',
  operationId: 'listUsers',
  summary: 'Users by user name; search by the start of the user name or name',
  tags: ['Directory'],
  access: 'administrator',
  querystring: pageQuery.extend({
    q: searchQuery,
    groupId: addressId.optional().describe('Those in this group and in the groups in it'),
    direct: z.stringbool().optional().describe('With `groupId`: without those in the groups in it'),
    joinState: joinState.optional().describe('Those who are in this state at some location'),
    tokenId: addressId.optional().describe('With `joinState`: at this location'),
  }),
  response: { 200: pageOf(user) },
})

export const getUser = defineContract({
  method: 'GET',
  url: '/api/v1/users/:id',
  operationId: 'getUser',
  summary: 'One user, with how far the person is at each location where Apple knows the person or is to',
  tags: ['Directory'],
  access: 'administrator',
  params: idParams,
  response: { 200: user.extend({ joins: z.array(join) }) },
})

export const putUser = defineContract({
  method: 'POST',
  url: '/api/v1/users',
  operationId: 'putUser',
  summary: 'Add a user, or change the one with this user name',
  tags: ['Directory'],
  access: 'administrator',
  body: z.object({
    userName: z.string().trim().min(1).max(320),
    name: z.string().trim().max(200).optional(),
    email: z.email().nullable().optional(),
    department: z.string().trim().max(200).nullable().optional(),
    active: z.boolean().optional(),
    managedAppleAccount: z.string().trim().max(320).nullable().optional(),
  }),
  response: { 200: user, 201: user },
})

export const deleteUser = defineContract({
  method: 'DELETE',
  url: '/api/v1/users/:id',
  operationId: 'deleteUser',
  summary: 'Remove a user from the directory; licenses that we gave the person follow the assignments',
  tags: ['Directory'],
  access: 'administrator',
  params: idParams,
  response: { 204: noContent },
})

export const importResult = z.object({
  id: z.uuid(),
  kind: z.enum(['devices', 'users', 'groups']),
  at: moment,
  actorName: z.string(),
  fileName: z.string().nullable(),
  onError: z.enum(['keep_good_rows', 'keep_nothing']),
  kept: z.boolean().describe('False when nothing was kept because a row was bad'),
  rows: z.number().int(),
  created: z.number().int(),
  updated: z.number().int(),
  unchanged: z.number().int(),
  rejected: z.number().int(),
  rejections: z
    .array(
      z.object({
        line: z.number().int().describe('Line of the file, from 1'),
        column: z.string().nullable(),
        value: z.string().nullable(),
        reason: z.string().describe('One sentence that says what to do'),
      }),
    )
    .describe('At most 1000'),
})

export const importCsv = defineContract({
  method: 'POST',
  url: '/api/v1/imports',
  operationId: 'importCsv',
  summary: 'Import devices, users or groups from CSV (UTF-8, comma or semicolon, a header row)',
  tags: ['Directory'],
  access: 'administrator',
  querystring: z.object({
    kind: z.enum(['devices', 'users', 'groups']),
    onError: z.enum(['keep_good_rows', 'keep_nothing']).default('keep_nothing'),
    fileName: z.string().max(255).optional(),
  }),
  /** The raw bytes, so that a wrong encoding can be seen. */
  consumes: ['text/csv'],
  body: rawBody,
  bodyLimit: 64 * 1024 * 1024,
  response: { 200: importResult },
})

export const listImports = defineContract({
  method: 'GET',
  url: '/api/v1/imports',
  operationId: 'listImports',
  summary: 'Past imports, newest first',
  tags: ['Directory'],
  access: 'administrator',
  querystring: pageQuery,
  response: { 200: pageOf(importResult) },
})
