import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const version = process.versions.node
const ownNode = { name: 'node', version, bin: { node: 'bin/node' } }
const root = {
  name: 'checkout',
  version: '1.0.0',
  workspaces: ['own-node'],
  devDependencies: { node: version },
}

/** A made-up checkout whose only dependency is "node", a workspace of its own, so that npm needs no network. */
let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'with-dependencies-'))
  await write('package.json', root)
  await write('package-lock.json', lockfile('1.0.0'))
  await write('own-node/package.json', ownNode)
  await mkdir(join(folder, 'own-node/bin'))
  await symlink(process.execPath, join(folder, 'own-node/bin/node'))
  await cp(join(import.meta.dirname, 'with-dependencies.mjs'), join(folder, 'scripts/with-dependencies.mjs'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

async function write(path: string, content: object | string): Promise<void> {
  const file = join(folder, path)
  await mkdir(join(file, '..'), { recursive: true })
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
}

/** As npm writes it; the checkout's own version makes two of them differ. */
function lockfile(checkout: string): object {
  return {
    name: 'checkout',
    version: checkout,
    lockfileVersion: 3,
    packages: {
      '': { ...root, version: checkout },
      'node_modules/node': { resolved: 'own-node', link: true },
      'own-node': ownNode,
    },
  }
}

/** Makes `apportion`, the simplest of the programs. */
const program = (text: string): Promise<void> => write('packages/cli/src/main.ts', text)

function start(...args: readonly string[]) {
  const child = spawn(process.execPath, [join(folder, 'scripts/with-dependencies.mjs'), ...args], {
    env: { ...process.env, npm_execpath: '', npm_config_offline: 'true' },
  })
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (text) => {
    stdout += text
  })
  child.stderr.on('data', (text) => {
    stderr += text
  })
  const ended = once(child, 'close').then(([code, signal]) => ({ code, signal, stdout, stderr }))
  return { child, ended, stdout: () => stdout }
}

const run = (...args: readonly string[]) => start(...args).ended

test('what is missing is installed, it is said, and the second time is quick and silent', async () => {
  await program(`console.log('ran', process.argv.slice(2).join(' '))`)
  const first = await run('apportion', 'apps', '--json')
  expect(first).toMatchObject({ code: 0, stdout: 'ran apps --json\n' })
  expect(first.stderr).toContain('Installing dependencies')
  expect(await run('apportion')).toEqual({ code: 0, signal: null, stdout: 'ran \n', stderr: '' })
})

test('a changed lockfile is installed again', async () => {
  await program('')
  await run('apportion')
  await write('package-lock.json', lockfile('1.0.1'))
  await write('node_modules/.package-lock.json', { packages: {} })
  expect((await run('apportion')).stderr).toContain('Installing dependencies')
})

test('what npm installed by hand to the same versions is left alone', async () => {
  await program('')
  await run('apportion')
  await rm(join(folder, 'node_modules/.apportion-installed'))
  expect(await run('apportion')).toMatchObject({ code: 0, stderr: '' })
})

test('two at once: one installs, the other waits', async () => {
  await program('')
  const both = await Promise.all([run('apportion'), run('apportion')])
  expect(both.map(({ code }) => code)).toEqual([0, 0])
  expect(both.filter(({ stderr }) => stderr.includes('Dependencies installed'))).toHaveLength(1)
})

test('a lock left behind by a killed command does not block', async () => {
  await program('')
  await write('.state/install.lock', '4194305')
  expect((await run('apportion')).code).toBe(0)
})

test('when npm fails, one sentence says what to do, with exit code 1', async () => {
  await program('')
  await write('package-lock.json', '{ "name": "checkout", "lockfileVersion": 3, "packages": {} }')
  const { code, stderr } = await run('apportion')
  expect(code).toBe(1)
  expect(stderr).toContain('check that this machine reaches the npm registry (npm ping)')
})

test('the exit code of the program is the exit code of all', async () => {
  await program('process.exitCode = 7')
  expect((await run('apportion')).code).toBe(7)
})

test('signals reach the program, which may end in its own way', async () => {
  await program(`process.on('SIGTERM', () => { console.log('tidy'); process.exit(3) })
    setInterval(() => {}, 1000); console.log('up')`)
  const running = start('apportion')
  while (!running.stdout().includes('up')) await new Promise((resolve) => setTimeout(resolve, 50))
  running.child.kill('SIGTERM')
  expect(await running.ended).toMatchObject({ code: 3, stdout: 'up\ntidy\n' })
})

test('a program that dies of a signal takes the command with it', async () => {
  await program(`process.kill(process.pid, 'SIGKILL')`)
  expect(await run('apportion')).toMatchObject({ code: null, signal: 'SIGKILL' })
})

test('an unknown program is named together with those there are', async () => {
  const { code, stderr } = await run('strat')
  expect(code).toBe(1)
  expect(stderr).toBe('There is no program "strat"; give one of start, demo, test, bench, apportion.\n')
})

test('only syntax and modules that Node 18 has: it runs before the project has its own Node', async () => {
  const text = await readFile(join(import.meta.dirname, 'with-dependencies.mjs'), 'utf8')
  const imported = [...text.matchAll(/from '([^']+)'/g)].map((match) => match[1])
  expect(imported.every((name) => name?.startsWith('node:'))).toBe(true)
  expect(text).not.toMatch(
    /import\.meta\.(dirname|filename|main)|\busing\b|\.toSorted\(|Promise\.withResolvers/,
  )
})
