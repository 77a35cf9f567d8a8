import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** Titles of all tests beside this one, which names nothing of its own. */
async function titles(): Promise<readonly string[]> {
  const files = (await readdir(import.meta.dirname)).filter((file) => file.endsWith('.test.ts'))
  const texts = await Promise.all(files.map((file) => readFile(join(import.meta.dirname, file), 'utf8')))
  return texts.flatMap((text) =>
    [...text.matchAll(/^test\(\s*['"]([^\n]+)['"],/gm)].map(([, title = '']) => title),
  )
}

const numbered = (letter: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `${letter}${String(index + 1).padStart(2, '0')}`)

test('each of the 47 conformance checks is the title of a test', async () => {
  const found = new Set((await titles()).map((title) => title.slice(0, 3)))
  expect(numbered('C', 47).filter((check) => !found.has(check))).toEqual([])
})

test('each of the 20 open questions is the title of a test', async () => {
  const found = new Set((await titles()).map((title) => title.slice(0, 3)))
  expect(numbered('Q', 20).filter((question) => !found.has(question))).toEqual([])
})
