/** The secrets that are shared with NanoMDM: needed together, and with its address. */
import { readFile } from 'node:fs/promises'
import { errorCode } from '../platform/db/failure.ts'
import type { BadVariable, Environment } from './env.ts'

export interface NanoMdmKeys {
  /** The password of its API. */
  readonly apiKey: string
  /** With this it signs what it tells. */
  readonly webhookKey: string
}

/** Shorter ones can be guessed from one message that was overheard. */
const leastWebhookKey = 16

/** Null without NanoMDM. What cannot be used is added to `bad`, without its value. */
export async function givenNanoMdmKeys(
  environment: Environment,
  bad: BadVariable[],
): Promise<NanoMdmKeys | null> {
  const { APPORTION_NANOMDM_URL: url, APPORTION_NANOMDM_WEBHOOK_KEY: webhookKey } = environment
  const apiKey = await apiKeyOf(environment, bad)
  if (url === undefined) {
    bad.push(...keysWithoutAddress(environment))
    return null
  }
  if (apiKey === undefined) {
    bad.push({ name: 'APPORTION_NANOMDM_KEY', advice: 'is needed with APPORTION_NANOMDM_URL' })
  }
  if (webhookKey === undefined || webhookKey.length < leastWebhookKey) {
    const advice = `is needed with APPORTION_NANOMDM_URL: at least ${leastWebhookKey} characters`
    bad.push({ name: 'APPORTION_NANOMDM_WEBHOOK_KEY', advice })
    return null
  }
  return apiKey === undefined ? null : { apiKey, webhookKey }
}

function keysWithoutAddress(environment: Environment): BadVariable[] {
  const names = [
    'APPORTION_NANOMDM_KEY',
    'APPORTION_NANOMDM_KEY_FILE',
    'APPORTION_NANOMDM_WEBHOOK_KEY',
  ] as const
  const advice = 'is set without APPORTION_NANOMDM_URL'
  return names.filter((name) => environment[name] !== undefined).map((name) => ({ name, advice }))
}

async function apiKeyOf(environment: Environment, bad: BadVariable[]): Promise<string | undefined> {
  const { APPORTION_NANOMDM_KEY: text, APPORTION_NANOMDM_KEY_FILE: file } = environment
  const name = 'APPORTION_NANOMDM_KEY_FILE'
  if (file === undefined || text !== undefined) {
    const advice = 'is set together with APPORTION_NANOMDM_KEY; keep one of them'
    if (file !== undefined) bad.push({ name, advice })
    return text
  }
  try {
    const key = (await readFile(file, 'utf8')).trim()
    if (key !== '') return key
    bad.push({ name, advice: 'the file is empty; write the key into it' })
  } catch (error) {
    const advice = `cannot be read (${errorCode(error) ?? 'unknown reason'}); name a file that this account may read`
    bad.push({ name, advice })
  }
  return undefined
}
