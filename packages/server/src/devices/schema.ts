/** What callers see of devices under management (D1). */
import { z } from 'zod'
import { defineContract } from '../platform/http/routes.ts'
import { addressId, idParams, moment, pageOf, pageQuery, searchQuery } from '../platform/http/shapes.ts'
import { leavingCauses } from './channel.ts'

const tags = ['Enrollment'] as const

const state = z
  .enum(['authenticated', 'enrolled', 'left'])
  .describe('Begun and not complete; under management; not any more')

export const enrollment = z
  .object({
    id: z.number().int(),
    channel: z.enum(['mdm', 'nanomdm']).describe('By which the device is reached'),
    identifier: z.string().describe('UDID, or the EnrollmentID of a User Enrollment'),
    kind: z.enum(['device', 'user']),
    ownership: z.enum(['personal', 'corporate']),
    state,
    device: z
      .object({ id: z.number().int(), serialNumber: z.string(), name: z.string() })
      .nullable()
      .describe(
        'Null until the device has told its serial number, and when it was removed from the directory',
      ),
    user: z.object({ id: z.number().int(), userName: z.string(), name: z.string() }).nullable(),
    authenticatedAt: moment,
    enrolledAt: moment.nullable(),
    leftAt: moment.nullable(),
    leftCause: z.enum(leavingCauses).nullable(),
    lastSeenAt: moment.describe('Up to five minutes behind'),
    waiting: z.number().int().describe('Commands that the device has not answered'),
    wakeAt: moment.nullable().describe('When it is woken next; null when there is nothing to wake it for'),
    wokenAt: moment.nullable(),
    pushLostAt: moment.nullable().describe('Since then Apple cannot reach it: it has to come by itself'),
    identity: z
      .object({ serialNumber: z.string(), notAfter: moment })
      .nullable()
      .describe(
        'The certificate by which the device is known; null once it left, and for one of another server',
      ),
  })
  .meta({ id: 'Enrollment' })

export const command = z
  .object({
    id: z.uuid(),
    requestType: z.string().describe('As Apple names it'),
    purpose: z.string(),
    state: z
      .enum(['queued', 'sent', 'not_now', 'done', 'failed', 'malformed', 'void'])
      .describe(
        '`not_now`: put off by the device; `void`: the device enrolled again or left before it answered',
      ),
    queuedAt: moment,
    sentAt: moment.nullable().describe('The last time'),
    deliveries: z.number().int(),
    answeredAt: moment.nullable(),
    errors: z
      .array(z.object({ domain: z.string(), code: z.number().int(), text: z.string() }))
      .describe('As the device tells it, outermost first'),
  })
  .meta({ id: 'DeviceCommand' })

export const enrollmentDetail = enrollment.extend({
  awaitingConfiguration: z.boolean(),
  factsAskedAt: moment.nullable().describe('When the device was last asked what it is'),
  storeAccountActive: z.boolean().nullable().describe('Whether somebody is signed in to the store there'),
  timeZone: z.string().nullable().describe('IANA name, as the device tells it; a Mac tells none'),
  commands: z.array(command).describe('The latest 50, newest first'),
})

export const listEnrollments = defineContract({
  method: 'GET',
  url: '/api/v1/enrollments',
  operationId: 'listEnrollments',
  summary: 'Devices under management and those that left, newest first',
  description: 'With a search they are listed by serial number, and the newest of each device first.',
  tags,
  access: 'administrator',
  querystring: pageQuery.extend({
    q: searchQuery.describe('The start of the serial number'),
    state: state.optional(),
    userId: addressId.optional().describe('Of the devices of this person'),
    deviceId: addressId.optional(),
  }),
  response: { 200: pageOf(enrollment) },
})

export const getEnrollment = defineContract({
  method: 'GET',
  url: '/api/v1/enrollments/:id',
  operationId: 'getEnrollment',
  summary: 'One enrollment with its latest commands',
  tags,
  access: 'administrator',
  params: idParams,
  response: { 200: enrollmentDetail },
})

export const getDeviceEnrollment = defineContract({
  method: 'GET',
  url: '/api/v1/devices/:id/enrollment',
  operationId: 'getDeviceEnrollment',
  summary: 'The enrollment of a device, or its last one, with its latest commands',
  tags,
  access: 'administrator',
  params: idParams,
  response: { 200: enrollmentDetail },
})

export const wakeDevice = defineContract({
  method: 'POST',
  url: '/api/v1/enrollments/:id/wake',
  operationId: 'wakeDevice',
  summary: 'Wake a device now, so that it asks for what waits for it',
  tags,
  access: 'administrator',
  params: idParams,
  response: { 200: enrollment },
})

export const removeFromManagement = defineContract({
  method: 'POST',
  url: '/api/v1/enrollments/:id/remove',
  operationId: 'removeFromManagement',
  summary: 'Take a device out of management, for good',
  description:
    'Commands that wait are dropped, its certificate is revoked, and the device is told at its next contact that it is not managed any more: it then removes its profile and the apps that go with it. To be managed again it has to enroll again.',
  tags,
  access: 'administrator',
  params: idParams,
  body: z.object({
    confirmName: z
      .string()
      .trim()
      .max(300)
      .describe('The name of the device, or its serial number, as consent'),
  }),
  response: { 200: enrollment },
})
