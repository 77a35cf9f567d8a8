/**
 * `npm test`: every check, the fastest first, until one fails.
 *
 *     npm test                     everything
 *     npm test -- unit stories     these steps only
 *     npm test -- --all            goes on after a failure
 *
 * Ends with one line, "N passed, N failed": tests, and one for each check that is no test.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'

const root = join(import.meta.dirname, '..')
const require = createRequire(import.meta.url)

interface Step {
  readonly name: string
  run(): Promise<Tally>
}

interface Tally {
  readonly passed: number
  readonly failed: number
}

const steps: readonly Step[] = [
  check('format', binary('@biomejs/biome', 'biome'), 'check', '--error-on-warnings', '.'),
  check('lint', binary('oxlint', 'oxlint'), '--type-aware', '--quiet', '.'),
  check('types', binary('typescript', 'tsc'), '-p', '.'),
  check('types-web', binary('typescript', 'tsc'), '-p', 'packages/web'),
  check('imports', 'scripts/check-imports.ts'),
  check('links', 'scripts/check-links.ts'),
  check('lockfile', 'scripts/complete-lockfile.ts', '--check'),
  suite('unit'),
  suite('simulator'),
  check('openapi', 'scripts/build-openapi.ts', '--check'),
  check('schema', 'scripts/dump-schema.ts', '--check'),
  suite('server'),
  suite('stories'),
  check('console', 'scripts/build-console.ts'),
  suite('browser'),
]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { all: { type: 'boolean', default: false } },
})
process.exitCode = await main(positionals, values.all)

async function main(names: readonly string[], all: boolean): Promise<number> {
  const unknown = names.filter((name) => steps.every((step) => step.name !== name))
  if (unknown.length > 0) {
    console.error(
      `There is no step ${unknown.join(', ')}; give some of ${steps.map((step) => step.name).join(', ')}`,
    )
    return 2
  }
  const chosen = steps.filter((step) => names.length === 0 || names.includes(step.name))
  const total = { passed: 0, failed: 0 }
  const failed: string[] = []
  for (const step of chosen) {
    console.log(`\n── ${step.name}`)
    const started = performance.now()
    const tally = await step.run()
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    console.log(`── ${step.name}: ${tally.failed === 0 ? 'passed' : 'FAILED'} in ${seconds} s`)
    total.passed += tally.passed
    total.failed += tally.failed
    if (tally.failed > 0) failed.push(step.name)
    if (failed.length > 0 && !all) break
  }
  if (failed.length > 0) console.log(`\nFailed: ${failed.join(', ')}`)
  console.log(`\n${total.passed} passed, ${total.failed} failed`)
  return failed.length === 0 ? 0 : 1
}

/** A program that passes when it exits with 0. */
function check(name: string, program: string, ...args: readonly string[]): Step {
  return {
    name,
    run: async () =>
      (await runNode([program, ...args])) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 },
  }
}

/** A project of vitest.config.ts. */
function suite(name: string): Step {
  return {
    name,
    async run() {
      const folder = await mkdtemp(join(tmpdir(), 'apportion-test-'))
      try {
        const report = join(folder, 'report.json')
        const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
        const code = await runNode([binary('vitest', 'vitest'), 'run', '--project', name, ...reporters])
        return tallyOf(code, await readFile(report, 'utf8').catch(() => ''))
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
  }
}

/** Counts of vitest's report. A run that failed without a failing test, such as a file that does not load, counts as one. */
function tallyOf(code: number, report: string): Tally {
  const { numPassedTests: passed = 0, numFailedTests: failed = 0 } = report === '' ? {} : JSON.parse(report)
  return { passed, failed: code !== 0 && failed === 0 ? 1 : failed }
}

async function runNode(args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' })
  const [code] = await once(child, 'exit')
  return typeof code === 'number' ? code : 1
}

/** The file of a package's command, so that it runs with this Node on every system. */
function binary(packageName: string, command: string): string {
  const manifest = require.resolve(`${packageName}/package.json`)
  const { bin } = require(manifest)
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[command])
}
