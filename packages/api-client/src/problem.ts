/** Failures of a call: the server answered with a problem, or it did not answer at all. */

/** One value of a request that is not right. `path` like `body.rows[3].serial`. */
export interface InvalidValue {
  readonly path: string
  readonly message: string
}

/**
 * The server refused or failed (RFC 9457). `code` is stable, to be compared with; `message` (the
 * same as `detail`) is one or two sentences for a person, with what to do.
 */
export class Problem extends Error {
  override readonly name = 'Problem'
  /** For example `token.expired`; `http.<status>` when the answer was not a problem document. */
  readonly code: string
  readonly status: number
  /** What went wrong in general; the same for every problem of this code. */
  readonly title: string
  readonly detail: string
  /** Under which the server logged the request; null when another server answered. */
  readonly requestId: string | null
  /** Values to act on; they depend on the code. */
  readonly facts: Readonly<Record<string, unknown>>
  /** With `request.invalid`: each value that is not right. */
  readonly errors: readonly InvalidValue[]

  constructor(parts: ProblemParts) {
    super(parts.detail)
    this.code = parts.code
    this.status = parts.status
    this.title = parts.title
    this.detail = parts.detail
    this.requestId = parts.requestId
    this.facts = parts.facts
    this.errors = parts.errors
  }
}

/** What a `Problem` is made of. */
export interface ProblemParts {
  readonly code: string
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly requestId: string | null
  readonly facts: Readonly<Record<string, unknown>>
  readonly errors: readonly InvalidValue[]
}

/** No answer came: wrong address, server down, network gone. `cause` says what was met. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
  readonly code = 'server.unreachable'
  /** Where it was tried: scheme, host and port. */
  readonly origin: string

  constructor(origin: string, options?: ErrorOptions) {
    super(`No answer from ${origin}. Check the address, and that the server runs.`, options)
    this.origin = origin
  }
}

/** Reads the body of a failed answer; anything that is not a problem document (a proxy's page) is named by its status. */
export function problemOf(body: unknown, status: number): Problem {
  const text = (key: string): string | null => {
    const value: unknown = Reflect.get(Object(body), key)
    return typeof value === 'string' ? value : null
  }
  const code = text('code')
  if (code === null) return foreignProblem(status)
  const title = text('title') ?? code
  const facts: unknown = Reflect.get(Object(body), 'facts')
  const errors: unknown = Reflect.get(Object(body), 'errors')
  return new Problem({
    code,
    status,
    title,
    detail: text('detail') ?? title,
    requestId: text('requestId'),
    facts: isRecord(facts) ? facts : {},
    errors: Array.isArray(errors) ? errors.filter(isInvalidValue) : [],
  })
}

function foreignProblem(status: number): Problem {
  const title = `Answered with HTTP ${status}`
  return new Problem({
    code: `http.${status}`,
    status,
    title,
    detail: `${title}, without a reason that Apportion gives. Check that the address is Apportion's.`,
    requestId: null,
    facts: {},
    errors: [],
  })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isInvalidValue(value: unknown): value is InvalidValue {
  return isRecord(value) && typeof value.path === 'string' && typeof value.message === 'string'
}
