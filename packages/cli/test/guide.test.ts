import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { generateHelpTextForAllCommands } from '@stricli/core'
import { expect, test } from 'vitest'
import { commandLineApp } from '../src/app.ts'
import { exitCode } from '../src/exit-codes.ts'

const guide = await readFile(join(import.meta.dirname, '../../../docs/guide/command-line.md'), 'utf8')
// Help runs nothing, so it does not matter what commands run in.
const app = commandLineApp('0') as unknown as Parameters<typeof generateHelpTextForAllCommands>[0]
const commands = generateHelpTextForAllCommands(app).map(([route, help]) => ({
  route: route.replace(/^apportion /, ''),
  help,
}))
/** Routes that have a command of their own, with that command. */
const byDefault = commands.flatMap(({ route }) =>
  route.endsWith(' list') || route === 'plan assign' ? [[route.split(' ')[0] ?? '', route] as const] : [],
)
const names = commands.map(({ route }) => route)

test('the guide names every command in a table, and no other', () => {
  const named = [...guide.matchAll(/^\| `apportion ([a-z -]+)` \|/gm)].map(([, name]) => name)
  const withoutTable = ['completion']
  expect(new Set([...named, ...withoutTable])).toEqual(new Set(names))
})

test('the guide has an example of every command', () => {
  const examples = [...guide.matchAll(/^apportion (.+)$/gm)].map(([, line]) => line ?? '')
  const missing = names.filter((name) => {
    const short = byDefault.find(([, command]) => command === name)?.[0] ?? name
    return !examples.some((line) => line.startsWith(name) || line === short || line.startsWith(`${short} -`))
  })
  expect(missing).toEqual([])
})

test('every flag in the guide is one that its command has', () => {
  const wrong: string[] = []
  for (const [, line = ''] of guide.matchAll(/^apportion ([^#\n]+)/gm)) {
    const words = line.split(/[<>|]/, 1)[0]?.trim() ?? ''
    const command = commands
      .filter(({ route }) => words === route || words.startsWith(`${route} `))
      .sort((a, b) => b.route.length - a.route.length)[0]
    const [, meant] = byDefault.find(([short]) => short === words.split(' ')[0]) ?? []
    const own = command ?? commands.find(({ route }) => route === meant)
    for (const [flag] of words.matchAll(/--[a-z-]+/g)) {
      if (!own?.help.includes(flag)) wrong.push(`${flag} in: apportion ${line}`)
    }
  }
  expect(wrong).toEqual([])
})

test('the guide explains every exit code', () => {
  const explained = [...guide.matchAll(/^\| (\d) \|/gm)].map(([, code]) => Number(code))
  expect(explained).toEqual(Object.values(exitCode))
})
