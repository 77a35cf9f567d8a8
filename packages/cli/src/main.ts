#!/usr/bin/env node
/** `apportion`: composition only. */
import { realWorld } from './real-world.ts'
import { runCommandLine } from './run.ts'

// A reader that has seen enough (`apportion apps | head`) is not a failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

process.exitCode = await runCommandLine(process.argv.slice(2), realWorld())
