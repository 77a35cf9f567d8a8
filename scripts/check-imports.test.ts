import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'

const program = join(import.meta.dirname, 'check-imports.ts')
let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'check-imports-'))
})

afterEach(() => rm(folder, { recursive: true, force: true }))

async function check(files: Record<string, string>): Promise<{ code: number; output: string }> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), text)
  }
  return await promisify(execFile)(process.execPath, [program, folder]).then(
    ({ stdout, stderr }) => ({ code: 0, output: stdout + stderr }),
    ({ code, stdout, stderr }) => ({ code, output: stdout + stderr }),
  )
}

const good = { 'packages/server/src/licenses/good.ts': `import { it } from '../tokens/it.ts'\n` }

test('a checkout within the rules passes', async () => {
  expect(await check(good)).toEqual({ code: 0, output: '1 files, 0 imports against the rules\n' })
})

test('a made-up violation fails, and file, import and rule are named', async () => {
  const bad = { 'packages/server/src/tokens/bad.ts': `import { it } from '../licenses/it.ts'\n` }
  const { code, output } = await check({ ...good, ...bad })
  expect(code).toBe(1)
  expect(output).toContain(
    'packages/server/src/tokens/bad.ts: imports ../licenses/it.ts; tokens comes before licenses',
  )
})

test('a folder without sources fails', async () => {
  expect((await check({})).code).toBe(1)
})
