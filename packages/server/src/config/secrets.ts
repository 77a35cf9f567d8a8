/** Step three of the configuration: the secrets, kept apart so that a configuration can be printed. */
import { readFile } from 'node:fs/promises'
import { type BadVariable, ConfigurationError, type Environment } from './env.ts'
import { loadOrCreateMasterKey, type MasterKey, parseMasterKey } from './master-key.ts'

export interface Secrets {
  readonly masterKey: MasterKey
  /** The operator's PostgreSQL with its password; null with the embedded one. */
  readonly databaseUrl: string | null
}

/**
 * Takes the secrets from the environment or from files; makes the key in `dataFolder` when none is given.
 * Throws ConfigurationError, or StartFailure when the folder or its key file cannot be used.
 */
export async function readSecrets(environment: Environment, dataFolder: string): Promise<Secrets> {
  const bad: BadVariable[] = []
  const databaseUrl = environment.DATABASE_URL ?? null
  if (databaseUrl !== null && !/^postgres(ql)?:\/\//.test(databaseUrl)) {
    bad.push({ name: 'DATABASE_URL', advice: 'must start with postgresql://' })
  }
  const given = await givenKey(environment, bad)
  if (bad.length > 0) throw new ConfigurationError(bad, environment)
  const masterKey: MasterKey =
    given === null ? await loadOrCreateMasterKey(dataFolder) : { bytes: given, origin: { kind: 'given' } }
  return { masterKey, databaseUrl }
}

async function givenKey(environment: Environment, bad: BadVariable[]): Promise<Buffer | null> {
  const { APPORTION_KEY: text, APPORTION_KEY_FILE: file } = environment
  if (text !== undefined && file !== undefined) {
    bad.push({ name: 'APPORTION_KEY_FILE', advice: 'is set together with APPORTION_KEY; keep one of them' })
    return null
  }
  if (text !== undefined) {
    const key = parseMasterKey(text)
    if (key === null) bad.push({ name: 'APPORTION_KEY', advice: keyForm })
    return key
  }
  return file === undefined ? null : keyFromFile(file, bad)
}

const keyForm = 'must be 32 bytes as Base64; `openssl rand -base64 32` makes one'

async function keyFromFile(file: string, bad: BadVariable[]): Promise<Buffer | null> {
  try {
    const key = parseMasterKey(await readFile(file, 'utf8'))
    if (key === null) bad.push({ name: 'APPORTION_KEY_FILE', advice: `the file's content ${keyForm}` })
    return key
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    bad.push({ name: 'APPORTION_KEY_FILE', advice: `cannot be read: ${reason}` })
    return null
  }
}
