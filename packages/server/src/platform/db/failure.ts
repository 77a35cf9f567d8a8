/**
 * The expected failures of the database itself: of the folder it lives in, of the server, of its schema.
 *
 * They concern the operator, so each message names the thing, shows the value and says what to do.
 * `docs/operate/database.md` lists each code.
 */
export const databaseFailureCodes = [
  'database.unavailable',
  'database.url_invalid',
  'database.version_unsupported',
  'database.encoding_unsupported',
  'database.platform_unsupported',
  'database.account_unusable',
  'database.folder_in_use',
  'database.folder_unwritable',
  'database.folder_version',
  'database.disk_full',
  'database.start_failed',
  'database.migration_edited',
  'database.migration_unknown',
  'database.migration_misnumbered',
  'database.migration_failed',
] as const

export type DatabaseFailureCode = (typeof databaseFailureCodes)[number]

/** A failure with a stable code; `facts` is what a caller needs to act on it and holds no secret. */
export class DatabaseFailure extends Error {
  readonly code: DatabaseFailureCode
  readonly facts: Readonly<Record<string, unknown>>

  constructor(code: DatabaseFailureCode, message: string, options: DatabaseFailureOptions = {}) {
    super(message, { cause: options.cause })
    this.name = 'DatabaseFailure'
    this.code = code
    this.facts = options.facts ?? {}
  }
}

/** What a failure carries beside its code and message. */
export interface DatabaseFailureOptions {
  readonly cause?: unknown
  readonly facts?: Readonly<Record<string, unknown>>
}

/** The five-character SQLSTATE or the system's error name (`ECONNREFUSED`), when the error carries one. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** An error's message, or its text when something else than an error was thrown. */
export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
