/**
 * Builds the console (packages/web) when its sources changed since it was built last.
 *
 *     node scripts/build-console.ts
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { glob, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const web = join(root, 'packages/web')
const stampFile = join(web, 'dist/console.built-from')

/** What the console is made of. */
const sources = [
  'packages/web/{src,public}/**',
  'packages/web/{package.json,vite.config.ts}',
  'packages/api-client/src/**',
  'packages/core/src/**/*.ts',
  'package-lock.json',
]

/** Builds into packages/web/dist/console. Takes about ten seconds, or one tenth when nothing changed. */
export async function buildConsoleWhenStale(say: (text: string) => void): Promise<void> {
  const hash = await hashOfSources()
  const index = await readOrNothing(join(web, 'dist/console/index.html'))
  if (index !== undefined && (await readOrNothing(stampFile)) === hash) return
  say('Building the console…')
  const started = performance.now()
  await build()
  await writeFile(stampFile, hash)
  say(`Console built in ${((performance.now() - started) / 1000).toFixed(1)} s.`)
}

async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256')
  const files: string[] = []
  for await (const entry of glob(sources, { cwd: root, withFileTypes: true })) {
    if (entry.isFile()) files.push(join(entry.parentPath, entry.name))
  }
  for (const file of files.sort()) hash.update(file.slice(root.length)).update(await readFile(file))
  return hash.digest('hex')
}

async function build(): Promise<void> {
  const vite = join(root, 'node_modules/vite/bin/vite.js')
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: web,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error('The console could not be built; the reason is above')
}

async function readOrNothing(file: string): Promise<string | undefined> {
  return await readFile(file, 'utf8').catch(() => undefined)
}

if (import.meta.main) await buildConsoleWhenStale((text) => console.error(text))
