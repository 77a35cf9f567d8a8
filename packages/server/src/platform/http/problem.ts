/** The problem documents that every failed request is answered with (RFC 9457). */
import { z } from 'zod'
import { type ProblemCode, problemStatus } from './problems.ts'

/** The media type of a problem document. */
export const problemType = 'application/problem+json'

export const problemDocument = z
  .object({
    type: z.string().describe('urn:apportion:problem: followed by the code'),
    title: z.string().describe('What went wrong in general; the same for every problem of this code'),
    status: z.int().describe('The HTTP status'),
    code: z.string().describe('Stable code to compare with, for example token.expired'),
    detail: z.string().describe('What went wrong this time, for a person, with what to do'),
    requestId: z.string().describe('The id under which the server logged this request'),
    errors: z
      .array(z.object({ path: z.string(), message: z.string() }))
      .optional()
      .describe('With request.invalid: each value that is not right'),
    facts: z.record(z.string(), z.unknown()).optional().describe('Values to act on; they depend on the code'),
  })
  .meta({ id: 'Problem' })

export type ProblemDocument = z.output<typeof problemDocument>

/** One value of a request that is not right. `path` like `body.rows[3].serial`. */
export interface InvalidValue {
  readonly path: string
  readonly message: string
}

/** What varies from one problem of a code to the next. */
export interface ProblemDetails {
  readonly code: ProblemCode
  readonly detail: string
  readonly requestId: string
  readonly errors?: readonly InvalidValue[]
  readonly facts?: Readonly<Record<string, unknown>>
}

/** Completes a problem from the table of codes. */
export function presentProblem({ code, detail, requestId, errors, facts }: ProblemDetails): ProblemDocument {
  const { status, title } = problemStatus[code]
  return {
    type: `urn:apportion:problem:${code}`,
    title,
    status,
    code,
    detail,
    requestId,
    ...(errors === undefined ? {} : { errors: [...errors] }),
    ...(facts === undefined || Object.keys(facts).length === 0 ? {} : { facts: { ...facts } }),
  }
}
