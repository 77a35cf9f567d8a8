import { describe, expect, test } from 'vitest'
import { importsOf, violationsIn } from './import-rules.ts'

const broken = (path: string, imported: string): string | undefined =>
  violationsIn([{ path, text: `import { it } from '${imported}'\n` }])[0]?.rule

describe('an import against the rules is found', () => {
  const cases: [file: string, imported: string, rule: string][] = [
    ['packages/core/src/tokens/a.ts', '@apportion/apple-wire/dates', 'core may import nothing of ours'],
    ['packages/apple-sim/src/a.ts', '@apportion/apps-books/client', 'apple-sim may import only apple-wire'],
    ['packages/apple-sim/test/a.test.ts', '@apportion/server/server', 'apple-sim may import only apple-wire'],
    ['packages/web/src/console/a.tsx', '@apportion/server/errors', 'web may import only core, api-client'],
    ['packages/cli/src/a.ts', '@apportion/core/licenses/packing', 'cli may import only api-client'],
    ['packages/server/src/tokens/a.ts', '@apportion/apple-sim/apple-sim', 'server may import only core'],
    [
      'packages/server/src/tokens/a.ts',
      '../../../core/src/tokens/b.ts',
      'imported by its name, @apportion/core',
    ],
    ['packages/server/src/tokens/a.ts', '../licenses/b.ts', 'tokens comes before licenses'],
    ['packages/server/src/platform/db/a.ts', '../../audit/b.ts', 'platform comes before audit'],
    ['packages/server/src/gadgets/a.ts', '../platform/b.ts', 'gadgets has no place in the order'],
    ['packages/server/src/tokens/a.ts', '../server.ts', 'never the other way round'],
    ['packages/core/src/licenses/a.ts', '../assignments/b.ts', 'licenses comes before assignments'],
    ['packages/server/src/tokens/a.ts', '@apportion/server/licenses/b', 'tokens comes before licenses'],
    ['scripts/a.ts', '../packages/server/src/server.ts', 'imported by its name, @apportion/server'],
    ['packages/unheard-of/src/a.ts', '@apportion/core/tokens/b', 'not in the table of packages'],
  ]
  test.each(cases)('%s imports %s', (file, imported, rule) => {
    expect(broken(file, imported)).toContain(rule)
  })
})

describe('an import within the rules is not', () => {
  const cases: [file: string, imported: string][] = [
    ['packages/server/src/tokens/a.ts', 'zod'],
    ['packages/server/src/tokens/a.ts', './b.ts'],
    ['packages/server/src/licenses/a.ts', '../tokens/b.ts'],
    ['packages/server/src/tokens/a.ts', '../feature.ts'],
    ['packages/server/src/pipeline.ts', './tokens/b.ts'],
    ['packages/server/src/licenses/a.ts', '@apportion/core/licenses/packing'],
    ['packages/server/test/tokens/a.test.ts', '@apportion/apple-sim/apple-sim'],
    ['packages/core/src/assignments/a.ts', '../licenses/b.ts'],
    ['tests/stories/a.test.ts', '../../packages/server/test/support/test-database.ts'],
    ['bench/a.ts', '@apportion/server/server'],
  ]
  test.each(cases)('%s imports %s', (file, imported) => {
    expect(broken(file, imported)).toBeUndefined()
  })
})

test('imports are found in every form, and not in comments', () => {
  const text = [
    `import a from 'one'`,
    `import type { B } from "two"`,
    'import {',
    '  c,',
    `} from 'three'`,
    `import 'four'`,
    `export { d } from 'five'`,
    `const e = await import('six')`,
    ` * import f from 'seven'`,
  ].join('\n')
  expect([...importsOf(text)].sort()).toEqual(['five', 'four', 'one', 'six', 'three', 'two'])
})
