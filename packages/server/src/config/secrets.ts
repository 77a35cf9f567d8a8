/** Step three of the configuration: the secrets, kept apart so that a configuration can be printed. */

import { readFile } from 'node:fs/promises'
import { type DeveloperKey, readDeveloperKey } from '@apportion/apps-books/developer-token'
import { errorCode } from '../platform/db/failure.ts'
import { type BadVariable, ConfigurationError, type Environment } from './env.ts'
import { loadOrCreateMasterKey, type MasterKey, parseMasterKey } from './master-key.ts'
import { givenNanoMdmKeys, type NanoMdmKeys } from './nanomdm-keys.ts'

export interface Secrets {
  readonly masterKey: MasterKey
  /** The operator's PostgreSQL with its password; null with the embedded one. */
  readonly databaseUrl: string | null
  /** For Apple's metadata API for organizations; null or left out without one. */
  readonly developerKey?: DeveloperKey | null
  /** Shared with NanoMDM; null or left out without one. */
  readonly nanomdm?: NanoMdmKeys | null
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
  const developerKey = await givenDeveloperKey(environment, bad)
  const nanomdm = await givenNanoMdmKeys(environment, bad)
  if (bad.length > 0) throw new ConfigurationError(bad, environment)
  const masterKey: MasterKey =
    given === null ? await loadOrCreateMasterKey(dataFolder) : { bytes: given, origin: { kind: 'given' } }
  return { masterKey, databaseUrl, developerKey, nanomdm }
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
    bad.push({ name: 'APPORTION_KEY_FILE', advice: unreadable(error) })
    return null
  }
}

/** The developer's key with its two ids, which only make sense together. */
async function givenDeveloperKey(environment: Environment, bad: BadVariable[]): Promise<DeveloperKey | null> {
  const {
    APPORTION_APPLE_DEVELOPER_KEY: text,
    APPORTION_APPLE_DEVELOPER_KEY_FILE: file,
    APPORTION_APPLE_DEVELOPER_KEY_ID: keyId,
    APPORTION_APPLE_DEVELOPER_TEAM_ID: teamId,
  } = environment
  if (text !== undefined && file !== undefined) {
    const advice = 'is set together with APPORTION_APPLE_DEVELOPER_KEY; keep one of them'
    bad.push({ name: 'APPORTION_APPLE_DEVELOPER_KEY_FILE', advice })
    return null
  }
  const name = file === undefined ? 'APPORTION_APPLE_DEVELOPER_KEY' : 'APPORTION_APPLE_DEVELOPER_KEY_FILE'
  // Variables hold one line, so the breaks of the PEM may be written as \n.
  const pem = file === undefined ? text?.replaceAll('\\n', '\n') : await textOf(file, bad)
  if (pem === undefined) {
    if (file === undefined) bad.push(...idsWithoutKey(environment))
    return null
  }
  if (keyId === undefined || teamId === undefined) {
    const missing =
      keyId === undefined ? 'APPORTION_APPLE_DEVELOPER_KEY_ID' : 'APPORTION_APPLE_DEVELOPER_TEAM_ID'
    bad.push({ name: missing, advice: 'is needed with a developer key: ten letters and digits' })
    return null
  }
  try {
    return readDeveloperKey({ pem, keyId, teamId })
  } catch (error) {
    bad.push({ name, advice: `cannot be used: ${error instanceof TypeError ? error.message : 'no key'}` })
    return null
  }
}

function idsWithoutKey(environment: Environment): BadVariable[] {
  const ids = ['APPORTION_APPLE_DEVELOPER_KEY_ID', 'APPORTION_APPLE_DEVELOPER_TEAM_ID'] as const
  const set = ids.filter((name) => environment[name] !== undefined)
  const advice = 'is set without APPORTION_APPLE_DEVELOPER_KEY or APPORTION_APPLE_DEVELOPER_KEY_FILE'
  return set.map((name) => ({ name, advice }))
}

async function textOf(file: string, bad: BadVariable[]): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    bad.push({ name: 'APPORTION_APPLE_DEVELOPER_KEY_FILE', advice: unreadable(error) })
    return undefined
  }
}

/** The system's message repeats the name of the file, which may be a key that was put into the wrong variable. */
function unreadable(error: unknown): string {
  return `cannot be read (${errorCode(error) ?? 'unknown reason'}); name a file that this account may read`
}
