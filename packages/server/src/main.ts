/** Runs the server until it is told to stop. Composition only. */
import { parseConfig } from './config/config.ts'
import { ConfigurationError, readEnvironment } from './config/env.ts'
import { readSecrets } from './config/secrets.ts'
import { DatabaseFailure } from './platform/db/failure.ts'
import { StartFailure } from './platform/errors.ts'
import { startServer } from './server.ts'

const stopping = new AbortController()
for (const name of ['SIGTERM', 'SIGINT'] as const) {
  // Kept for the whole run: a terminal and a process manager may both send the signal.
  process.on(name, () => stopping.abort())
}

try {
  const environment = readEnvironment()
  const config = parseConfig(environment)
  const secrets = await readSecrets(environment, config.dataFolder)
  await using server = await startServer(config, secrets, { signal: stopping.signal })
  console.log(`Apportion listens at ${config.publicUrl?.origin ?? server.url}`)
  if (server.setupLink !== null) console.log(`Make the first administrator at ${server.setupLink}`)
  await untilAborted(stopping.signal)
  console.log('Apportion is stopping')
} catch (error) {
  if (!stopping.signal.aborted) {
    process.exitCode = 1
    console.error(isForOperator(error) ? error.message : error)
  }
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve())
  })
}

/** Failures whose message says what to do; a stack would only hide it. */
function isForOperator(error: unknown): error is Error {
  return (
    error instanceof StartFailure || error instanceof ConfigurationError || error instanceof DatabaseFailure
  )
}
