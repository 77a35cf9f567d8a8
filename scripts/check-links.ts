/** Checks that links between the project's documents lead somewhere. Names each that does not and exits 1. */
import { existsSync } from 'node:fs'
import { glob, readFile } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { brokenLinks } from './links.ts'

const root = join(import.meta.dirname, '..')
const documents = new Map<string, string>()
const patterns = ['*.md', '{docs,packages,bench,tests,tools}/**/*.md']
const skipped = new Set(['node_modules', 'dist', '.state'])
for await (const path of glob(patterns, { cwd: root, exclude: (name) => skipped.has(name) })) {
  documents.set(path.replaceAll(sep, '/'), await readFile(join(root, path), 'utf8'))
}
const broken = brokenLinks(documents, (path) => existsSync(join(root, path)))
for (const { file, link, reason } of broken) console.error(`${file}: ${link} (${reason})`)
console.log(`${documents.size} documents, ${broken.length} broken links`)
if (broken.length > 0 || documents.size === 0) process.exitCode = 1
