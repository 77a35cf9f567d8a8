/**
 * The key under which everything secret is sealed (O2). Made at the first start, in a file that only
 * the server's account can read. Whoever has this file and the database can read the content tokens;
 * whoever loses it has to upload them again.
 */
import { randomBytes } from 'node:crypto'
import { link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { StartFailure } from '../platform/errors.ts'
import { masterKeyLength } from '../platform/secrets.ts'

export interface MasterKey {
  readonly bytes: Buffer
  /** Where it came from: the environment, a file that was there, or made just now. */
  readonly origin:
    | { readonly kind: 'given' }
    | { readonly kind: 'file'; readonly path: string }
    | { readonly kind: 'created'; readonly path: string }
}

/** The file in the data folder. */
export const keyFileName = 'key'

/** 32 bytes in Base64 or Base64url, white space around ignored; null for anything else. */
export function parseMasterKey(text: string): Buffer | null {
  const compact = text.trim()
  if (!/^[\w+/-]{43}=?$/.test(compact)) return null
  const bytes = Buffer.from(compact, 'base64')
  return bytes.length === masterKeyLength ? bytes : null
}

/**
 * The key in `folder`, made when the folder has none. Two processes that start at once end with the same key.
 * Throws StartFailure: `secrets.key_unreadable`, `secrets.key_damaged`, `secrets.folder_unwritable`.
 */
export async function loadOrCreateMasterKey(folder: string): Promise<MasterKey> {
  const path = join(folder, keyFileName)
  const found = await readKey(path)
  if (found !== null) return { bytes: found, origin: { kind: 'file', path } }
  const created = await createKey(folder, path)
  if (created !== null) return { bytes: created, origin: { kind: 'created', path } }
  const others = await readKey(path)
  if (others === null)
    throw new StartFailure('secrets.key_unreadable', `The key file ${path} vanished; start again`)
  return { bytes: others, origin: { kind: 'file', path } }
}

async function readKey(path: string): Promise<Buffer | null> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return null
    throw new StartFailure(
      'secrets.key_unreadable',
      `The key file ${path} cannot be read (${systemCode(error)}). Let the server's account own it, mode 600.`,
    )
  }
  const key = parseMasterKey(text)
  if (key !== null) return key
  throw new StartFailure(
    'secrets.key_damaged',
    `The key file ${path} does not hold 32 bytes as Base64. Restore it from a backup; without it the stored content tokens cannot be read.`,
  )
}

/** Gives null when another process made the file first. */
async function createKey(folder: string, path: string): Promise<Buffer | null> {
  const key = randomBytes(masterKeyLength)
  const draft = `${path}.${process.pid}.${randomBytes(6).toString('hex')}`
  try {
    await mkdir(folder, { recursive: true })
    await writeDurably(draft, `${key.toString('base64')}\n`)
    // link() fails when the name exists, and a crash leaves either no key file or a whole one.
    await link(draft, path)
    return key
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return null
    const cause = systemCode(error)
    const advice =
      cause === 'ENOSPC' ? 'Free some space' : 'Make it writable, or set APPORTION_DATA to another folder'
    throw new StartFailure(
      'secrets.folder_unwritable',
      `The key cannot be written to ${folder} (${cause}). ${advice}.`,
    )
  } finally {
    // A draft that cannot be removed was never made.
    await rm(draft, { force: true }).catch(() => {})
  }
}

async function writeDurably(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
}

function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
