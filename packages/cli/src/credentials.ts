/** Where the command line keeps its API key: one file in the user's config folder, readable by that user only. */
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { CommandFailure } from './failure.ts'

/** How to reach a server and act as somebody. */
export interface Credentials {
  /** Scheme, host and port, without a slash at the end. */
  readonly url: string
  readonly apiKey: string
  /** The key's id at the server, to delete it there; null when the key was made elsewhere. */
  readonly apiKeyId: string | null
  readonly email: string | null
}

export interface CredentialsFile {
  readonly path: string
  /** Null when there are none. */
  read(): Promise<Credentials | null>
  /** Readable and writable by the user only (0600), replaced in one step. */
  write(credentials: Credentials): Promise<void>
  delete(): Promise<void>
  /** Whether others on this machine may read it; false when it does not exist or the system has no such rights. */
  isExposed(): Promise<boolean>
}

/** The folder of this program's settings: XDG_CONFIG_HOME, APPDATA on Windows, else ~/.config. */
export function configFolder(environment: NodeJS.ProcessEnv, home: string): string {
  const { XDG_CONFIG_HOME: xdg, APPDATA: appData } = environment
  return join(xdg || appData || join(home, '.config'), 'apportion')
}

export function credentialsFile(folder: string): CredentialsFile {
  const path = join(folder, 'credentials.json')
  return {
    path,
    async read() {
      const text = await readFile(path, 'utf8').catch(absent)
      return text === null ? null : parseCredentials(text, path)
    },
    async write(credentials) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      const unfinished = `${path}.${process.pid}`
      await writeFile(unfinished, `${JSON.stringify(credentials, null, 2)}\n`, { mode: 0o600 })
      await rename(unfinished, path)
    },
    async delete() {
      await rm(path, { force: true })
    },
    async isExposed() {
      if (process.platform === 'win32') return false
      const found = await stat(path).catch(absent)
      return found !== null && (found.mode & 0o077) !== 0
    },
  }
}

function parseCredentials(text: string, path: string): Credentials {
  try {
    const value: unknown = JSON.parse(text)
    const { url, apiKey, apiKeyId, email } = Object(value) as Record<string, unknown>
    if (typeof url === 'string' && typeof apiKey === 'string') {
      return { url, apiKey, apiKeyId: textOrNull(apiKeyId), email: textOrNull(email) }
    }
  } catch {
    // Said below, together with a file that is JSON but not ours.
  }
  throw new CommandFailure('credentials.unreadable', `${path} is damaged. Delete it and run: apportion login`)
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null)

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null
  throw error
}
