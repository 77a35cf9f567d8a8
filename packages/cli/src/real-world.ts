/** The world as it is: this process, its terminal, the user's files, the network. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, statfs, writeFile } from 'node:fs/promises'
import { homedir, hostname } from 'node:os'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { WriteStream } from 'node:tty'
import { fileURLToPath } from 'node:url'
import manifest from '../package.json' with { type: 'json' }
import { configFolder, credentialsFile } from './credentials.ts'
import { CommandFailure, usageFailure } from './failure.ts'
import { painter, wantsColors } from './output/paint.ts'
import type { Output, Questions, World } from './world.ts'

/** Everything from the running process; nothing is opened yet. */
export function realWorld(): World {
  const { env } = process
  const isInteractive = process.stdin.isTTY === true && process.stderr.isTTY === true
  return {
    settings: {
      url: env.APPORTION_URL || undefined,
      apiKey: env.APPORTION_API_KEY || undefined,
      dataFolder: env.APPORTION_DATA || undefined,
      simulator: env.APPORTION_SIM || undefined,
    },
    stdout: outputTo(process.stdout),
    stderr: outputTo(process.stderr),
    questions: isInteractive ? terminalQuestions() : null,
    credentials: credentialsFile(configFolder(env, homedir())),
    fetch: (request) => fetch(request),
    now: () => new Date(),
    sleep: async (milliseconds) => await sleep(milliseconds),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    readFile: readBytes,
    writeSecret: async (path, text) => await writeFile(path, text, { mode: 0o600 }),
    runProgram,
    freeBytes: freeBytesAt,
    nodeVersion: process.version,
    machineName: hostname(),
    version: manifest.version,
  }
}

function outputTo(stream: WriteStream): Output {
  const { NO_COLOR: noColor, FORCE_COLOR: forceColor, TERM: term } = process.env
  const terminal = stream.isTTY === true
  return {
    write: (text) => void stream.write(text),
    writeAll: async (text) => {
      if (!stream.write(text)) await once(stream, 'drain')
    },
    paint: painter(wantsColors({ terminal, noColor, forceColor, term })),
    width: terminal ? stream.columns : null,
  }
}

/** The prompts are only loaded when something is asked, so that every other command starts faster. */
function terminalQuestions(): Questions {
  const prompts = async () => await import('@clack/prompts')
  const output = process.stderr
  return {
    async text(message, initial) {
      const { text, isCancel } = await prompts()
      const answer = await text({
        message,
        output,
        ...(initial === undefined ? {} : { placeholder: initial, defaultValue: initial }),
      })
      return isCancel(answer) ? cancelled() : answer
    },
    async password(message) {
      const { password, isCancel } = await prompts()
      const answer = await password({ message, output })
      return isCancel(answer) ? cancelled() : answer
    },
    async confirm(message) {
      const { confirm, isCancel } = await prompts()
      const answer = await confirm({ message, output, initialValue: false })
      return isCancel(answer) ? cancelled() : answer
    },
  }
}

function cancelled(): never {
  throw new CommandFailure('usage.cancelled', 'Left. Nothing was changed.')
}

async function readBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  if (path === '-') return new Uint8Array(await buffer(process.stdin))
  try {
    return new Uint8Array(await readFile(path))
  } catch (error) {
    throw usageFailure('file.unreadable', `${path} cannot be read: ${reasonOf(error)}`)
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'you may not read it',
  EISDIR: 'it is a folder',
}

function reasonOf(error: unknown): string {
  const code: unknown = Reflect.get(Object(error), 'code')
  return reasons[String(code)] ?? String(code)
}

async function freeBytesAt(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  } catch {
    return null
  }
}

/** The program gets the terminal's own SIGINT; a SIGTERM to us is passed on, so that nothing is left behind. */
async function runProgram(file: URL, flags: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [fileURLToPath(file), ...flags], { stdio: 'inherit' })
  const passOn = (): void => void child.kill('SIGTERM')
  const stay = (): void => {}
  process.on('SIGTERM', passOn).on('SIGINT', stay)
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (exit) => resolve(exit ?? 0))
  })
  process.off('SIGTERM', passOn).off('SIGINT', stay)
  return code
}
