import { appendFileSync, closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { capLogFile } from '@apportion/server/platform/postgres/log-file'
import { expect, test } from 'vitest'
import { temporaryFolder } from './postgres-scene.ts'

test('a log within its cap is left alone', () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'postgres.log')
  appendFileSync(path, 'x'.repeat(10))
  using _cap = capLogFile(path, 10)
  expect(readFileSync(path, 'utf8')).toHaveLength(10)
  expect(existsSync(`${path}.1`)).toBe(false)
})

test('a log past its cap is kept as the older one, and who has it open goes on writing at the start', () => {
  using folder = temporaryFolder()
  const path = join(folder.path, 'postgres.log')
  const open = openSync(path, 'a')
  writeSync(open, 'x'.repeat(11))
  using _cap = capLogFile(path, 10)
  writeSync(open, 'next')
  closeSync(open)
  expect(readFileSync(path, 'utf8')).toBe('next')
  expect(readFileSync(`${path}.1`, 'utf8')).toHaveLength(11)
})

test('a log that does not exist yet is no trouble', () => {
  using folder = temporaryFolder()
  using _cap = capLogFile(join(folder.path, 'postgres.log'))
})
