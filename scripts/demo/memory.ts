/** What the demo remembers between two starts: `demo.json` in its folder, for its owner's eyes only. */
import { randomBytes } from 'node:crypto'
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface DemoMemory {
  readonly email: string
  readonly password: string
  /** Made at the first start; the demo enters its organization with it. */
  readonly apiKey?: string
  /** The simulator's port: icons that are still to be fetched are looked for there. */
  readonly applePort?: number
  /** The organization has been entered completely. */
  readonly seeded?: boolean
}

const fileIn = (folder: string): string => join(folder, 'demo.json')

/** What was remembered, or the beginnings with a new password. */
export async function recall(folder: string): Promise<DemoMemory> {
  await mkdir(folder, { recursive: true, mode: 0o755 })
  const text = await readFile(fileIn(folder), 'utf8').catch(() => undefined)
  if (text !== undefined) return JSON.parse(text)
  const begun = { email: 'demo@meridian.example', password: randomBytes(12).toString('base64url') }
  await remember(folder, begun)
  return begun
}

/** Replaces what is remembered; a crash leaves the old or the new. */
export async function remember(folder: string, memory: DemoMemory): Promise<void> {
  const draft = `${fileIn(folder)}.new`
  await writeFile(draft, `${JSON.stringify(memory, null, 2)}\n`, { mode: 0o600 })
  await rename(draft, fileIn(folder))
}
