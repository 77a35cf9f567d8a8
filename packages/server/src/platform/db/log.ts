/** What the database layer tells the operator; a pino logger fits. Never receives a secret. */
export interface DatabaseLog {
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

/** For tools and tests in which nobody reads along. */
export const silentLog: DatabaseLog = { info() {}, warn() {}, error() {} }
