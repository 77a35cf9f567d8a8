import { readFileSync } from 'node:fs'
import { databaseFailureCodes } from '@apportion/server/platform/db/failure'
import { expect, test } from 'vitest'

const manual = readFileSync(new URL('../../../../docs/operate/database.md', import.meta.url), 'utf8')

for (const code of databaseFailureCodes) {
  test(`the manual says what to do about ${code}`, () => {
    expect(manual).toContain(`\`${code}\``)
  })
}
