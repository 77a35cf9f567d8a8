/**
 * `npm run bench`: measures the product against the least that is possible.
 *
 *     npm run bench                             every bench, and writes the tables in bench/README.md
 *     npm run bench -- requests                 one bench
 *     npm run bench -- requests --json          one JSON object a line for each case; writes nothing
 *     npm run bench -- sync --size small        seconds instead of minutes; writes nothing
 */
import { readFile, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { benches, type Size } from './benches.ts'
import { type BenchCase, jsonLine, markdownTable, replaceSection, tableRows, textTable } from './report.ts'

const readme = join(import.meta.dirname, 'README.md')

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    size: { type: 'string', default: 'full' },
  },
})
process.exitCode = await main(positionals, values)

interface Options {
  readonly json: boolean
  readonly size: string
}

async function main(names: readonly string[], { json, size }: Options): Promise<number> {
  const unknown = names.filter((name) => !Object.hasOwn(benches, name))
  if (unknown.length > 0 || !isSize(size)) {
    const given = unknown.length > 0 ? `no bench ${unknown.join(', ')}` : `no size ${size}`
    console.error(
      `There is ${given}; give any of ${Object.keys(benches).join(', ')}, and --size small or full`,
    )
    return 2
  }
  for (const [name, bench] of Object.entries(benches)) {
    if (names.length > 0 && !names.includes(name)) continue
    if (!json) console.log(`\n${name}: ${bench.about}`)
    const cases: BenchCase[] = []
    for await (const one of bench.cases(size)) {
      cases.push(one)
      console.log(json ? jsonLine(one) : `  ${one.case}: ${one.ratio.toFixed(2)}`)
    }
    if (json) continue
    console.log(`\n${textTable(tableRows(cases))}`)
    if (size === 'full') await record(name, cases)
  }
  return 0
}

function isSize(text: string): text is Size {
  return text === 'small' || text === 'full'
}

async function record(name: string, cases: readonly BenchCase[]): Promise<void> {
  const [first] = cpus()
  const machine = `${cpus().length} × ${first?.model.trim() ?? 'unknown processor'}, Node ${process.versions.node}`
  const text = `${new Date().toISOString().slice(0, 10)}, ${machine}\n\n${markdownTable(tableRows(cases))}`
  await writeFile(readme, replaceSection(await readFile(readme, 'utf8'), name, text))
}
