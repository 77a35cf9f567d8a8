/**
 * `npm run demo`: the server with a simulated Apple and an invented organization. Runs until stopped; a second start
 * goes on where the first ended.
 *
 *     PORT=8081 npm run demo                    another port
 *     npm run demo -- --state /tmp/my-demo      another folder
 */
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { createApiClient } from '@apportion/api-client/client'
import { buildConsoleWhenStale } from './build-console.ts'
import { makeAdministrator } from './demo/administrator.ts'
import { enrollDevices } from './demo/devices.ts'
import { type DemoMemory, recall, remember } from './demo/memory.ts'
import { startApple, startServer } from './demo/processes.ts'
import { seed } from './demo/seed.ts'

const root = join(import.meta.dirname, '..')
const stopping = new AbortController()
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stopping.abort())
const stopped = new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve()))

async function demo(folder: string): Promise<void> {
  await buildConsoleWhenStale(say)
  await using parts = new AsyncDisposableStack()
  await Promise.race([run(folder, parts), stopped])
  say('Stopping…')
  await parts.disposeAsync()
  say('Stopped. The next start goes on from here.')
}

/** Resolves never: rejects when a part cannot start or ends by itself. */
async function run(folder: string, parts: AsyncDisposableStack): Promise<never> {
  const memory = await recall(folder)
  say('Starting the simulator of Apple and the server…')
  const apple = await startApple(folder, memory.applePort, parts)
  const server = await startServer(folder, apple, parts)
  const ends = [apple.part.ended, server.part.ended].map(async (ended) => {
    throw new Error(await ended)
  })
  const known = { ...memory, applePort: apple.port }
  await Promise.race([bringUp(folder, known, { ...server, controlUrl: apple.controlUrl }), ...ends])
  return await Promise.race(ends)
}

interface Up {
  readonly url: string
  readonly setupCode: string | undefined
  readonly controlUrl: string
}

/** Makes the administrator and enters the organization, once. */
async function bringUp(folder: string, memory: DemoMemory, up: Up): Promise<void> {
  const { url, setupCode, controlUrl } = up
  const apiKey = setupCode === undefined ? memory.apiKey : await makeAdministrator(url, setupCode, memory)
  if (apiKey === undefined && memory.seeded !== true) {
    throw new Error(
      `The demo in ${folder} was begun and cannot be continued; delete that folder and start again`,
    )
  }
  const known: DemoMemory = { ...memory, ...(apiKey === undefined ? {} : { apiKey }) }
  await remember(folder, known)
  if (known.seeded !== true) {
    const api = createApiClient({ baseUrl: url, ...(apiKey === undefined ? {} : { apiKey }) })
    await seed({ api, controlUrl, say, signal: stopping.signal })
    await remember(folder, { ...known, seeded: true })
  }
  const api = createApiClient({ baseUrl: url, ...(apiKey === undefined ? {} : { apiKey }) })
  // The console is of use while devices come, and they take a while.
  const enrolling = enrollDevices({ api, controlUrl, say, signal: stopping.signal })
  console.log(`
  Apportion is ready.

    Console    ${url}
    E-mail     ${memory.email}
    Password   ${memory.password}
    Apple      ${controlUrl}/   (simulated)

  Ctrl-C stops it; the state stays in ${folder}.
`)
  await enrolling
}

function say(text: string): void {
  console.log(`  ${text}`)
}

const { values } = parseArgs({ options: { state: { type: 'string', default: join(root, '.state/demo') } } })
try {
  await demo(resolve(values.state))
} catch (error) {
  if (!stopping.signal.aborted) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
