/** What callers see of enrollment links (D1). */
import { parseSerialNumber, serialNumberProblem } from '@apportion/core/directory/serial-number'
import { z } from 'zod'
import { defineContract, noContent } from '../platform/http/routes.ts'
import { moment, pageOf, pageQuery, uuidParams } from '../platform/http/shapes.ts'

const tags = ['Enrollment'] as const

const ownership = z
  .enum(['personal', 'corporate'])
  .describe(
    'Whose the device is. A personal one counts as asking its person first, and rules of groups can go by it',
  )

/** An enrollment link, without its address. */
export const enrollmentLink = z
  .object({
    id: z.uuid(),
    state: z.enum(['open', 'used', 'expired', 'revoked']),
    ownership,
    user: z
      .object({ id: z.number().int(), userName: z.string(), name: z.string() })
      .nullable()
      .describe('Who gets the devices'),
    serialNumber: z.string().nullable().describe('For this device alone'),
    mostUses: z.number().int(),
    uses: z.number().int().describe('Devices that got an identity through it'),
    createdBy: z.string(),
    createdAt: moment,
    expiresAt: moment,
    revokedAt: moment.nullable(),
  })
  .meta({ id: 'EnrollmentLink' })

export const createEnrollmentLink = defineContract({
  method: 'POST',
  url: '/api/v1/enrollment-links',
  operationId: 'createEnrollmentLink',
  summary: 'Make an address at which devices get their enrollment profile',
  description:
    'Whoever has the address can bring a device under management with it. It is shown this once. Refused as long as there is no push certificate.',
  tags,
  access: 'administrator',
  body: z.object({
    ownership,
    userName: z.string().trim().min(1).max(320).nullable().default(null),
    serialNumber: z
      .string()
      .max(100)
      .refine((text) => parseSerialNumber(text) !== undefined, {
        error: ({ input }) => serialNumberProblem(String(input)),
      })
      .transform((text) => parseSerialNumber(text) ?? text)
      .nullable()
      .default(null),
    uses: z.number().int().min(1).max(10_000).default(1).describe('Devices that may enroll with it'),
    expiresAt: moment.describe('Within the next 365 days'),
  }),
  response: {
    201: z.object({ address: z.string().describe('With the secret; shown this once'), link: enrollmentLink }),
  },
})

export const listEnrollmentLinks = defineContract({
  method: 'GET',
  url: '/api/v1/enrollment-links',
  operationId: 'listEnrollmentLinks',
  summary: 'Enrollment links, newest first, without their addresses',
  tags,
  access: 'administrator',
  querystring: pageQuery,
  response: { 200: pageOf(enrollmentLink) },
})

export const revokeEnrollmentLink = defineContract({
  method: 'DELETE',
  url: '/api/v1/enrollment-links/:id',
  operationId: 'revokeEnrollmentLink',
  summary: 'Revoke an enrollment link; devices that enrolled with it stay',
  tags,
  access: 'administrator',
  params: uuidParams,
  response: { 204: noContent },
})
