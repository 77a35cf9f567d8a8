/** The examples of docs/guide/import.md are files that import as they stand. */
import { readFileSync } from 'node:fs'
import { columnsOf, importKinds } from '@apportion/core/directory/import-columns'
import { expect, test } from 'vitest'
import { openDirectory } from './directory-scene.ts'

const guide = readFileSync(new URL('../../../../docs/guide/import.md', import.meta.url), 'utf8')

test('every example of the guide imports without a bad row or an unknown column, in the order of the guide', async () => {
  const examples = [...guide.matchAll(/```csv (\w+)\n(.*?)```/gs)].map(([, kind = '', file = '']) => ({
    kind,
    file,
  }))
  await using scene = await openDirectory()
  // Groups and users before the devices that name them, members once there are devices.
  const byKind = (kind: string) => examples.filter((example) => example.kind === kind)
  const [groups, members] = byKind('groups')
  const ordered = [groups, ...byKind('users'), ...byKind('devices'), members].filter(
    (each) => each !== undefined,
  )
  expect(ordered).toHaveLength(examples.length)
  for (const { kind, file } of ordered) {
    const { json } = await scene.importFile(kind, file)
    expect(json).toMatchObject({ kept: true, rejected: 0, rejections: [] })
  }
})

test('the guide has a row for every column', () => {
  for (const kind of importKinds) {
    const section =
      guide.split(`\n## ${kind[0]?.toUpperCase()}${kind.slice(1)}\n`)[1]?.split('\n## ')[0] ?? ''
    const rows = [...section.matchAll(/^\| `(\w+)`/gm)].map(([, column]) => column)
    expect(rows).toEqual(columnsOf(kind))
  }
})
