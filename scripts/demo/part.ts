/** A process of the demo: started, watched, and ended with the demo. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'

export interface PartOptions {
  /** As messages call it. */
  readonly name: string
  /** The program and its arguments. */
  readonly args: readonly string[]
  readonly environment: NodeJS.ProcessEnv
  readonly logFile: string
}

export interface Part extends AsyncDisposable {
  /** Resolves when the process has ended, with what to tell about it. */
  readonly ended: Promise<string>
  /** Resolves with the first match in its output; rejects when it ends before. */
  printed(pattern: RegExp): Promise<RegExpMatchArray>
}

const preload = join(import.meta.dirname, 'end-with-parent.ts')

/** Milliseconds that a process has to tidy up. */
const patience = 15_000

/** Starts a process in a group of its own, so that Ctrl-C reaches the demo alone and parts end in order. */
export function startPart({ name, args, environment, logFile }: PartOptions): Part {
  const child = spawn(process.execPath, ['--import', preload, ...args], {
    env: environment,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  })
  const log = createWriteStream(logFile, { flags: 'a', mode: 0o600 })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + stripVTControlCharacters(text)).slice(-100_000)
      log.write(text)
    })
  }
  const exited = once(child, 'close')
  const ended = exited.then(([code, signal]) => {
    log.end()
    const last = output.trimEnd().split('\n').slice(-12).join('\n')
    return `${name} ended (${signal ?? `exit code ${code}`}); its output is in ${logFile}:\n${last}`
  })
  return {
    ended,
    printed: (pattern) => firstMatch(pattern, () => output, { child: child.stdout, ended }),
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return
      child.kill('SIGTERM')
      const forced = setTimeout(() => child.kill('SIGKILL'), patience)
      await exited
      clearTimeout(forced)
    },
  }
}

function firstMatch(
  pattern: RegExp,
  output: () => string,
  from: { readonly child: NodeJS.ReadableStream; readonly ended: Promise<string> },
): Promise<RegExpMatchArray> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const match = output().match(pattern)
      if (match === null) return
      from.child.off('data', look)
      resolve(match)
    }
    from.child.on('data', look)
    void from.ended.then((reason) => reject(new Error(reason)))
    look()
  })
}
