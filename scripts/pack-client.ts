/**
 * Packs apps-books and apple-wire as they would be published: JavaScript with types, without TypeScript sources.
 *
 *     node scripts/pack-client.ts <folder>      writes <folder>/apps-books and <folder>/apple-wire
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'

const root = join(import.meta.dirname, '..')
const packages = ['apple-wire', 'apps-books'] as const

/** Writes both packages below `folder`, which is made when it is missing. Throws with the compiler's words. */
export async function packClient(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  await compile(folder)
  for (const name of packages) {
    const source = join(root, 'packages', name)
    const target = join(folder, name)
    const manifest: unknown = JSON.parse(await readFile(join(source, 'package.json'), 'utf8'))
    await writeFile(join(target, 'package.json'), `${JSON.stringify(published(manifest), null, 2)}\n`)
    await cp(join(source, 'README.md'), join(target, 'README.md'))
    await cp(join(root, 'LICENSE'), join(target, 'LICENSE'))
  }
  await cp(join(root, 'packages/apple-wire/fixtures'), join(folder, 'apple-wire/fixtures'), {
    recursive: true,
  })
}

/** The configuration stands beside the sources, since the compiler resolves packages from there. */
async function compile(folder: string): Promise<void> {
  const temporary = await mkdtemp(join(root, 'packages', '.pack-'))
  try {
    const project = join(temporary, 'tsconfig.json')
    await writeFile(
      project,
      JSON.stringify({
        extends: '../../tsconfig.json',
        compilerOptions: {
          noEmit: false,
          declaration: true,
          target: 'es2023',
          rootDir: '..',
          outDir: resolve(folder),
        },
        include: packages.map((name) => `../${name}/src/**/*.ts`),
      }),
    )
    await run([binary('typescript', 'tsc'), '-p', project])
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}

/** The manifest with its exports on what was compiled. */
function published(manifest: unknown): Record<string, unknown> {
  const { private: _, ...fields } = manifest as Record<string, unknown>
  const exports = Object.entries(fields.exports as Record<string, string>).map(([name, path]) => [
    name,
    path.endsWith('.ts')
      ? { types: path.replace(/\.ts$/, '.d.ts'), default: path.replace(/\.ts$/, '.js') }
      : path,
  ])
  return { ...fields, engines: { node: '>=20' }, exports: Object.fromEntries(exports) }
}

async function run(command: readonly string[]): Promise<void> {
  const child = spawn(process.execPath, command, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (output += String(part)))
  const [code]: unknown[] = await once(child, 'close')
  if (code !== 0) throw new Error(`The packages could not be compiled:\n${output}`)
}

function binary(name: string, command: string): string {
  const require = createRequire(import.meta.url)
  const manifest = require.resolve(`${name}/package.json`)
  const { bin } = require(manifest) as { bin: string | Record<string, string> }
  return join(dirname(manifest), typeof bin === 'string' ? bin : (bin[command] ?? ''))
}

if (process.argv[1] === import.meta.filename) {
  const [folder] = process.argv.slice(2)
  if (folder === undefined)
    throw new Error('Give the folder to pack into: node scripts/pack-client.ts <folder>')
  await packClient(folder)
  console.log(`Packed into ${resolve(folder)}`)
}
