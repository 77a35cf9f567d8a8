/**
 * Structured logs from which secrets are removed (M5, invariant 7).
 *
 * Three nets, one under the other: what is logged of a request or an error is chosen field by field,
 * fields with a secret's name are replaced at any depth, and what looks like a token or a key in a
 * finished line is blotted out.
 */
import {
  type Bindings,
  type ChildLoggerOptions,
  type DestinationStream,
  type Logger,
  type LoggerOptions,
  pino,
} from 'pino'

export type Log = Logger
export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'

export interface LogSettings {
  readonly level: LogLevel
  /** 'json': one JSON object a line. 'text': one readable line for a person at a terminal. */
  readonly format: 'json' | 'text'
  /** Where lines go; standard output when left out. */
  readonly destination?: DestinationStream
}

/** A logger for the whole process. Fastify and the workers log through children of it. */
export function createLog({ level, format, destination }: LogSettings): Log {
  const sink = destination ?? pino.destination({ fd: 1, sync: true })
  return guardChildren(pino(logOptions(level), format === 'text' ? readableLines(sink) : sink))
}

/** pino formats the fields of a child only at the root; children of children inherit this. */
function guardChildren(log: Log): Log {
  const original: unknown = Reflect.get(log, 'child')
  if (typeof original !== 'function') throw new TypeError('The logger cannot have children')
  Reflect.set(
    log,
    'child',
    function child(this: Log, fields: Bindings, options?: ChildLoggerOptions): unknown {
      return Reflect.apply(original, this, [withoutSecrets(fields), options])
    },
  )
  return log
}

function logOptions(level: LogLevel): LoggerOptions {
  return {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }), log: withoutSecrets },
    serializers: { err: presentError, error: presentError, req: presentRequest, res: presentResponse },
    hooks: { streamWrite: blotSecrets },
  }
}

const redacted = '[redacted]'

/** Compared after removing `-` and `_` and lower-casing, so that every spelling of a name is covered. */
const secretNames = new Set([
  'authorization',
  'cookie',
  'setcookie',
  'xcsrftoken',
  'csrftoken',
  'token',
  'stoken',
  'tokens',
  'sessiontoken',
  'password',
  'newpassword',
  'passwordhash',
  'secret',
  'secrets',
  'content',
  'setupcode',
  'apikey',
  'masterkey',
  'privatekey',
  'notificationauthtoken',
  'itvt',
  'itscct',
  'body',
])

/** Whether a field of this name holds something that must not be shown. */
export function isSecretName(name: string): boolean {
  return secretNames.has(name.toLowerCase().replaceAll(/[-_]/g, ''))
}

const deepest = 8

function withoutSecrets(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, keptOf(name, value, 1)]))
}

function keptOf(name: string, value: unknown, depth: number): unknown {
  if (isSecretName(name) && value !== undefined) return redacted
  if (depth > deepest) return '[too deep]'
  if (Array.isArray(value)) return value.map((each) => keptOf('', each, depth + 1))
  if (!isPlainObject(value)) return Buffer.isBuffer(value) || value instanceof Uint8Array ? redacted : value
  return Object.fromEntries(
    Object.entries(value).map(([inner, each]) => [inner, keptOf(inner, each, depth + 1)]),
  )
}

/** Requests, errors and sockets are not plain objects: their serializers choose what is shown. */
function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** The error without what libraries hang on it: bodies, SQL parameters, row values. */
function presentError(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return typeof error === 'object' ? `[${typeof error}]` : error
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const cause = error.cause !== undefined && depth < 3 ? { cause: presentError(error.cause, depth + 1) } : {}
  return { type: error.name, message: error.message, ...code, stack: error.stack, ...cause }
}

/**
 * The path without its query, which may hold a name or an e-mail address that was searched for, and without the secret
 * part of the address that Apple posts to.
 */
function presentRequest(request: { method?: string; url?: string; ip?: string }): Record<string, unknown> {
  const path = request.url?.split('?', 1)[0]?.replace(/^(\/apple\/notifications\/).+/, `$1${redacted}`)
  return { method: request.method, path, from: request.ip }
}

function presentResponse(reply: { statusCode?: number }): Record<string, unknown> {
  return { status: reply.statusCode }
}

/** Our API keys, bearer values, and Base64 of a JSON object as long as a content token. */
const secretForms = /\bapk_[\w-]{16,}|\b[Bb]earer\s+[\w.~+/=-]{8,}|\bey[JI][\w+/-]{80,}={0,2}/g

function blotSecrets(line: string): string {
  return line.replaceAll(secretForms, redacted)
}

/** Rewrites JSON lines for a terminal: time, level, message, then the remaining fields as JSON. */
function readableLines(sink: DestinationStream): DestinationStream {
  return {
    write(line: string) {
      const { time, level, msg, err, ...rest } = JSON.parse(line) as Record<string, unknown>
      const clock = typeof time === 'string' ? time.slice(11, 19) : ''
      const fields = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : ''
      sink.write(
        `${clock} ${String(level).padEnd(5)} ${typeof msg === 'string' ? msg : ''}${fields}${readableError(err)}\n`,
      )
    },
  }
}

function readableError(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  return 'stack' in error && typeof error.stack === 'string'
    ? `\n${error.stack}`
    : ` ${JSON.stringify(error)}`
}
