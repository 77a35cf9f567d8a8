/** The guide's table of what devices refuse is the catalog's (D7). */
import { readFile } from 'node:fs/promises'
import { presentFailures } from '@apportion/server/installs/present'
import { expect, test } from 'vitest'

test('the guide has every failure with its numbers, and no other', async () => {
  const guide = await readFile(new URL('../../../../docs/guide/devices.md', import.meta.url), 'utf8')
  const [, table = ''] = guide.split('| what | Apple’s numbers | Intune’s |'.replaceAll('’', "'"))
  const rows = presentFailures().items.map(
    ({ text, appleNumbers, intuneNumbers }) =>
      `| ${text} | ${appleNumbers.join(', ') || '–'} | ${intuneNumbers.join(', ') || '–'} |`,
  )
  expect(table.trim().split('\n').slice(1)).toEqual(rows)
})
