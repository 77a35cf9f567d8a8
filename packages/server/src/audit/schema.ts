/** The HTTP contract of the audit log (M4). */
import { z } from 'zod'
import { defineContract } from '../platform/http/routes.ts'
import { moment, pageOf, pageQuery } from '../platform/http/shapes.ts'

export const auditEntry = z
  .object({
    seq: z.int().describe('Grows with time; gaps mean nothing'),
    at: moment,
    actor: z.object({
      kind: z.enum(['administrator', 'api_key', 'system', 'command_line']),
      id: z.string().nullable(),
      name: z.string(),
    }),
    action: z.string().describe('For example token.uploaded'),
    subject: z.object({ kind: z.string(), id: z.string().nullable(), name: z.string().nullable() }),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'AuditEntry' })

export const listAuditEntries = defineContract({
  method: 'GET',
  url: '/api/v1/audit',
  operationId: 'listAuditEntries',
  summary: 'Who changed what, newest first',
  tags: ['Audit'],
  access: 'administrator',
  querystring: pageQuery.extend({
    subject: z
      .string()
      .regex(/^[a-z_]+(:.{1,200})?$/, 'must be a kind, or a kind and an id such as token:12')
      .optional()
      .describe('A kind of thing, or one thing: token, token:12'),
  }),
  response: { 200: pageOf(auditEntry) },
})

export const checkAuditChain = defineContract({
  method: 'GET',
  url: '/api/v1/audit/chain',
  operationId: 'checkAuditChain',
  summary: 'Whether the audit log was changed behind the server',
  description: 'Reads the whole log. Keep `head` elsewhere to notice entries that were cut off at the end.',
  tags: ['Audit'],
  access: 'administrator',
  callsPerMinute: 6,
  response: {
    200: z.object({
      entries: z.int().describe('Entries that follow from each other'),
      brokenAt: z
        .int()
        .nullable()
        .describe('The first entry that does not follow from the one before; null when all do'),
      head: z.string().describe('Hash of the last entry that follows, as hexadecimal'),
    }),
  },
})
