import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AppleSim, startAppleSim } from '@apportion/apple-sim/apple-sim'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { packClient } from './pack-client.ts'

const source = join(import.meta.dirname, '../packages/apps-books')
const readme = await readFile(join(source, 'README.md'), 'utf8')
const manifest = JSON.parse(await readFile(join(source, 'package.json'), 'utf8')) as {
  readonly exports: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
}
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'packed-'))
  await packClient(join(folder, 'node_modules/@apportion'))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

test('the example of the README has ten lines and runs in plain Node from the packed package', async () => {
  const [, example = ''] = /```js\n([\s\S]*?)```/.exec(readme) ?? []
  const statements = example.split('\n').filter((line) => line !== '' && !line.startsWith('import '))
  expect(statements.length).toBeLessThanOrEqual(10)
  await using apple = await startAppleSim()
  const location = apple.world.addLocation({ name: 'Utrecht', organizationName: 'Meridian College' })
  location.own({ adamId: '900001', total: 7 })
  await writeFile(join(folder, 'token.vpptoken'), location.mintToken().file)
  await writeFile(join(folder, 'example.mjs'), example)
  await writeFile(join(folder, 'apple.mjs'), appleAt(apple))
  const { output, code } = await runNode(['--import', './apple.mjs', 'example.mjs', 'token.vpptoken'])
  expect([output, code]).toEqual(['900001 7\nPENDING\n', 0])
  await apple.world.settle({ jump: true })
  expect([...location.assignments()]).toMatchObject([{ adamId: '900001', serialNumber: 'SAMPLE0001' }])
})

test('the packed package has no TypeScript source and nothing to install but apple-wire', async () => {
  const files = await readdir(join(folder, 'node_modules/@apportion'), { recursive: true })
  expect(files.filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))).toEqual([])
  expect(Object.keys(manifest.dependencies)).toEqual(['@apportion/apple-wire'])
})

test('every module of the exports map can be imported, and the README names it', async () => {
  const modules = Object.keys(manifest.exports).map((name) => name.slice(2))
  const imports = modules.map((name) => `await import('@apportion/apps-books/${name}')`)
  await writeFile(join(folder, 'all.mjs'), `${imports.join('\n')}\nconsole.log('imported')\n`)
  expect(await runNode(['all.mjs'])).toEqual({ output: 'imported\n', code: 0 })
  const named = [...readme.matchAll(/^\| `([a-z-]+)` +\|/gm)].map(([, name]) => name)
  expect(named.slice(0, modules.length)).toEqual(modules)
})

/** Lets the example's addresses of Apple lead to the simulator, in both directions. */
const appleAt = ({ origin }: AppleSim): string => `
const apple = 'https://vpp.itunes.apple.com'
const { fetch } = globalThis
globalThis.fetch = async (input, init) => {
  const response = await fetch(String(input).replace(apple, '${origin}'), init)
  const { status, headers } = response
  const text = (await response.text()).replaceAll('${origin}', apple)
  return new Response(text, { status, headers: { 'content-type': headers.get('content-type') ?? '' } })
}
`

/** Node without its support for TypeScript, as Node 20 is. */
async function runNode(args: readonly string[]): Promise<{ output: string; code: unknown }> {
  const child = spawn(process.execPath, ['--no-experimental-strip-types', ...args], { cwd: folder })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (output += String(part)))
  const [code]: unknown[] = await once(child, 'close')
  return { output, code }
}
