/** Everything a command may touch. `main.ts` gives the real one; a test gives its own. */
import type { CommandContext, StricliProcess } from '@stricli/core'
import type { CredentialsFile } from './credentials.ts'
import type { Paint } from './output/paint.ts'

/** Where text goes. */
export interface Output {
  readonly write: (text: string) => void
  /** Resolves when the reader has room again; for output of any size. */
  readonly writeAll: (text: string) => Promise<void>
  readonly paint: Paint
  /** Columns of the terminal; null when it is none. */
  readonly width: number | null
}

/** Questions to a person. Each throws `usage.cancelled` when the person leaves. */
export interface Questions {
  text(question: string, initial?: string): Promise<string>
  password(question: string): Promise<string>
  confirm(question: string): Promise<boolean>
}

/** The environment variables that the command line reads. */
export interface Settings {
  /** APPORTION_URL */
  readonly url: string | undefined
  /** APPORTION_API_KEY */
  readonly apiKey: string | undefined
  /** APPORTION_DATA: the data folder of a server on this machine, for `doctor`. */
  readonly dataFolder: string | undefined
  /** APPORTION_SIM: the control address of a simulator, for `sim`. */
  readonly simulator: string | undefined
}

export interface World {
  readonly settings: Settings
  readonly stdout: Output
  readonly stderr: Output
  /** Null when nobody is there to answer: input or output is not a terminal. */
  readonly questions: Questions | null
  readonly credentials: CredentialsFile
  readonly fetch: (request: Request) => Promise<Response>
  readonly now: () => Date
  readonly sleep: (milliseconds: number) => Promise<void>
  readonly timeZone: string
  /** The bytes of a file; `-` is standard input. */
  readonly readFile: (path: string) => Promise<Uint8Array<ArrayBuffer>>
  /** Writes a file that the user alone may read (0600). */
  readonly writeSecret: (path: string, text: string) => Promise<void>
  /** Runs a program of the project under the same Node, on this terminal, until it ends; gives its exit code. */
  readonly runProgram: (file: URL, flags: readonly string[]) => Promise<number>
  /** Bytes free on the disk that holds the folder; null when there is no such folder. */
  readonly freeBytes: (folder: string) => Promise<number | null>
  readonly nodeVersion: string
  readonly machineName: string
  /** Version of the command line itself. */
  readonly version: string
}

/** What a command gets as `this`. */
export interface CommandLine extends CommandContext {
  readonly process: StricliProcess
  readonly world: World
}
