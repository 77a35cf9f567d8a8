/**
 * What `npm start`, `npm test` and the others go through: installs the dependencies when they are missing or out of
 * date, finds the Node that the project comes with, and runs the named program with it.
 *
 * Plain JavaScript without dependencies, since it runs before there are any, with any Node from 18 on.
 */
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..')
const at = (...parts) => path.join(root, ...parts)

const programs = {
  start: 'scripts/start.ts',
  demo: 'scripts/demo.ts',
  test: 'scripts/test.ts',
  bench: 'bench/main.ts',
  apportion: 'packages/cli/src/main.ts',
}

const oldestNode = 20
const stampFile = at('node_modules', '.apportion-installed')

/** A failure whose message says in one sentence what to do. */
class Advice extends Error {}

try {
  const [name, ...args] = process.argv.slice(2)
  const program = Object.hasOwn(programs, name ?? '') ? programs[name] : undefined
  if (program === undefined) {
    throw new Advice(`There is no program "${name}"; give one of ${Object.keys(programs).join(', ')}.`)
  }
  checkNode()
  if (!isInstalled()) await alone(install)
  run(findNode(), [at(program), ...args])
} catch (error) {
  if (!(error instanceof Advice)) throw error
  say(error.message)
  process.exitCode = 1
}

function say(text) {
  // To stderr, so that a program's own output can be read by another program.
  process.stderr.write(`${text}\n`)
}

function checkNode() {
  const major = Number(process.versions.node.split('.')[0])
  if (major >= oldestNode) return
  throw new Advice(
    `Apportion needs Node ${oldestNode} or later to begin with, and this is ${process.versions.node}; install a current one from https://nodejs.org.`,
  )
}

// Dependencies ------------------------------------------------------------------------------------------------

/** Whether node_modules holds what package-lock.json asks for. */
function isInstalled() {
  const stamp = stampOfLockfile()
  if (read(stampFile) === stamp) return true
  if (!matchesLockfile()) return false
  fs.writeFileSync(stampFile, stamp)
  return true
}

/** Differs when the lockfile changed or the folder came from another kind of machine. */
function stampOfLockfile() {
  const lockfile = read(at('package-lock.json'))
  if (lockfile === undefined)
    throw new Advice(`${at('package-lock.json')} is missing; check the project out again.`)
  const hash = createHash('sha256').update(lockfile).digest('hex')
  return `${hash} ${process.platform} ${process.arch}\n`
}

/** Whether npm's own record of what it installed agrees, as after an `npm install` by hand. */
function matchesLockfile() {
  const recorded = read(at('node_modules', '.package-lock.json'))
  if (recorded === undefined) return false
  const installed = JSON.parse(recorded).packages
  const wanted = JSON.parse(read(at('package-lock.json')) ?? '{}').packages
  return Object.entries(wanted).every(([place, { version, optional, devOptional }]) => {
    if (!place.includes('node_modules/')) return true
    const found = installed[place]
    return found === undefined ? Boolean(optional || devOptional) : found.version === version
  })
}

function install() {
  // Another one may have installed them while this one waited for the lock.
  if (isInstalled()) return
  say('Installing dependencies: needed once, and again when they change (npm ci)…')
  const started = Date.now()
  const code = npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'])
  if (code !== 0) {
    throw new Advice(
      `The dependencies could not be installed (npm's reason is above); check that this machine reaches the npm registry (npm ping) and has free disk space, then run the same command again.`,
    )
  }
  fs.writeFileSync(stampFile, stampOfLockfile())
  say(`Dependencies installed in ${Math.round((Date.now() - started) / 1000)} s.`)
}

/** Runs npm with the Node that npm itself was started with, and gives its exit code. */
function npm(args) {
  const script = process.env.npm_execpath
  const node = process.env.npm_node_execpath ?? process.execPath
  // Inside `npm run` this folder comes first in PATH; while it is replaced, nothing of it may be used.
  const bin = at('node_modules', '.bin')
  const searched = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== bin)
  const env = { ...process.env, PATH: searched.join(path.delimiter) }
  const options = { cwd: root, env, stdio: ['ignore', 2, 2] }
  const usesScript = script?.endsWith('.js') && fs.existsSync(script) && fs.existsSync(node)
  const done = usesScript
    ? spawnSync(node, [script, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' })
  if (done.error !== undefined) {
    throw new Advice(
      `npm could not be run (${done.error.message}); install Node with npm from https://nodejs.org.`,
    )
  }
  return done.status ?? 1
}

/** Runs one installation at a time: a second command waits until the first has finished. */
async function alone(work) {
  const file = at('.state', 'install.lock')
  fs.mkdirSync(path.dirname(file), { recursive: true })
  for (let told = false; !take(file); told = true) {
    if (!told) say('Waiting for another command that installs the dependencies…')
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  try {
    work()
  } finally {
    fs.rmSync(file, { force: true })
  }
}

function take(file) {
  try {
    fs.writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST')
      throw new Advice(`${file} could not be written (${error.message}); make it writable.`)
    const owner = Number(read(file))
    // Left behind by a command that was killed. An empty file is just being written.
    if (owner > 0 && !isAlive(owner)) fs.rmSync(file, { force: true })
    return false
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

// Node --------------------------------------------------------------------------------------------------------

/** The path of a Node that can run the project: its own, or else the present one when it is new enough. */
function findNode() {
  const wanted = JSON.parse(read(at('package.json')) ?? '{}').devDependencies.node
  const own = at('node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (versionOf(own) === `v${wanted}`) return own
  const major = wanted.split('.')[0]
  if (isMusl()) return presentNode(major, own)
  say(`Fetching Node ${wanted}, which the project runs with…`)
  npm(['rebuild', 'node', '--loglevel=error'])
  if (versionOf(own) === `v${wanted}`) return own
  const fetched = fetchNode(wanted)
  if (versionOf(fetched) === `v${wanted}`) return fetched
  return presentNode(major, own)
}

/** Node's binary from its own package, in a folder of ours; for machines where npm runs no install scripts. */
function fetchNode(version) {
  const platform = process.platform === 'win32' ? 'win' : process.platform
  const prefix = process.platform === 'darwin' && process.arch === 'arm64' ? 'node-bin' : 'node'
  const name = `${prefix}-${platform}-${process.arch}`
  const folder = at('.state', 'node')
  const binary = path.join(folder, 'node_modules', name, 'bin', platform === 'win' ? 'node.exe' : 'node')
  if (versionOf(binary) === `v${version}`) return binary
  fs.mkdirSync(folder, { recursive: true })
  fs.writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n')
  npm([
    'install',
    '--prefix',
    folder,
    '--no-save',
    '--no-package-lock',
    '--loglevel=error',
    `${name}@${version}`,
  ])
  return binary
}

function presentNode(major, own) {
  if (process.versions.node.split('.')[0] === major && process.execPath !== own) {
    // A binary that does not run here would be found first by everything that npm starts.
    fs.rmSync(at('node_modules', '.bin', 'node'), { force: true })
    return process.execPath
  }
  const reason = isMusl() ? 'has no build for this system (musl, as on Alpine Linux)' : 'could not be fetched'
  throw new Advice(
    `Node ${major} ${reason}; install Node ${major} yourself, then run the same command again.`,
  )
}

function isMusl() {
  return process.platform === 'linux' && process.report.getReport().header.glibcVersionRuntime === undefined
}

function versionOf(binary) {
  const done = spawnSync(binary, ['--version'], { encoding: 'utf8' })
  return done.status === 0 ? done.stdout.trim() : undefined
}

// Running -----------------------------------------------------------------------------------------------------

/** Runs a program to its end; signals go to it, and its exit code or signal becomes ours. */
function run(node, args) {
  const folders = [path.dirname(node), at('node_modules', '.bin'), process.env.PATH]
  const env = { ...process.env, PATH: folders.join(path.delimiter) }
  const child = spawn(node, args, { stdio: 'inherit', env })
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  const pass = (signal) => child.kill(signal)
  for (const signal of signals) process.on(signal, pass)
  child.on('error', (error) => {
    say(`${node} could not be run: ${error.message}`)
    process.exitCode = 1
  })
  child.on('exit', (code, signal) => {
    for (const each of signals) process.off(each, pass)
    if (signal === null) process.exitCode = code ?? 1
    else process.kill(process.pid, signal)
  })
}
