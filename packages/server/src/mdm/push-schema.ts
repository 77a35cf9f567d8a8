/** What callers see of push certificates (D1). */
import { z } from 'zod'
import { defineContract } from '../platform/http/routes.ts'
import { moment } from '../platform/http/shapes.ts'

const tags = ['Enrollment'] as const

/** A push certificate, without its key. */
export const pushCertificate = z
  .object({
    topic: z.string().describe('Which devices know it by; never changes for a device'),
    isCurrent: z.boolean().describe('The one that devices which enroll now get'),
    state: z.enum(['good', 'expiring', 'expired', 'refused']),
    severity: z
      .enum(['notice', 'warning', 'critical'])
      .nullable()
      .describe('A notice from 30 days before the end, a warning from 14, critical from 7'),
    daysLeft: z.number().int().describe('0 and less once it has ended'),
    validFrom: moment,
    expiresAt: moment,
    uploadedAt: moment,
    refusedAt: moment.nullable().describe('When Apple refused it; nothing is pushed until it is replaced'),
    refusedReason: z.string().nullable(),
    enrollments: z.number().int().describe('Devices that can be woken with it alone'),
  })
  .meta({ id: 'PushCertificate' })

/** The open signing request. */
export const signingRequest = z
  .object({
    request: z.string().describe('PEM'),
    createdAt: moment,
    advice: z.string().describe('A sentence for a person: what to do with it'),
  })
  .meta({ id: 'PushSigningRequest' })

export const listPushCertificates = defineContract({
  method: 'GET',
  url: '/api/v1/push-certificates',
  operationId: 'listPushCertificates',
  summary: 'Apple’s push certificates, the current one first',
  tags,
  access: 'administrator',
  response: { 200: z.object({ items: z.array(pushCertificate) }) },
})

const newTopic = z
  .boolean()
  .default(false)
  .describe(
    'Take a certificate with another topic than the present one; devices of the present one enroll again',
  )

const pemText = z.string().min(1).max(100_000)
const password = z.string().max(1000)

export const uploadPushCertificate = defineContract({
  method: 'POST',
  url: '/api/v1/push-certificates',
  operationId: 'uploadPushCertificate',
  summary: 'Take a push certificate into use, or renew the one with its topic',
  description:
    'The certificate that Apple gave for the open signing request, as PEM; or one with its key, as PEM or PKCS #12. Another topic than the present one is refused unless it is said explicitly.',
  tags,
  access: 'administrator',
  bodyLimit: 512 * 1024,
  body: z.discriminatedUnion('format', [
    z.object({
      format: z.literal('pem'),
      certificate: pemText,
      privateKey: pemText.nullable().default(null).describe('Null for the key of the open signing request'),
      password: password.nullable().default(null).describe('Of the key'),
      newTopic,
    }),
    z.object({
      format: z.literal('pkcs12'),
      file: z.base64().max(400_000),
      password: password.default(''),
      newTopic,
    }),
  ]),
  response: { 200: z.object({ certificate: pushCertificate, renewed: z.boolean() }) },
})

export const makeSigningRequest = defineContract({
  method: 'POST',
  url: '/api/v1/push-signing-request',
  operationId: 'makePushSigningRequest',
  summary: 'Make a key and the signing request for it; the key stays here, sealed',
  tags,
  access: 'administrator',
  body: z.object({
    replace: z
      .boolean()
      .default(false)
      .describe('In place of one that is open; a certificate for that is then of no use'),
  }),
  response: { 201: signingRequest },
})

export const readSigningRequest = defineContract({
  method: 'GET',
  url: '/api/v1/push-signing-request',
  operationId: 'readPushSigningRequest',
  summary: 'The signing request whose certificate is not back yet',
  tags,
  access: 'administrator',
  response: { 200: signingRequest },
})

export const downloadSigningRequest = defineContract({
  method: 'GET',
  url: '/api/v1/push-signing-request/file',
  operationId: 'downloadPushSigningRequest',
  summary: 'The open signing request as a file',
  tags,
  access: 'administrator',
  response: { 200: { contentType: 'application/x-pem-file', description: 'PKCS #10 as PEM' } },
})
