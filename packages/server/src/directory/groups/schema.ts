/** The HTTP contract of groups, their members and their rules (A1). */
import { z } from 'zod'
import { defineContract, noContent } from '../../platform/http/routes.ts'
import { bodyId, idParams, moment, pageOf, pageQuery, searchQuery } from '../../platform/http/shapes.ts'
import { device, groupRef } from '../schema.ts'

/** Read by the domain, whose messages name the place and the value. */
const rule = z
  .record(z.string(), z.unknown())
  .describe(
    'Conditions `{ fact, op, value }`, joined by `{ all: [...] }`, `{ any: [...] }` and `{ not: ... }`, at most 4 deep',
  )

export const group = z.object({
  id: z.number().int(),
  kind: z.enum(['device', 'user']),
  name: z.string(),
  description: z.string(),
  builtIn: z.enum(['all_devices', 'all_users']).nullable(),
  rule: rule.nullable().describe('Null where members are picked by hand'),
  ruleText: z.string().nullable().describe('The rule as a sentence'),
  memberGroups: z.array(groupRef).describe('Groups that are members, directly'),
  isIn: z.array(groupRef).describe('Groups of which it is a member, directly; at most 100'),
  members: z
    .number()
    .int()
    .describe('Devices or users in it and in the groups in it, each once; without users who have left'),
  assignments: z.number().int(),
  createdAt: moment,
  updatedAt: moment,
})

export const listGroups = defineContract({
  method: 'GET',
  url: '/api/v1/groups',
  operationId: 'listGroups',
  summary: 'Groups by name',
  tags: ['Directory'],
  access: 'administrator',
  querystring: pageQuery.extend({ q: searchQuery, kind: z.enum(['device', 'user']).optional() }),
  response: { 200: pageOf(group) },
})

const groupFields = {
  name: z.string().trim().min(1).max(200),
  description: z.string().trim().max(1000).default(''),
}

export const createGroup = defineContract({
  method: 'POST',
  url: '/api/v1/groups',
  operationId: 'createGroup',
  summary: 'Add a group of devices or of users',
  tags: ['Directory'],
  access: 'administrator',
  body: z.object({ kind: z.enum(['device', 'user']), ...groupFields, rule: rule.nullable().optional() }),
  response: { 201: group },
})

export const getGroup = defineContract({
  method: 'GET',
  url: '/api/v1/groups/:id',
  operationId: 'getGroup',
  summary: 'One group',
  tags: ['Directory'],
  access: 'administrator',
  params: idParams,
  response: { 200: group },
})

export const updateGroup = defineContract({
  method: 'PATCH',
  url: '/api/v1/groups/:id',
  operationId: 'updateGroup',
  summary: 'Rename or describe a group, or change its rule',
  tags: ['Directory'],
  access: 'administrator',
  params: idParams,
  body: z.object({
    name: groupFields.name.optional(),
    description: z.string().trim().max(1000).optional(),
    rule: rule
      .nullable()
      .optional()
      .describe('Replaces the members; null keeps them, picked by hand from then on'),
  }),
  response: { 200: group },
})

export const deleteGroup = defineContract({
  method: 'DELETE',
  url: '/api/v1/groups/:id',
  operationId: 'deleteGroup',
  summary: 'Delete a group that no assignment uses and that is in no other',
  tags: ['Directory'],
  access: 'administrator',
  params: idParams,
  response: { 204: noContent },
})

export const changeMembers = defineContract({
  method: 'POST',
  url: '/api/v1/groups/:id/members',
  operationId: 'changeMembers',
  summary: 'Add and remove members, by serial number, user name or group; all of it or nothing',
  tags: ['Directory'],
  access: 'administrator',
  params: idParams,
  body: z.object({
    add: z.array(z.string().trim().min(1).max(320)).max(10_000).default([]),
    remove: z.array(z.string().trim().min(1).max(320)).max(10_000).default([]),
    addGroups: z.array(bodyId).max(100).default([]).describe('Groups of the same kind'),
    removeGroups: z.array(bodyId).max(100).default([]),
  }),
  response: {
    200: z.object({
      added: z.number().int(),
      removed: z.number().int(),
      groupsAdded: z.number().int(),
      groupsRemoved: z.number().int(),
      members: z.number().int(),
    }),
  },
})

export const previewRule = defineContract({
  method: 'POST',
  url: '/api/v1/groups/preview-rule',
  operationId: 'previewRule',
  summary: 'How many devices a rule finds now, and some of them; nothing is saved',
  tags: ['Directory'],
  access: 'administrator',
  body: z.object({
    rule,
    q: searchQuery,
    limit: z.number().int().min(1).max(200).default(50),
    cursor: z.string().max(4000).optional(),
  }),
  response: { 200: pageOf(device).extend({ total: z.number().int().describe('Whatever is searched for') }) },
})
