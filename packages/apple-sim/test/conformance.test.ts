import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'

/** The tests in a folder. */
async function texts(folder: string): Promise<readonly string[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.test.ts'))
  return Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))
}

/** Titles of all tests beside this one, which names nothing of its own. */
async function titles(): Promise<readonly string[]> {
  const found = await texts(import.meta.dirname)
  return found.flatMap((text) =>
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

test('each check of devices is the title of a test, but of other servers', async () => {
  const found = (await texts(join(import.meta.dirname, 'devices'))).flatMap((text) =>
    [...text.matchAll(/(?:test|describe)\(\s*['"`]([^\n]+)/g)].flatMap(([, title = '']) =>
      [...title.matchAll(/\bS(\d+)\b/g)].map(([, number]) => Number(number)),
    ),
  )
  const left = new Set([30])
  const expected = Array.from({ length: 30 }, (_, index) => index + 1).filter((number) => !left.has(number))
  expect(expected.filter((number) => !found.includes(number))).toEqual([])
})
