/**
 * From anything that was thrown to the problem that the caller is told.
 *
 * Expected failures keep their code and message. Everything else becomes `internal` without details:
 * what went wrong is for the log, where `report` says that it has to be looked at.
 */
import { hasZodFastifySchemaValidationErrors, isResponseSerializationError } from 'fastify-type-provider-zod'
import { DatabaseFailure } from '../db/failure.ts'
import { Refusal } from '../errors.ts'
import { isSecretName } from '../log.ts'
import type { InvalidValue } from './problem.ts'
import { type ProblemCode, problemStatus } from './problems.ts'

export interface Failure {
  readonly code: ProblemCode
  readonly detail: string
  readonly errors?: readonly InvalidValue[]
  readonly facts?: Readonly<Record<string, unknown>>
  /** Our fault or the machine's: the log gets the whole error. */
  readonly report: boolean
}

/** The parts of a request that a message may quote from. */
export interface QuotedRequest {
  readonly body?: unknown
  readonly query?: unknown
  readonly params?: unknown
  readonly headers?: unknown
}

/** Decides what a caller is told about `error`. */
export function failureOf(error: unknown, request: QuotedRequest): Failure {
  if (error instanceof Refusal) {
    return { code: error.code, detail: error.message, facts: error.facts, report: false }
  }
  if (hasZodFastifySchemaValidationErrors(error)) return invalidRequest(error, request)
  if (isResponseSerializationError(error)) return internal
  return fromCode(error) ?? internal
}

const internal: Failure = {
  code: 'internal',
  detail: 'Something went wrong on the server. Its log holds the cause under the request id.',
  report: true,
}

const databaseGone: Failure = {
  code: 'database.unavailable',
  detail: 'The database does not answer. Try again in a moment; GET /health tells when it is back.',
  report: true,
}

const diskFull: Failure = {
  code: 'disk.full',
  detail: 'The disk of the database is full; nothing was changed. Free some space and try again.',
  report: true,
}

/** Codes of Fastify, its plugins, PostgreSQL (SQLSTATE), and the operating system. */
const knownCodes: Readonly<Record<string, Failure>> = {
  FST_ERR_CTP_INVALID_JSON_BODY: invalidBody('The body is not valid JSON.'),
  FST_ERR_CTP_EMPTY_JSON_BODY: invalidBody('The body is empty; this request needs a JSON body.'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: invalidBody('The body is not as long as Content-Length says.'),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'request.unsupported_type',
    detail: 'The content type of the body is not one that this request takes; JSON is application/json.',
    report: false,
  },
  FST_ERR_CTP_BODY_TOO_LARGE: {
    code: 'request.too_large',
    detail: 'The body is larger than this request takes.',
    report: false,
  },
  FST_UNDER_PRESSURE: {
    code: 'server.busy',
    detail: 'The server has more to do than it can. Try again in a moment.',
    report: true,
  },
  // What PostgreSQL cannot hold: numbers and dates out of range, NUL characters, text that is no number or no id.
  '22003': { ...unstorable(), report: true },
  '22007': unstorable(),
  '22008': unstorable(),
  '22021': unstorable(),
  '22P02': unstorable(),
  '22P05': unstorable(),
  ENOSPC: diskFull,
  '53100': diskFull,
  'database.disk_full': diskFull,
  'database.unavailable': databaseGone,
  ECONNREFUSED: databaseGone,
  ECONNRESET: databaseGone,
}

function invalidBody(detail: string): Failure {
  return { code: 'request.invalid', detail, errors: [{ path: 'body', message: detail }], report: false }
}

function unstorable(): Failure {
  return {
    code: 'request.invalid',
    detail: 'The request holds a value that cannot be: a number or a date out of range, or a NUL character.',
    report: false,
  }
}

function fromCode(error: unknown): Failure | undefined {
  if (!(error instanceof Error)) return undefined
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  if (Object.hasOwn(knownCodes, code)) return knownCodes[code]
  // Class 08: connection lost; 57P: the server shuts down or starts; 53300: no connection is free.
  if (/^(08...|57P0[1-4]|53300)$/.test(code)) return databaseGone
  if (error instanceof DatabaseFailure) return undefined
  // node-postgres has no code for a connection that broke under a query.
  if (/^(Connection terminated|Client has encountered a connection error)/.test(error.message))
    return databaseGone
  return clientError(error)
}

/** A failure that Fastify or a plugin blames on the caller. */
function clientError(error: Error): Failure | undefined {
  const status = 'statusCode' in error ? error.statusCode : undefined
  if (status === 429) {
    return {
      code: 'request.too_many',
      detail: 'Too many requests. Retry-After says when to try again.',
      report: false,
    }
  }
  if (status === 404) return { code: 'not_found', detail: 'There is nothing here.', report: false }
  if (typeof status !== 'number' || status < 400 || status > 499) return undefined
  return { code: 'request.invalid', detail: 'The request is not valid HTTP for this address.', report: false }
}

interface ValidationFailure {
  readonly validation: readonly { readonly instancePath: string; readonly message?: string }[]
  readonly validationContext?: string | undefined
}

const partNames: Readonly<Record<string, keyof QuotedRequest>> = {
  body: 'body',
  querystring: 'query',
  params: 'params',
  headers: 'headers',
}

function invalidRequest(
  { validation, validationContext }: ValidationFailure,
  request: QuotedRequest,
): Failure {
  const part = partNames[validationContext ?? 'body'] ?? 'body'
  const errors = validation.slice(0, 100).map(({ instancePath, message }) => {
    const steps = instancePath.split('/').filter((step) => step !== '')
    const path = `${part}${steps.map(pathStep).join('')}`
    return { path, message: `${message ?? 'is not valid'}${quoted(request[part], steps)}` }
  })
  const [first] = errors
  const detail =
    first === undefined ? problemStatus['request.invalid'].title : `${first.path}: ${first.message}`
  return { code: 'request.invalid', detail, errors, report: false }
}

function pathStep(step: string): string {
  return /^\d+$/.test(step) ? `[${step}]` : `.${step}`
}

const longestQuote = 60

/** The value that is not right, unless it is or may hold a secret, or is too long to help. */
function quoted(part: unknown, steps: readonly string[]): string {
  if (steps.some(isSecretName)) return ''
  let value: unknown = part
  for (const step of steps) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return ''
    value = Reflect.get(value, step)
  }
  if (value === undefined || (typeof value === 'object' && value !== null)) return ''
  const text = JSON.stringify(value)
  return text.length > longestQuote ? '' : `; it is ${text}`
}
