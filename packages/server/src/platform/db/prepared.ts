/**
 * Statements that each connection plans once. For those that run with every message of a device, planning costs several
 * times what running does.
 */
import { type RawBuilder, sql } from 'kysely'
import pg from 'pg'

const mark = /^\/\* prepared (\w+) \*\//

/**
 * Stands first in the text of a statement that is planned once. A name belongs to one text, which has to be the same
 * whatever the parameters are; letters, digits and underscores, at most 63.
 */
export function prepared(name: string): RawBuilder<unknown> {
  return sql.raw(`/* prepared ${name} */`)
}

/** Has a connection prepare the statements that are marked. */
export function prepareMarked(client: pg.PoolClient): void {
  const query = (...given: readonly unknown[]): unknown =>
    // Looked up each time, so that whoever watches what connections send sees it.
    // oxlint-disable-next-line typescript/unbound-method -- it is applied to the client
    Reflect.apply(pg.Client.prototype.query, client, given)
  Object.assign(client, {
    query: (text: unknown, values: unknown, ...rest: readonly unknown[]) => {
      const name = typeof text === 'string' ? mark.exec(text)?.[1] : undefined
      return name === undefined ? query(text, values, ...rest) : query({ name, text, values }, ...rest)
    },
  })
}
