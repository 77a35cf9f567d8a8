/** The HTTP contract of the ledger: who held what when, and why each license moved (L13). */
import { ledgerCauses } from '@apportion/core/licenses/ledger-cause'
import { z } from 'zod'
import { defineContract } from '../platform/http/routes.ts'
import { addressId, moment, pageOf, pageQuery } from '../platform/http/shapes.ts'

const change = z.enum(['granted', 'released', 'refused', 'found', 'vanished', 'adopted'])
const named = z.object({ id: z.number().int(), name: z.string() })
const id = addressId.optional()

const holderFields = {
  asset: named,
  token: named,
  kind: z.enum(['device', 'user']),
  id: z.string().describe('A serial number, or the clientUserId of a user at Apple'),
  deviceId: z.number().int().nullable(),
  name: z.string().nullable().describe('Of the device or user, where the directory knows it'),
}

const line = z.object({
  seq: z.number().int().describe('Grows with time'),
  at: moment,
  change,
  ...holderFields,
  cause: z.object({
    code: z.enum(ledgerCauses),
    text: z.string().describe('One sentence'),
    errorNumber: z.number().int().nullable(),
    groupName: z
      .string()
      .nullable()
      .describe('The group by which an assignment required it, while both exist'),
    by: z.string().nullable().describe('The administrator, for what was done by hand'),
  }),
  operationId: z.uuid().nullable().describe('The request to Apple'),
  interventionId: z.uuid().nullable().describe('The record of what was done by hand'),
})

const filter = z.object({
  assetId: id,
  tokenId: id,
  serialNumber: z.string().trim().min(1).max(200).optional(),
  clientUserId: z.string().min(1).max(200).optional(),
  userId: id.describe('What a person held, and the devices that the person has now'),
  change: change.optional(),
  from: moment.optional().describe('At this moment or later'),
  to: moment.optional().describe('Before this moment'),
  interventionId: z.uuid().optional(),
})

export const listLedger = defineContract({
  method: 'GET',
  url: '/api/v1/ledger',
  operationId: 'listLedger',
  summary: 'Every change of a license with its cause, newest first',
  description:
    'Only what Apple did or refused is in it: a license that was reserved and given up before it was asked for never changed hands. Licenses that were held when a location was synced for the first time have no line.',
  tags: ['Licenses'],
  access: 'administrator',
  querystring: pageQuery.extend(filter.shape),
  response: { 200: pageOf(line) },
})

export const exportLedger = defineContract({
  method: 'GET',
  url: '/api/v1/ledger.csv',
  operationId: 'exportLedger',
  summary: 'The same as CSV in UTF-8 with a byte order mark',
  tags: ['Licenses'],
  access: 'administrator',
  querystring: filter,
  response: {
    200: { contentType: 'text/csv; charset=utf-8', description: 'Comma-separated, with a header row' },
  },
})

export const listHoldersAt = defineContract({
  method: 'GET',
  url: '/api/v1/ledger/holders',
  operationId: 'listHoldersAt',
  summary: 'Who held a license at a moment: of one app, or which one device or user held',
  description:
    'Worked out from the ledger and who holds a license now. What others do at Apple counts from the moment at which it was noticed; before the first sync of a location nothing is known.',
  tags: ['Licenses'],
  access: 'administrator',
  querystring: pageQuery.extend({
    at: moment,
    assetId: id,
    serialNumber: filter.shape.serialNumber,
    clientUserId: filter.shape.clientUserId,
  }),
  response: { 200: pageOf(z.object(holderFields)) },
})
