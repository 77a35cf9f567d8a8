/** What callers see of sign-in: setup, sessions, API keys (P1, P4). */
import { z } from 'zod'
import { defineContract } from '../platform/http/routes.ts'

/** Languages of the console (P5). */
export const languages = ['en', 'nl'] as const

export const administrator = z
  .object({
    id: z.uuid(),
    email: z.string(),
    name: z.string(),
    language: z.enum(languages).nullable().describe('The language of the console; null follows the browser'),
  })
  .meta({ id: 'Administrator' })

export const session = z
  .object({
    administrator,
    csrfToken: z.string().describe('To be sent as x-csrf-token with every request that changes something'),
    expiresAt: z.iso.datetime().describe('When the session ends at the latest if it is not used until then'),
  })
  .meta({ id: 'Session' })

export const readSession = defineContract({
  method: 'GET',
  url: '/api/v1/session',
  operationId: 'readSession',
  summary: 'Who is signed in',
  tags: ['session'],
  access: 'administrator',
  response: { 200: session },
})
