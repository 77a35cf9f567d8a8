/** How column values arrive in TypeScript where `pg`'s own choice would surprise. */
import pg from 'pg'

const { builtins } = pg.types
const int8Array = 1016
const dateArray = 1182
const textArrayOid: number = 1009

/** `pg` reads the nested syntax of arrays; ours are flat. */
const textArray: (text: string) => (string | null)[] = pg.types.getTypeParser(textArrayOid)

/** `bigint` as a number, or as a BigInt when a number would round it. */
export function parseInt8(text: string): number | bigint {
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : BigInt(text)
}

function parserFor(oid: number): ((text: string) => unknown) | undefined {
  if (oid === builtins.INT8) return parseInt8
  // A calendar day has no time zone; a Date would move it.
  if (oid === builtins.DATE) return (text) => text
  if (oid === int8Array)
    return (text) => textArray(text).map((item) => (item === null ? null : parseInt8(item)))
  if (oid === dateArray) return textArray
  return undefined
}

/** The type parsers of every connection: bigint and count(*) are numbers, `date` stays `YYYY-MM-DD`. */
export const columnParsers: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    const own = format === 'binary' ? undefined : parserFor(oid)
    return own ?? pg.types.getTypeParser(oid, format)
  },
}
