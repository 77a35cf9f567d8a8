/** Reading the rule of a group from a file; whether it is sound, the server says with the place that is not (A1). */
import { CommandFailure } from './failure.ts'
import type { World } from './world.ts'

/** The rule as it stands in a file of JSON; `-` reads standard input. */
export async function readRuleFile({ readFile }: World, path: string): Promise<Record<string, unknown>> {
  const text = new TextDecoder().decode(await readFile(path))
  const rule = parsed(text)
  if (isObject(rule)) return rule
  throw new CommandFailure(
    'rule.not_json',
    `${path} is not a rule: a JSON object such as { "fact": "platform", "op": "is", "value": "iPadOS" }`,
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
