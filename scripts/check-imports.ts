/**
 * Checks who imports whom (docs/architecture.md, "Parts"): between packages, between the server's features, between
 * the folders of core. Names each import that breaks a rule and exits 1.
 *
 *     node scripts/check-imports.ts [folder]      the folder of another checkout; default: this one
 */
import { glob, readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { type SourceFile, violationsIn } from './import-rules.ts'

const root = process.argv[2] ?? join(import.meta.dirname, '..')
const patterns = [
  'packages/*/{src,test}/**/*.{ts,tsx}',
  'tests/**/*.{ts,tsx}',
  'bench/**/*.ts',
  'scripts/**/*.ts',
  'tools/*/src/**/*.ts',
]

const files: SourceFile[] = []
for await (const path of glob(patterns, { cwd: root, exclude: (name) => name === 'node_modules' })) {
  files.push({ path: path.replaceAll(sep, '/'), text: await readFile(join(root, path), 'utf8') })
}
const violations = violationsIn(files)
for (const { file, imported, rule } of violations) console.error(`${file}: imports ${imported}; ${rule}`)
console.log(`${files.length} files, ${violations.length} imports against the rules`)
// A check that looked at nothing proves nothing.
if (violations.length > 0 || files.length === 0) process.exitCode = 1
