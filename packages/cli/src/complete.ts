/** What could follow on a command line, for the scripts of `apportion completion`. */
import { type Application, proposeCompletions } from '@stricli/core'
import type { CommandLine } from './world.ts'

export interface Proposal {
  readonly completion: string
  readonly brief: string
}

/** Proposals for the last of these words, which may be empty or the beginning of something. */
export async function proposals(
  app: Application<CommandLine>,
  words: readonly string[],
  context: CommandLine,
): Promise<readonly Proposal[]> {
  return [...subcommands(app, words), ...(await proposeCompletions(app, words, context))]
}

/** The library proposes what the default command of `token` takes, not what else `token` has. */
function subcommands({ root }: Application<CommandLine>, words: readonly string[]): readonly Proposal[] {
  const [first, partial, ...rest] = words
  if (partial === undefined || rest.length > 0 || !('getRoutingTargetForInput' in root)) return []
  const target = root.getRoutingTargetForInput(first ?? '')
  if (target === undefined || !('getDefaultCommand' in target) || target.getDefaultCommand() === undefined)
    return []
  return target
    .getAllEntries()
    .map(({ name, target: { brief } }) => ({ completion: name['convert-camel-to-kebab'], brief }))
    .filter(({ completion }) => completion.startsWith(partial))
}
