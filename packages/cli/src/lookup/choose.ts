/** Finds the one thing that a person means by a name, and says so when there is none or more than one. */
import { CommandFailure, usageFailure } from '../failure.ts'

export interface Choice<Item> {
  /** What is looked for, for messages: `app`, `group`. */
  readonly what: string
  /** What the person typed. */
  readonly wanted: string
  readonly candidates: readonly Item[]
  readonly nameOf: (item: Item) => string
  /** One line that tells this item from the others, with what to type to mean it. */
  readonly describe: (item: Item) => string
  /** Where to look instead, when nothing fits. */
  readonly advice: string
}

/**
 * The only candidate with exactly this name (case does not matter), else the only one that contains it.
 * Throws `<what>.unknown` or, with the candidates listed, `<what>.ambiguous`.
 */
export function chooseByName<Item>({
  what,
  wanted,
  candidates,
  nameOf,
  describe,
  advice,
}: Choice<Item>): Item {
  const needle = wanted.toLocaleLowerCase()
  const same = candidates.filter((item) => nameOf(item).toLocaleLowerCase() === needle)
  const similar = candidates.filter((item) => nameOf(item).toLocaleLowerCase().includes(needle))
  const fitting = same.length > 0 ? same : similar
  const [only, another] = fitting
  if (only === undefined)
    throw new CommandFailure(`${what}.unknown`, `There is no ${what} “${wanted}”. ${advice}`)
  if (another === undefined) return only
  const lines = fitting.slice(0, 10).map((item) => `  ${describe(item)}`)
  throw usageFailure(
    `${what}.ambiguous`,
    `“${wanted}” can mean ${fitting.length} things; say which:\n${lines.join('\n')}`,
  )
}
