/** Runs one command line in a world and gives the exit code that scripts see. */
import { run, type StricliProcess } from '@stricli/core'
import { commandLineApp } from './app.ts'
import { completeWord } from './commands/completion.ts'
import { proposals } from './complete.ts'
import { type ExitCode, exitCode } from './exit-codes.ts'
import type { CommandLine, World } from './world.ts'

/** Never throws for a failed command: that is written to stderr. */
export async function runCommandLine(inputs: readonly string[], world: World): Promise<ExitCode> {
  const process: StricliProcess = { stdout: world.stdout, stderr: world.stderr, exitCode: null }
  const context: CommandLine = { process, world }
  const app = commandLineApp(world.version)
  if (inputs[0] === completeWord) {
    for (const { completion, brief } of await proposals(app, inputs.slice(1), context)) {
      world.stdout.write(`${completion}\t${brief}\n`)
    }
    return exitCode.ok
  }
  await run(app, inputs, context)
  return codeOf(process.exitCode)
}

/** The library's own codes are negative: unknown command and unreadable arguments are wrong use, the rest are defects. */
function codeOf(code: StricliProcess['exitCode']): ExitCode {
  const known = Object.values(exitCode).find((value) => value === code)
  if (known !== undefined) return known
  return code === -5 || code === -4 ? exitCode.usage : exitCode.failed
}
