/** What callers see of sign-in: setup, sessions, API keys (P1, P4). */
import { z } from 'zod'
import { defineContract, noContent } from '../platform/http/routes.ts'
import { moment, uuidParams } from '../platform/http/shapes.ts'

/** Languages of the console (P5). */
export const languages = ['en', 'nl'] as const
export type Language = (typeof languages)[number]

const language = z.enum(languages).describe('The language of the console')

const email = z
  .string()
  .trim()
  .max(254)
  .regex(/^[^@\s]+@[^@\s]+$/, 'must be an email address such as ada@example.org')

const name = z.string().trim().min(1).max(200)

/** Length and strength are checked apart, so that the answer can say what to do. */
const password = z.string().min(1).max(1024)

export const administrator = z
  .object({ id: z.uuid(), email: z.string(), name: z.string(), language })
  .meta({ id: 'Administrator' })

export const session = z
  .object({
    administrator,
    csrfToken: z.string().describe('To be sent as x-csrf-token with every request that changes something'),
    expiresAt: moment.describe('When the session ends unless it is used before'),
  })
  .meta({ id: 'Session' })

export const readSetup = defineContract({
  method: 'GET',
  url: '/api/v1/setup',
  operationId: 'readSetup',
  summary: 'Whether the first administrator has still to be made',
  tags: ['Session'],
  access: 'public',
  callsPerMinute: 120,
  response: { 200: z.object({ needed: z.boolean() }) },
})

export const setUp = defineContract({
  method: 'POST',
  url: '/api/v1/setup',
  operationId: 'setUp',
  summary: 'Make the first administrator and sign in',
  tags: ['Session'],
  access: 'public',
  callsPerMinute: 60,
  bodyLimit: 16_384,
  body: z.object({
    code: z.string().min(1).max(200).describe('The setup code that the server printed at its first start'),
    name,
    email,
    password,
    language: language.default('en'),
  }),
  response: { 201: session },
})

export const signIn = defineContract({
  method: 'POST',
  url: '/api/v1/session',
  operationId: 'signIn',
  summary: 'Sign in',
  description: 'Sets the session cookie.',
  tags: ['Session'],
  access: 'public',
  callsPerMinute: 120,
  bodyLimit: 16_384,
  body: z.object({ email: z.string().trim().min(1).max(254), password }),
  response: { 201: session },
})

export const readSession = defineContract({
  method: 'GET',
  url: '/api/v1/session',
  operationId: 'readSession',
  summary: 'Who is signed in',
  tags: ['Session'],
  access: 'administrator',
  response: { 200: session },
})

export const signOut = defineContract({
  method: 'DELETE',
  url: '/api/v1/session',
  operationId: 'signOut',
  summary: 'Sign out',
  tags: ['Session'],
  access: 'administrator',
  response: { 204: noContent },
})

export const changeAdministrator = defineContract({
  method: 'PATCH',
  url: '/api/v1/session/administrator',
  operationId: 'changeAdministrator',
  summary: 'Change what the signed-in administrator prefers',
  tags: ['Session'],
  access: 'administrator',
  body: z.object({ language: language.optional() }),
  response: { 200: administrator },
})

export const apiKey = z
  .object({
    id: z.uuid(),
    name: z.string(),
    createdAt: moment,
    createdBy: z.object({ id: z.uuid(), name: z.string() }),
    lastUsedAt: moment.nullable().describe('To the minute'),
    expiresAt: moment.nullable(),
  })
  .meta({ id: 'ApiKey' })

export const listApiKeys = defineContract({
  method: 'GET',
  url: '/api/v1/api-keys',
  operationId: 'listApiKeys',
  summary: 'API keys that have not been revoked, newest first',
  tags: ['API keys'],
  access: 'administrator',
  response: { 200: z.object({ items: z.array(apiKey) }) },
})

export const createApiKey = defineContract({
  method: 'POST',
  url: '/api/v1/api-keys',
  operationId: 'createApiKey',
  summary: 'Make an API key',
  description: 'Only for a signed-in person: a key cannot make keys.',
  tags: ['API keys'],
  access: 'administrator',
  body: z.object({ name, expiresAt: moment.nullable().default(null) }),
  response: { 201: z.object({ key: z.string().describe('Shown this once'), apiKey }) },
})

export const revokeApiKey = defineContract({
  method: 'DELETE',
  url: '/api/v1/api-keys/:id',
  operationId: 'revokeApiKey',
  summary: 'Revoke an API key',
  tags: ['API keys'],
  access: 'administrator',
  params: uuidParams,
  response: { 204: noContent },
})
