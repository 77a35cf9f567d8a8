/** The real server as a process of its own, so that it can be killed in the middle of its work. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Environment } from '@apportion/server/config/env'

const main = fileURLToPath(new URL('../../packages/server/src/main.ts', import.meta.url))

export interface ServerProcess {
  readonly url: string
  /** What it printed, setup link included. */
  readonly output: () => string
  /** SIGKILL: no chance to tidy up. */
  kill(): Promise<void>
  /** SIGTERM, and waits until it is gone. */
  stop(): Promise<void>
}

/** Starts a server and waits until it says that it can work. */
export async function startServerProcess(environment: Environment): Promise<ServerProcess> {
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, LOG_LEVEL: 'warn', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const gone = once(child, 'exit')
  child.stdout.on('data', (text: Buffer) => {
    output += text.toString()
  })
  child.stderr.on('data', (text: Buffer) => {
    output += text.toString()
  })
  const url = `http://127.0.0.1:${environment.PORT}`
  await untilHealthy(url, child, () => output)
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    child.kill(signal)
    await gone
  }
  return { url, output: () => output, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') }
}

async function untilHealthy(url: string, child: ChildProcess, output: () => string): Promise<void> {
  for (let attempt = 0; attempt < 600; attempt++) {
    if (child.exitCode !== null) throw new Error(`The server ended at its start:\n${output()}`)
    const healthy = await fetch(`${url}/health`).then(
      (answer) => answer.ok,
      () => false,
    )
    if (healthy) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  child.kill('SIGKILL')
  throw new Error(`The server was not healthy within a minute:\n${output()}`)
}
